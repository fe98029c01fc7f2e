// `node test/bench/report.ts [--rows 1000000] [--format csv|json]`: a report of so many lines, made on the fly, goes
// through the command line against as many transactions; prints lines per second and the process's peak memory.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import type { Sql } from '../../src/db/connection.ts'
import { csvLine, reportColumns, type ReportRow } from '../support/report.ts'
import { urlOf } from '../support/server-process.ts'
import { idFunction } from './generated-ids.ts'
import { openStage } from './harness-stage.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { rows: text, format: text } })
const rows = Number(values.rows ?? 1_000_000)
const format = values.format ?? 'csv'
const account = 'bench-account'
const day = '2026-11-01'
const program = join(import.meta.dirname, '../../src/cli/main.ts')

/** Each of these is told otherwise in the report; and the last ones are left out of it. */
const lieEvery = 10_000
const leftOut = 50
const batch = 100_000

function keyOf(n: number): string {
  const hex = createHash('md5').update(`transaction ${n}`).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

async function layDown(sql: Sql): Promise<void> {
  await sql.unsafe(`${idFunction}
    insert into brands (id, code, name, time_zone, currency, created_at)
    values (pg_temp.id('brand', '${day}'), 'bench', 'Bench', 'UTC', 'EUR', '${day}');
    insert into providers (id, code, name, created_at)
    values (pg_temp.id('provider', '${day}'), 'bench', 'Bench', '${day}');
    insert into provider_accounts (id, brand_id, provider_id, code, dialect, public_keys, status, created_at)
    select pg_temp.id('account', '${day}'), b.id, p.id, '${account}', 'hub88', '{}', 'ENABLED', '${day}'
    from brands b, providers p`)
  for (let from = 0; from < rows; from += batch) {
    await sql.unsafe(`${idFunction.replace('create function', 'create or replace function')}
      create temp table laid on commit drop as
      select n, pg_temp.id('transaction ' || n, at) as id, pg_temp.id('bet ' || n, at) as bet_id, at, a.brand_id,
        a.id as account_id, md5('transaction ' || n)::uuid::text as key
      from provider_accounts a, generate_series(${from}, ${Math.min(from + batch, rows) - 1}) n,
        lateral (select '${day}'::timestamptz + interval '1 hour' + n * interval '70 ms' as at) t;
      insert into transactions (scope_id, transaction_key, id, brand_id, provider_account_id, kind, verdict,
        fingerprint, bet_id, amount_minor, currency, recorded_at, lane, seq)
      select account_id, key, id, brand_id, account_id, 'BET', 'OK', sha256(key::bytea), bet_id, 100, 'EUR', at, 0, n
      from laid;
      insert into bets (id, brand_id, player_id, wallet_id, session_id, round_id, game_id, provider_account_id,
        transaction_id, transaction_key, status, kind, currency, stake_minor, payout_minor, late, placed_at, version,
        lane, seq)
      select bet_id, brand_id, bet_id, bet_id, bet_id, bet_id, bet_id, account_id, id, key, 'OPEN', 'REAL', 'EUR',
        100, 0, false, at, 1, 0, n
      from laid`)
  }
}

const rowOf = (n: number): ReportRow => ({
  transaction_uuid: keyOf(n),
  reference_transaction_uuid: null,
  kind: 'TK_BET',
  status: 'TS_SUCCESS',
  user: `player-${n % 1000}`,
  round: keyOf(-n),
  game_code: 'reel_quest',
  currency: 'EUR',
  amount: n % lieEvery === 0 ? 100_001 : 100_000,
  created_at: `${day}T01:00:00.000Z`,
})

async function writeReport(to: Writable): Promise<void> {
  const [begin, end] =
    format === 'csv' ? [`${reportColumns.join(',')}\n`, ''] : ['{"transactions": [\n', ']}']
  to.write(begin)
  for (let n = 0; n < rows - leftOut; n += 1) {
    const line = format === 'csv' ? csvLine(rowOf(n)) : `${n > 0 ? ',' : ''}${JSON.stringify(rowOf(n))}`
    if (!to.write(`${line}\n`)) await once(to, 'drain')
  }
  to.end(end)
}

const peakKib = (pid: number) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

async function compare(databaseUrl: string): Promise<void> {
  const period = ['--from', day, '--to', '2026-11-03', '--margin', '0']
  const startedMs = performance.now()
  // As the npm script has it.
  const args = [
    '--max-semi-space-size=4',
    program,
    'reconcile',
    '--account',
    account,
    ...period,
    '--format',
    format,
    '-',
  ]
  const child = spawn(process.execPath, args, {
    env: { DATABASE_URL: databaseUrl },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  let peak = 0
  const looking = setInterval(() => {
    if (child.pid !== undefined) peak = Math.max(peak, peakKib(child.pid) || 0)
  }, 100)
  const ended = once(child, 'exit')
  child.once('exit', () => clearInterval(looking))
  await writeReport(child.stdin)
  const [code] = (await ended) as [number]
  const seconds = (performance.now() - startedMs) / 1000
  const mib = Math.round(peak / 1024)
  process.stdout.write(`exit code ${code}; ${rows} ${format} lines in ${seconds.toFixed(1)} s, `)
  process.stdout.write(`${Math.round(rows / seconds)} lines a second, peak memory ${mib} MiB\n`)
}

const stage = await openStage(new AbortController().signal)
try {
  const { sql, target } = await stage.createDatabase('report', 'PITBOSS')
  await layDown(sql)
  await stage.settle()
  await compare(urlOf(target))
} finally {
  await stage.close()
}
