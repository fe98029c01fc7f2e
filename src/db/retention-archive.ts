import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Problem } from '../lib/problem.ts'
import type { Sql } from './connection.ts'

export interface ArchiveOptions {
  readonly folder: string
  readonly signal: AbortSignal
  /** A connection for the copy alone: the driver may leave it unusable after the last row (postgres.js 3.4.9). */
  readonly openCopy: () => Sql
}

export interface Archive {
  readonly file: string
  /** SHA-256 of the compressed file, in hex. */
  readonly digest: string
}

/**
 * Writes a detached partition to `<folder>/<name>.tsv.gz`, in COPY's text format under a line of column names, with
 * its SHA-256 beside it as `sha256sum --check` reads it. Both are on the disk, whole, when this resolves.
 */
export async function archivePartition(sql: Sql, name: string, options: ArchiveOptions): Promise<Archive> {
  const { folder } = options
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${name}.tsv.gz`)
  const partial = `${file}.${process.pid}.partial`
  try {
    const { digest, lines } = await writeCopy(name, partial, options)
    await refuseShort(sql, name, lines)
    if (await alreadyThere(file, digest)) return { file, digest }
    await writeWhole(`${file}.sha256`, `${digest}  ${basename(file)}\n`)
    await rename(partial, file)
    await syncFolder(folder)
    return { file, digest }
  } finally {
    await rm(partial, { force: true })
  }
}

async function writeCopy(name: string, path: string, { openCopy, signal }: ArchiveOptions) {
  const hash = createHash('sha256')
  let lines = 0
  async function* counting(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
      yield chunk
    }
  }
  const handle = await open(path, 'w')
  const sql = openCopy()
  async function writing(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      await handle.writeFile(chunk)
    }
  }
  try {
    const rows = await sql.unsafe(`copy ${name} to stdout (format text, header)`).readable()
    await pipeline(rows, counting, createGzip(), writing, { signal })
    await handle.sync()
  } finally {
    await sql.end({ timeout: 0 })
    await handle.close()
  }
  return { digest: hash.digest('hex'), lines }
}

/** In COPY's text format a row is a line, whatever it holds: a stream that ended early is noticed. */
async function refuseShort(sql: Sql, name: string, lines: number): Promise<void> {
  const [row] = await sql.unsafe<{ count: bigint }[]>(`select count(*) as count from ${name}`)
  if (BigInt(lines) === (row?.count ?? 0n) + 1n) return
  throw new Error(`the archive of ${name} has ${lines} lines for ${row?.count} rows`)
}

/** A run that was cut off after the archive wrote the same; anything else under this name is not ours to replace. */
async function alreadyThere(file: string, digest: string): Promise<boolean> {
  const found = await readFile(`${file}.sha256`, 'utf8').catch(() => undefined)
  const present = await open(file).catch(() => undefined)
  await present?.close()
  if (!present) return false
  if (found?.startsWith(digest)) return true
  throw new Problem('ARCHIVE_EXISTS', `${file} is there already and holds something else: move it away`)
}

async function writeWhole(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A new name in a folder is on the disk only when the folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
