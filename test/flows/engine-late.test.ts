// What a game engine says too late, twice or against itself: the money rules decide, and no money is parked.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OpenAccount } from '../../src/domain/providers/types.ts'
import type { Fate, Told } from '../../src/domain/money/engine.ts'
import { findEngineBet } from '../../src/domain/money/engine-bets.ts'
import { finishBet } from '../../src/domain/money/finish-bet.ts'
import { systemContext } from '../../src/app.ts'
import { type EngineScene, openEngineScene, openTimes } from '../support/engine-scene.ts'
import { moneyViolations } from '../support/money-checks.ts'

let scene: EngineScene
/** Bets that are open, placed at once. */
const open: string[] = []
beforeAll(async () => {
  // Nothing is swept, and the engine answers nothing: every bet stays open.
  scene = await openEngineScene({ faultShare: 1, faults: ['DROPPED'], times: openTimes })
  const session = await scene.session('p-1')
  open.push(...(await Promise.all(Array.from({ length: 6 }, () => placeOpen(session)))))
}, 60_000)
afterAll(() => scene.close())

const exchangeNow = (): Told['exchange'] => ({
  operation: 'PLAY',
  path: '/bets',
  requestBody: Buffer.from('{}'),
  requestHeaders: {},
  replyBody: Buffer.from('{}'),
  httpStatus: 200,
  signature: 'VALID',
  sentAt: new Date(),
  endedAt: new Date(),
  latencyUs: 1000,
})

const played = (payoutMinor: bigint): Fate => ({
  kind: 'PLAYED',
  payoutMinor,
  jackpotMinor: 0n,
  playedAt: new Date(),
  result: { multiplier: 2 },
})

async function placeOpen(session: string): Promise<string> {
  const { bet } = await scene.place(session, '2.00')
  return Buffer.from(bet?.id ?? '', 'base64url')
    .toString()
    .replace('Bet:', '')
}

const openBet = () => open.pop() ?? ''

/** Tells one after the other what the engine says; returns what the bet and its calls have become. */
async function told(betId: string, ...fates: Fate[]) {
  const { services } = scene.app.app
  const ctx = systemContext(services)
  for (const fate of fates) {
    const bet = await findEngineBet(ctx, betId)
    const account = await services.engine.accounts.byCode('demo-engine')
    if (!bet || !account) throw new Error('the bet and its account are there')
    await finishBet(
      ctx,
      services.engine,
      { account: account satisfies OpenAccount, bet },
      { fate, exchange: exchangeNow() },
    )
  }
  const [bet] = await scene.app.database.sql<object[]>`
    select b.status, b.payout_minor as payout, b.late from bets b where b.id = ${betId}`
  const calls = await scene.app.database.sql<{ verdict: string; effect: string }[]>`
    select verdict, effect from provider_calls where bet_id = ${betId} order by id`
  return {
    ...bet,
    calls: calls
      .slice(-fates.length)
      .map(({ verdict, effect }) => `${verdict} ${effect}`)
      .sort(),
  }
}

async function resolved(betId: string, verb: 'closeRound' | 'voidRound'): Promise<void> {
  const [row] = await scene.app.database.sql<
    { id: string }[]
  >`select round_id as id from bets where id = ${betId}`
  const roundId = Buffer.from(`Round:${row?.id}`).toString('base64url')
  const type = verb === 'closeRound' ? 'CloseRoundInput!' : 'VoidRoundInput!'
  const { errors } = await scene.app.graphql(
    `mutation ($input: ${type}) { ${verb}(input: $input) { userErrors { code } } }`,
    { input: { idempotencyKey: `${verb}-${betId}`, roundId, reason: 'it hangs' } },
  )
  expect(errors).toBeUndefined()
}

it('a result that comes twice is recorded once', async () => {
  expect(await told(openBet(), played(400n), played(400n))).toEqual({
    status: 'SETTLED',
    payout: 400n,
    late: false,
    calls: ['OK EFFECT', 'REPLAY DUPLICATE'],
  })
})

it('an engine that contradicts itself is held to what it said first', async () => {
  expect(await told(openBet(), played(400n), played(900n))).toMatchObject({
    payout: 400n,
    calls: ['DUPLICATE_CONFLICT REJECTED', 'OK EFFECT'],
  })
  expect(await told(openBet(), played(400n), { kind: 'REJECTED' })).toMatchObject({
    status: 'SETTLED',
    calls: ['ALREADY_SETTLED DECLINED', 'OK EFFECT'],
  })
  expect(await told(openBet(), { kind: 'REJECTED' }, played(400n))).toMatchObject({
    status: 'ROLLED_BACK',
    payout: 0n,
    calls: ['OK EFFECT', 'REFERENCE_ROLLED_BACK DECLINED'],
  })
})

it('a result after the round was closed is paid and marked late', async () => {
  const betId = openBet()
  await resolved(betId, 'closeRound')
  expect(await told(betId, played(400n))).toEqual({
    status: 'SETTLED',
    payout: 400n,
    late: true,
    calls: ['OK EFFECT'],
  })
})

it('a result after the stake was given back is refused', async () => {
  const betId = openBet()
  await resolved(betId, 'voidRound')
  expect(await told(betId, played(400n))).toMatchObject({
    status: 'VOIDED',
    payout: 0n,
    calls: ['ALREADY_SETTLED DECLINED'],
  })
})

it('the money holds', async () => {
  expect(await moneyViolations(scene.app.database.sql)).toEqual([])
})
