// A report by game over 30 days, out of the figures and over the whole of Apollo, against the scan that it replaces.
import type { Sql } from '../../src/db/connection.ts'
import { openErrand } from '../../src/db/errand.ts'
import { appRole } from '../../src/db/grants.ts'
import { foldAll } from '../../src/domain/figures/fold.ts'
import type { Benchmark, Contender } from './harness.ts'
import { postRequest, withConnections } from './harness-http.ts'
import { closedLoop } from './harness-load.ts'
import { startServer, startWorker } from './harness-processes.ts'
import type { Place, Stage } from './harness-stage.ts'
import { startUsage } from './harness-usage.ts'
import { layDownBets } from './list-data.ts'
import type { ScanInput } from './report-30d-reference.ts'

const sizes = {
  bets: Number(process.env['BENCH_BETS'] ?? 1_000_000),
  players: Number(process.env['BENCH_BETS'] ?? 1_000_000) / 10,
  games: 200,
  providers: 50,
}

const dayMs = 86_400_000
const day = (daysAgo: number) => new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10)

/** Whole days that are full of bets. */
const window = { first: day(30), last: day(1) }

const query = (active: string) => `query ($first: Date!, $last: Date!) {
  performance(window: { days: { first: $first, last: $last } }, groupBy: [GAME], first: 1000) {
    rows { game { code } currency bets turnover { minorUnits } wins { minorUnits } ${active} } } }`

export const report30d: Benchmark = {
  name: 'report-30d',
  title: `a report by game over 30 days of ${sizes.bets} bets, over HTTP, against a scan of the bets`,
  unit: 'report',
  async open(stage) {
    const place = await stage.createDatabase('report', 'PITBOSS')
    const { brandId, token } = await layDownBets(place.sql, sizes)
    await place.sql`update operators set role = 'ANALYST'`
    await layDownJournal(place.sql)
    await stage.settle()
    await foldMeasured(stage, place)
    await stage.settle()
    const server = await startServer(stage, place.target)
    const [from, to] = [window.first, day(0)]
    const input: ScanInput = { target: place.target, brandId, from, to }
    const worker = await startWorker(stage, 'report-30d-reference.ts', input)
    const ours = (active = '') => {
      const body = JSON.stringify({ query: query(active), variables: window })
      return postRequest('/graphql', body, { Authorization: `Bearer ${token}` })
    }
    const theirs = (path: string) => postRequest(path, '{}', {})
    const plain = { ours: ours(), theirs: theirs('/plain') }
    const active = { ours: ours('activePlayers'), theirs: theirs('/active') }
    theSame(await ask(server.port, plain.ours), await ask(worker.port, plain.theirs))
    theSame(await ask(server.port, active.ours), await ask(worker.port, active.theirs))
    const [fast, slow] = [
      await medianMs(server.port, active.ours),
      await medianMs(worker.port, active.theirs),
    ]
    say(
      `with active players: ${fast.toFixed(1)} ms, as a scan ${slow.toFixed(1)} ms: ${(slow / fast).toFixed(1)} times`,
    )
    return {
      subject: asking('Pitboss', server, plain.ours),
      reference: asking('a scan of the bets', worker, plain.theirs),
    }
  },
}

const say = (line: string) => process.stderr.write(`report-30d: ${line}\n`)

/** The events that the bets' own history would have left, in four lanes. */
async function layDownJournal(sql: Sql): Promise<void> {
  await sql.unsafe(`
    insert into journal (lane, seq, prev, id, type, version, brand_id, player_id, session_id, game_id,
      provider_account_id, round_id, bet_id, transaction_id, amount_minor, currency, occurred_at, recorded_at,
      actor_kind, trace, facts)
    select e.n % 4, ((extract(epoch from e.settled_at)::bigint / 86400) << 40) + e.n, 0, gen_random_uuid(), e.type, 1,
      e.brand_id, e.player_id, e.session_id, e.game_id, e.provider_account_id, e.round_id, e.id, e.transaction_id,
      e.amount, e.currency, e.settled_at, e.settled_at, 'PROVIDER_ACCOUNT', 'bench', '{"kind": "REAL"}'
    from (
      select row_number() over (order by b.settled_at, t.type desc) as n, b.*, t.type, t.amount
      from bets b cross join lateral (
        select 'WinRecorded' as type, b.payout_minor as amount where b.payout_minor > 0
        union all select case when b.payout_minor > 0 then 'BetSettled' else 'LossRecorded' end,
          case when b.payout_minor > 0 then b.payout_minor else b.stake_minor end) t
      where b.status = 'SETTLED') e`)
}

async function foldMeasured(stage: Stage, { target, sql }: Place): Promise<void> {
  const errand = openErrand(target, { role: appRole, applicationName: 'bench' })
  const usage = await startUsage(stage, process.pid)
  const started = performance.now()
  const { rows, steps } = await foldAll(errand)
  const seconds = (performance.now() - started) / 1000
  const [settled] = await sql<{ count: number }[]>`
    /* bench: settled bets */ select count(*)::int as count from bets where status = 'SETTLED'`
  const bets = settled?.count ?? 0
  const { databaseCpuMs, ownCpuMs, walBytes } = await usage(bets)
  await errand.close()
  const cost = `${databaseCpuMs.toFixed(3)} ms of PostgreSQL's CPU, ${ownCpuMs.toFixed(3)} ms of its own`
  say(`folded ${bets} settled bets (${rows} events) in ${steps} steps and ${seconds.toFixed(0)} s;`)
  say(`a bet costs ${cost} and ${walBytes.toFixed(0)} bytes of log`)
  const [size] = await sql`
    select (select count(*) from figures)::int as figures, (select count(*) from player_figures)::int as players,
      pg_size_pretty(pg_total_relation_size('figures')) as figures_size,
      pg_size_pretty(pg_total_relation_size('player_figures')) as players_size,
      pg_size_pretty(pg_total_relation_size('bets')) as bets_size`
  say(JSON.stringify(size))
}

const ask = async (port: number, request: Buffer): Promise<string> => {
  const reply = await withConnections(port, 1, async ([only]) => only?.send(request))
  return reply?.body.toString() ?? ''
}

async function medianMs(port: number, request: Buffer): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < 11; n += 1) {
    const start = performance.now()
    await ask(port, request)
    times.push(performance.now() - start)
  }
  return times.toSorted((a, b) => a - b)[5] ?? Number.NaN
}

interface OurRow {
  readonly game: { readonly code: string }
  readonly currency: string
  readonly bets: string
  readonly turnover: { readonly minorUnits: string }
  readonly wins: { readonly minorUnits: string }
  readonly activePlayers?: string
}

/** The same figures of each game, to the last unit. */
function theSame(ours: string, theirs: string): void {
  const answer = JSON.parse(ours) as { data: { performance: { rows: OurRow[] } } | null }
  const rows = answer.data?.performance.rows.map(
    ({ game, currency, bets, turnover, wins, activePlayers }) => ({
      game: game.code,
      currency,
      bets,
      turnover: turnover.minorUnits,
      wins: wins.minorUnits,
      ...(activePlayers === undefined ? {} : { active: activePlayers }),
    }),
  )
  const sorted = (of: readonly object[] = []) => of.map((row) => JSON.stringify(row)).toSorted()
  const scanned = sorted(JSON.parse(theirs) as object[])
  if (scanned.length === 0 || JSON.stringify(sorted(rows)) !== JSON.stringify(scanned)) {
    throw new Error(`the answers differ:\n${ours.slice(0, 2000)}\n${theirs.slice(0, 2000)}`)
  }
}

const asking = (name: string, { pid, port }: { pid: number; port: number }, request: Buffer): Contender => ({
  name,
  pid,
  run: (seconds) =>
    withConnections(port, 1, (opened) =>
      closedLoop(1, seconds, async () => {
        const reply = await opened[0]?.send(request)
        if (reply?.body.includes('"errors"') !== false) throw new Error(`${name}: ${reply?.body.toString()}`)
        return true
      }),
    ),
})
