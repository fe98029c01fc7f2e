import { createPublicKey } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { openDatabase } from '../../db/connection.ts'
import {
  type InvariantResult,
  type Progress,
  runInvariants,
  type RunOptions,
} from '../../domain/invariants/run-invariants.ts'
import { Problem } from '../../lib/problem.ts'
import { checkWritable } from '../check-writable.ts'
import { reportFailure } from '../failure.ts'
import { complain, print, printTable } from '../output.ts'
import { reachMigrated } from '../reach-database.ts'
import { readText } from '../read-text.ts'

interface Options {
  readonly json?: string
  readonly only?: string
  readonly seals?: string
  readonly publicKey?: readonly string[]
}

/** A part is bounded, but the sum over all accounts is one statement. */
const statementTimeoutMs = 6 * 3_600_000
const progressEveryMs = 2_000

export const verifyCommand = (): Command =>
  new Command('verify')
    .summary('check on a live database that the money and its records are true')
    .description(
      'Checks every invariant of money, journal, audit and seals, while bets go on: each part of a check is one ' +
        'statement and so sees one moment. Names the first broken rows. Exits with 0 when all hold, 1 when one is ' +
        'broken, 2 when something could not be checked. Changes nothing.',
    )
    .option('--only <ids>', 'only these, such as I3,I15')
    .option('--seals <folder>', 'compare the seals with those that were exported there')
    .option(
      '--public-key <files...>',
      'keys in PEM that the seals must be signed with, the old ones of a key that was changed too; without, only ' +
        'that each is signed with the key that it names',
    )
    .option('--json <file>', 'write the results there too')
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- verify --seals /mnt/elsewhere/seals --json verified.json',
    )
    .action(async (options: Options, command: Command) => {
      try {
        const results = await check(options)
        report(results, options.json)
        process.exitCode = exitCode(results)
      } catch (error) {
        reportFailure(error, command)
        process.exitCode = 2
      }
    })

async function check({ only, seals, publicKey, json }: Options): Promise<InvariantResult[]> {
  if (seals !== undefined && !existsSync(seals)) {
    throw new Problem('FILE', `seals ${seals}: there is no such folder`, 'seals')
  }
  checkWritable(json, 'json')
  const sealKeys = publicKey?.map(readSealKey)
  const reached = await reachMigrated(readDatabaseConfig())
  const applicationName = 'pitboss verify'
  const database = openDatabase({ target: reached.target, poolMax: 1, statementTimeoutMs, applicationName })
  const options: RunOptions = {
    ...(only === undefined ? {} : { only: only.split(',').map((id) => id.trim().toUpperCase()) }),
    sealsDir: seals,
    sealKeys,
    onProgress: progress(),
  }
  try {
    return await runInvariants(database, options)
  } finally {
    await database.close()
    await reached.close()
  }
}

/** The 32 bytes of an Ed25519 key. A private key will do: what is public is made of it. */
function readSealKey(path: string): Buffer {
  const text = readText(path, 'publicKey')
  try {
    const { kty, crv, x } = createPublicKey(text).export({ format: 'jwk' })
    if (kty === 'OKP' && crv === 'Ed25519' && x) return Buffer.from(x, 'base64url')
  } catch {
    // Told below.
  }
  throw new Problem('FILE', `publicKey ${path}: this is not an Ed25519 key in PEM`, 'publicKey')
}

const exitCode = (results: readonly InvariantResult[]): number => {
  if (results.some(({ verdict }) => verdict === 'BROKEN')) return 1
  return results.every(({ verdict }) => verdict === 'HOLDS') ? 0 : 2
}

/** A line for every check that takes long, now and then. */
function progress(): (progress: Progress) => void {
  let toldMs = performance.now()
  return ({ invariant: { id, says }, rows, estimate, ms }) => {
    if (performance.now() - toldMs < progressEveryMs) return
    toldMs = performance.now()
    const of = estimate > rows ? ` of about ${Math.round(estimate)}` : ''
    complain(`${id} ${says}: ${rows}${of} rows, ${(ms / 1000).toFixed(0)} s`)
  }
}

function report(results: readonly InvariantResult[], json: string | undefined): void {
  printTable(
    ['ID', 'MUST HOLD', 'ROWS', 'MS', 'VERDICT'],
    results.map(({ id, says, rows, ms, verdict }) => [id, says, String(rows), String(ms), verdict]),
  )
  for (const { id, verdict, broken, first } of results) {
    if (verdict === 'HOLDS') continue
    const what = verdict === 'BROKEN' ? `${broken} broken` : 'could not be checked'
    print('', `${id}: ${what}`, ...first.map((one) => `  ${one}`))
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ at: new Date(), results }, null, 2)}\n`)
}
