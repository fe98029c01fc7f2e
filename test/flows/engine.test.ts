// Bets that are placed from here: through the game engine of the simulator, over real HTTP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEngine } from '../../src/simulator/engine.ts'
import { faultless, type EngineScene, openEngineScene } from '../support/engine-scene.ts'
import { moneyViolations } from '../support/money-checks.ts'
import { until } from '../support/until.ts'

let scene: EngineScene
let session: string
beforeAll(async () => {
  scene = await openEngineScene()
  session = await scene.session('p-1')
})
afterAll(() => scene.close())

const uuidOf = (globalId: string) => Buffer.from(globalId, 'base64url').toString().replace('Bet:', '')
const entryOf = (globalId: string) => scene.engine.book.entries.get(uuidOf(globalId))

/** The first bet that the engine takes: it refuses some. */
async function takenBet(amount = '2.00') {
  for (let tries = 0; tries < 50; tries += 1) {
    const placed = await scene.place(session, amount)
    if (placed.bet && placed.userErrors.length === 0) return { ...placed, bet: placed.bet }
  }
  throw new Error('the engine takes no bet')
}

async function refusedBet() {
  for (let tries = 0; tries < 500; tries += 1) {
    const placed = await scene.place(session, '1.00')
    if (placed.bet && placed.userErrors.length > 0) return { ...placed, bet: placed.bet }
  }
  throw new Error('the engine takes every bet')
}

describe('a bet through a game engine', () => {
  it('is settled as the engine played it', async () => {
    const placed = await takenBet()
    const entry = entryOf(placed.bet.id)
    if (entry?.status !== 'PLAYED') throw new Error('the engine has not played it')
    expect(entry.stakeMinor).toBe('200')
    const paid = Number(entry.payoutMinor)
    expect(placed).toEqual({
      bet: {
        id: placed.bet.id,
        status: 'SETTLED',
        result: paid > 0 ? 'WON' : 'LOST',
        payout: { amount: (paid / 100).toFixed(2) },
      },
      pending: false,
      replayed: false,
      userErrors: [],
    })
  })

  it('shows its six stages, its round with the result, and its calls', async () => {
    const { bet } = await takenBet()
    const { data } = await scene.app.graphql<{ node: Shown }>(
      `query ($id: ID!) { node(id: $id) { ... on Bet { placedAt
        round { status result }
        timeline { stage at source { __typename ... on ProviderCall { direction operation } } }
        providerCalls(first: 10) { nodes {
          direction operation verdict effect signature httpStatus path transaction { kind } } } } } }`,
      { id: bet.id },
    )
    const entry = entryOf(bet.id)
    if (entry?.status !== 'PLAYED') throw new Error('the engine has not played it')
    const { timeline, round, providerCalls, placedAt } = data.node
    expect(round).toEqual({ status: 'COMPLETED', result: entry.result })
    expect(providerCalls.nodes).toEqual([
      {
        direction: 'OUTBOUND',
        operation: 'PLAY',
        verdict: 'OK',
        effect: 'EFFECT',
        signature: 'VALID',
        httpStatus: 200,
        path: '/bets',
        transaction: { kind: 'WIN' },
      },
    ])
    const call = { __typename: 'ProviderCall', direction: 'OUTBOUND', operation: 'PLAY' }
    expect(timeline.map(({ stage, source }) => [stage, source])).toEqual([
      ['CREATED', { __typename: 'BetPlaced' }],
      ['REQUESTED', call],
      ['PLAYED', call],
      ['RESULT_RECEIVED', call],
      ['BALANCE_UPDATED', { __typename: 'LedgerEntry' }],
      ['RECORDED', { __typename: expect.stringMatching(/^(BetSettled|LossRecorded)$/) }],
    ])
    const times = timeline.map(({ at }) => Date.parse(at))
    expect(timeline[0]?.at).toBe(placedAt)
    expect(times[1]).toBeGreaterThanOrEqual(times[0] ?? 0)
    expect(new Date(times[2] ?? 0).toISOString()).toBe(entry.playedAt)
    expect(times[3]).toBeGreaterThanOrEqual(times[2] ?? 0)
  })

  it('that the engine refuses is rolled back, and stays so', async () => {
    const placed = await refusedBet()
    expect(placed).toMatchObject({
      bet: { status: 'ROLLED_BACK', result: null },
      pending: false,
      userErrors: [{ code: 'BET_REJECTED', field: null }],
    })
    expect(entryOf(placed.bet.id)).toEqual({ status: 'REJECTED' })
  })

  it('is the same bet for the same key, and another input is refused', async () => {
    const first = await scene.place(session, '3.00', 'once')
    const again = await scene.place(session, '3.00', 'once')
    expect(again).toEqual({ ...first, replayed: true })
    const other = await scene.place(session, '3.01', 'once')
    expect(other).toMatchObject({ bet: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] })
  })

  it.each([
    ['0', 'BAD_AMOUNT', ['amount', 'amount']],
    ['-1', 'BAD_AMOUNT', ['amount', 'amount']],
    ['1.001', 'BAD_AMOUNT', ['amount', 'amount']],
    ['99999.00', 'INSUFFICIENT_FUNDS', ['amount', 'amount']],
  ])('of %s is refused: %s', async (amount, code, field) => {
    const before = scene.engine.book.entries.size
    expect(await scene.place(session, amount)).toEqual({
      bet: null,
      pending: false,
      replayed: false,
      userErrors: [{ code, field }],
    })
    expect(scene.engine.book.entries.size).toBe(before)
  })

  it('needs a permission of its own', async () => {
    const ask = (query: string, variables: object) => scene.app.graphql(query, variables, 'SUPPORT')
    await expect(scene.place(session, '1.00', 'support', ask)).rejects.toThrow('BETS_PLACE')
  })
})

it('a bet is pending while the engine is dead, its stake is held, and the sweep finishes it afterwards', async () => {
  const { port } = new URL(scene.engine.url)
  const sitting = await scene.session('p-2', '10.00')
  await scene.engine.close()
  const placed = await scene.place(sitting, '4.00', 'dead')
  expect(placed).toMatchObject({ bet: { status: 'OPEN', result: null }, pending: true, userErrors: [] })
  const { bet } = placed
  if (!bet) throw new Error('a pending bet is shown')
  const cash = 'query ($id: ID!) { node(id: $id) { ... on Bet { status wallet { cash { amount } } } } }'
  const { data } = await scene.app.graphql(cash, { id: bet.id })
  expect(data).toEqual({ node: { status: 'OPEN', wallet: { cash: { amount: '6.00' } } } })
  const engine = await startEngine({ ...faultless, port: Number(port) })
  try {
    await until(() => engine.book.entries.size > 0)
    await until(async () => !(await scene.place(sitting, '4.00', 'dead')).pending)
    const again = await scene.place(sitting, '4.00', 'dead')
    const status = engine.book.entries.get(uuidOf(bet.id))?.status === 'PLAYED' ? 'SETTLED' : 'ROLLED_BACK'
    expect(again).toMatchObject({ bet: { id: bet.id, status }, pending: false, replayed: true })
  } finally {
    await engine.close()
  }
})

it('the money holds', async () => {
  await until(async () => (await moneyViolations(scene.app.database.sql)).length === 0)
  expect(await moneyViolations(scene.app.database.sql)).toEqual([])
  expect(scene.engine.book.conflicts).toEqual([])
})

interface Shown {
  readonly placedAt: string
  readonly round: { readonly status: string; readonly result: unknown }
  readonly timeline: readonly { readonly stage: string; readonly at: string; readonly source: unknown }[]
  readonly providerCalls: { readonly nodes: readonly object[] }
}
