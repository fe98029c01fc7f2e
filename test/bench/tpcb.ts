// The measuring stick for writes: pgbench's TPC-B-like transaction, its tables, its sizes.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Contender } from './harness.ts'
import { startWorker } from './harness-processes.ts'
import type { Place, Stage } from './harness-stage.ts'
import type { TpcbInput } from './tpcb-worker.ts'

const accountsPerBranch = 100_000
const tellersPerBranch = 10

/** The scale is the number of connections, so that they need not wait for each other's branches. */
export async function tpcb(stage: Stage, connections: number): Promise<Contender> {
  const scale = connections
  const { target } = await stage.shared(`tpcb ${scale}`, () => layDown(stage, scale))
  const sizes = { accounts: accountsPerBranch * scale, tellers: tellersPerBranch * scale, branches: scale }
  const input: TpcbInput = { target, connections, ...sizes }
  const { pid, run } = await startWorker(stage, 'tpcb-worker.ts', input)
  return { name: 'TPC-B-like transaction', pid, run }
}

async function layDown(stage: Stage, scale: number): Promise<Place> {
  const place = await stage.createDatabase(`tpcb_${scale}`, 'NONE')
  await place.sql.unsafe(`
    create table pgbench_branches (bid int not null, bbalance int, filler char(88));
    create table pgbench_tellers (tid int not null, bid int, tbalance int, filler char(84));
    create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
    insert into pgbench_branches (bid, bbalance) select n, 0 from generate_series(1, ${scale}) n;
    insert into pgbench_tellers (tid, bid, tbalance)
      select n, (n - 1) / ${tellersPerBranch} + 1, 0 from generate_series(1, ${scale * tellersPerBranch}) n`)
  await copyAccounts(stage, place, scale)
  await place.sql.unsafe(`
    alter table pgbench_branches add primary key (bid);
    alter table pgbench_tellers add primary key (tid);
    alter table pgbench_accounts add primary key (aid)`)
  return place
}

/** Frozen, as pgbench does it: rows that vacuum need not write a second time. */
async function copyAccounts(stage: Stage, { sql }: Place, scale: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`create table pgbench_accounts (aid int not null, bid int, abalance int, filler char(84))`
    const copy = await tx`copy pgbench_accounts from stdin with (freeze)`.writable()
    await pipeline(Readable.from(accounts(scale, stage.signal)), copy)
  })
}

const linesAtOnce = 10_000

function* accounts(scale: number, signal: AbortSignal): Generator<string> {
  for (let first = 0; first < scale * accountsPerBranch; first += linesAtOnce) {
    signal.throwIfAborted()
    const line = (_: unknown, n: number) =>
      `${first + n + 1}\t${Math.floor((first + n) / accountsPerBranch) + 1}\t0\t\n`
    yield Array.from({ length: linesAtOnce }, line).join('')
  }
}
