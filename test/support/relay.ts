// relay-compiler over the documents in test/contract/relay. It reads JavaScript modules, so each document becomes one
// in a folder of its own; the compiler's list of persisted documents holds what a Relay client sends.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { getOperationAST, parse } from 'graphql'

const documents = join(import.meta.dirname, '../contract/relay')
const compiler = createRequire(import.meta.url).resolve('relay-compiler/cli.js')

export interface Compiled {
  /** What a client sends, by the operation's name; the compiler adds `id` and `__typename` where it needs them. */
  readonly operations: Readonly<Record<string, string>>
  /** The files it wrote, a fragment or an operation each. */
  readonly artifacts: readonly string[]
}

/** Throws what the compiler says when it does not like the schema or a document. */
export async function compileWithRelay(sdl: string): Promise<Compiled> {
  const folder = await mkdtemp(join(tmpdir(), 'pitboss-relay-'))
  try {
    await writeFile(join(folder, 'schema.graphql'), sdl)
    for (const file of await readdir(documents)) {
      const text = await readFile(join(documents, file), 'utf8')
      await writeFile(join(folder, file.replace('.graphql', '.js')), `graphql\`${text}\`\n`)
    }
    const config = {
      src: '.',
      schema: 'schema.graphql',
      language: 'javascript',
      artifactDirectory: 'artifacts',
    }
    const persistConfig = { file: 'persisted.json', algorithm: 'SHA256' }
    await writeFile(join(folder, 'relay.config.json'), JSON.stringify({ ...config, persistConfig }))
    await writeFile(join(folder, 'persisted.json'), '{}')
    await mkdir(join(folder, 'artifacts'))
    await promisify(execFile)(process.execPath, [compiler, '--noWatchman', 'relay.config.json'], {
      cwd: folder,
    })
    const persisted = JSON.parse(await readFile(join(folder, 'persisted.json'), 'utf8')) as Record<
      string,
      string
    >
    const operations = Object.values(persisted).map((text) => [nameOf(text), text] as const)
    const artifacts = (await readdir(join(folder, 'artifacts'))).toSorted()
    return { operations: Object.fromEntries(operations), artifacts }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const nameOf = (text: string): string => getOperationAST(parse(text))?.name?.value ?? ''
