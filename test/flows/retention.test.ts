import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePartitions } from '../../src/db/partitions.ts'
import { foldAll } from '../../src/domain/figures/fold.ts'
import { retain } from '../../src/db/retention.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import { betFields, rollbackFields, winFields } from '../support/hub88-client.ts'
import { expectOk, openScene, type Scene } from '../support/hub88-scene.ts'
import { beginPartitionsAt, makeOld } from '../support/old-months.ts'
import type { WorldSession } from '../support/provider-world.ts'

let scene: Scene
let graph: Graph
let session: WorldSession
let sent: Awaited<ReturnType<typeof play>>

beforeAll(async () => {
  scene = await openScene()
  await beginPartitionsAt(scene.app.database.sql, -6)
  await ensurePartitions(scene.app.database.sql, { now: new Date() })
  graph = openGraph(scene.app.database, [scene.world.brandId])
  session = await scene.player()
  sent = await play()
  await ageAndDrop()
})
afterAll(async () => {
  await graph?.close()
  await scene?.app.close()
})

/** Everything recorded so far becomes half a year old, and is dropped. */
async function ageAndDrop(): Promise<void> {
  const { sql, target } = scene.app.database
  await makeOld(sql, 6)
  const policy = { callsMonths: 3, journalMonths: 3, ledgerMonths: 3 }
  await foldAll({ sql })
  await retain({ target, policy, now: new Date(), log: silentLog })
  for (const table of ['journal', 'ledger_entries', 'provider_calls']) {
    expect(await sql.unsafe(`select from ${table}`), table).toHaveLength(0)
  }
}

const explained = async () => {
  const [row] = await scene.app.database.sql<{ minor: bigint }[]>`
    select sum(amount_minor)::int8 as minor from (
      select wallet_id, account, amount_minor from ledger_openings
      union all select wallet_id, account, amount_minor from ledger_entries) legs
    where wallet_id = ${session.player.walletId} and account = 'CASH'`
  return row?.minor
}

/** A bet that won 2.00 and one that was rolled back; their calls. */
async function play() {
  const bet = betFields(session)
  const win = winFields(bet, { round_closed: false })
  const undone = betFields(session)
  const undo = rollbackFields(undone)
  expectOk(await scene.call('/transaction/bet', bet), 9_900n, session)
  expectOk(await scene.call('/transaction/win', win), 10_100n, session)
  expectOk(await scene.call('/transaction/bet', undone), 10_000n, session)
  expectOk(await scene.call('/transaction/rollback', undo), 10_100n, session)
  return { bet, win, undone, undo }
}

const story = `query Story($key: String!, $account: String!) {
  bet(by: { byTransaction: { providerAccountCode: $account, transactionKey: $key } }) {
    status stake { amount } payout { amount }
    timeline { stage at source { __typename } }
    providerCalls(first: 5) { nodes { id } }
    ledgerEntries(first: 5) { nodes { id } }
    round { status events(first: 5) { nodes { type } } providerCalls(first: 5) { nodes { id } } }
    transactions(first: 5) {
      nodes { kind verdict event { type } ledgerEntries { id } providerCalls(first: 5) { nodes { id } } }
    }
    wallet { cash { amount } ledgerEntries(first: 5) { nodes { id } } }
    player { events(first: 5) { nodes { type } } providerCalls(first: 5) { nodes { id } } }
  }
}`

test('what pointed to the records answers null or an empty page, and no error', async () => {
  const { data, errors } = await graph.ask(story, {
    key: sent.bet.transaction_uuid,
    account: scene.world.accountCode,
  })
  expect(errors).toEqual([])
  const none = { nodes: [] }
  const unknown = { at: null, source: null }
  const transaction = { verdict: 'OK', event: null, ledgerEntries: [], providerCalls: none }
  expect(data).toEqual({
    bet: {
      status: 'OPEN',
      stake: { amount: '1.00' },
      payout: { amount: '2.00' },
      timeline: ['CREATED', 'REQUESTED', 'PLAYED', 'RESULT_RECEIVED', 'BALANCE_UPDATED', 'RECORDED'].map(
        (stage) => ({ stage, ...unknown }),
      ),
      providerCalls: none,
      ledgerEntries: none,
      round: { status: 'OPEN', events: none, providerCalls: none },
      transactions: {
        nodes: [
          { kind: 'WIN', ...transaction },
          { kind: 'BET', ...transaction },
        ],
      },
      wallet: { cash: { amount: '101.00' }, ledgerEntries: none },
      player: { events: none, providerCalls: none },
    },
  })
})

test('a bet, its win and a rollback are answered as the first time when all their records are gone', async () => {
  expect(await explained()).toBe(100n)
  for (const [path, call] of [
    ['/transaction/bet', sent.bet],
    ['/transaction/win', sent.win],
    ['/transaction/bet', sent.undone],
    ['/transaction/rollback', sent.undo],
  ] as const) {
    const again = { ...call, request_uuid: randomUUID() }
    expectOk(await scene.call(path, again), 10_100n, session)
  }
  const calls = await scene.calls(sent.bet.transaction_uuid)
  expect(calls.map(({ verdict, effect }) => [verdict, effect])).toEqual([['REPLAY', 'DUPLICATE']])
  expect(await scene.app.database.sql`select from ledger_entries`).toHaveLength(0)
  expect(await scene.bets(session)).toHaveLength(2)
})

test('money goes on from there: a new bet is debited, and opening and legs are the balance', async () => {
  expectOk(await scene.call('/transaction/bet', betFields(session)), 10_000n, session)
  expect(await scene.cash(session)).toBe(10_000n)
  expect(await explained()).toBe(0n)
  const { sql } = scene.app.database
  const broken = await sql`
    select j.lane, j.seq from journal j
    left join lateral (select max(b.seq) as seq from journal b where b.lane = j.lane and b.seq < j.seq) b on true
    left join lane_floors f on f.lane = j.lane where j.prev <> coalesce(b.seq, f.seq, 0)`
  expect([...broken]).toEqual([])
})
