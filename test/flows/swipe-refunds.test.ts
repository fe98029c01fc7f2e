import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unknownToken } from '../support/provider-world.ts'
import { betFields, refundFields, winFields } from '../support/swipe-client.ts'
import {
  expectCash,
  expectOk,
  expectRefusal,
  openSwipeScene,
  type SwipeScene,
} from '../support/swipe-scene.ts'

let scene: SwipeScene

beforeAll(async () => {
  scene = await openSwipeScene()
})
afterAll(() => scene.app.close())

const kindsUnder = async (key: string) => {
  const rows = await scene.app.database.sql<{ kind: string }[]>`
    select kind from transactions where transaction_key = ${key}`
  return rows.map(({ kind }) => kind)
}

test('a refund returns the stake and ends the round', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  await scene.bet(bet)
  expectOk(await scene.refund(refundFields(bet)), '100.00')
  await expectCash(scene, session, 10_000n)
  expect(await scene.bets(session)).toMatchObject([{ status: 'ROLLED_BACK', round: 'COMPLETED' }])
})

test('a refund of an unknown bet moves nothing (6), and the bet is refused for ever after (7)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  expectOk(await scene.refund(refundFields(bet)), '100.00')
  expect(await kindsUnder(bet.txID)).toEqual(['TOMBSTONE'])
  for (let tries = 0; tries < 2; tries += 1) expectRefusal(await scene.bet(bet), 400)
  await expectCash(scene, session, 10_000n)
  expect(await scene.bets(session)).toEqual([])
})

describe('a round goes on with its other bet after a refund', () => {
  test.each([
    ['of a bet that was taken', { amount: '2.00' }, true],
    ['of a bet that was declined', { amount: '5000.00' }, true],
    ['of a bet that never came', { amount: '2.00' }, false],
  ])('%s', async (_of, given, sent) => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    const second = betFields(session, { roundID: bet.roundID, ...given })
    if (sent) await scene.bet(second)
    expectOk(await scene.refund(refundFields(second)), '99.00')
    expect((await scene.bets(session))[0]).toMatchObject({ status: 'OPEN', round: 'OPEN' })
    expectOk(await scene.win(winFields(bet, { amount: '7.00' })), '106.00')
    const won = { status: 'SETTLED', result: 'WON', payout: 700n, late: false, round: 'COMPLETED' }
    expect((await scene.bets(session))[0]).toMatchObject(won)
  })
})

test('a second refund returns nothing more, under the same id and under another (8)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  await scene.bet(bet)
  const refund = refundFields(bet)
  const first = await scene.refund(refund)
  expect((await scene.refund(refund)).text).toBe(first.text)
  expectOk(await scene.refund(refundFields(bet)), '100.00')
  await expectCash(scene, session, 10_000n)
})

test('a refund after the win returns the stake and leaves the win (9)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  await scene.bet(bet)
  await scene.win(winFields(bet))
  expectOk(await scene.refund(refundFields(bet)), '102.00')
  await expectCash(scene, session, 10_200n)
})

test('a refund of a win takes it back and leaves the stake', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  await scene.bet(bet)
  const win = winFields(bet)
  await scene.win(win)
  expectOk(await scene.refund(refundFields(win)), '99.00')
  await expectCash(scene, session, 9_900n)
})

test('a win after the refund of its bet is refused (10)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  await scene.bet(bet)
  await scene.refund(refundFields(bet))
  expectRefusal(await scene.win(winFields(bet)), 400)
  await expectCash(scene, session, 10_000n)
})

test('a refund of a declined bet is a success that moves nothing (31)', async () => {
  const session = await scene.player({ cashMinor: 10n })
  const bet = betFields(session)
  expectRefusal(await scene.bet(bet), 400, 'insufficient_funds')
  expectOk(await scene.refund(refundFields(bet)), '0.10')
  await expectCash(scene, session, 10n, 10n)
})

test('a refund of a refund is a success that changes nothing (34)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  await scene.bet(bet)
  const refund = refundFields(bet)
  await scene.refund(refund)
  expectOk(await scene.refund(refundFields({ ...bet, txID: refund.txID })), '100.00')
  await expectCash(scene, session, 10_000n)
})

test("a refund that names another player's bet moves nothing", async () => {
  const [session, other] = [await scene.player(), await scene.player()]
  const bet = betFields(session)
  await scene.bet(bet)
  expectRefusal(await scene.refund(refundFields(bet, { sessionID: other.token })), 400)
  await expectCash(scene, session, 9_900n)
  await expectCash(scene, other, 10_000n)
})

test('a refund of less or more than the whole is refused, and the whole is still returned', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  await scene.bet(bet)
  for (const amount of ['0.99', '1.01', '0']) {
    expectRefusal(await scene.refund(refundFields(bet, { amount })), 400)
  }
  await expectCash(scene, session, 9_900n)
  expectOk(await scene.refund(refundFields(bet, { amount: '1.000' })), '100.00')
  await expectCash(scene, session, 10_000n)
})

describe('a refund whose session is not as it was', () => {
  test('is taken when the session is over and the player blocked (11)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    const { sql } = scene.app.database
    await sql`update sessions set expires_at = now() - interval '1 minute' where id = ${session.id}`
    await sql`update players set status = 'BLOCKED' where id = ${session.player.id}`
    expectOk(await scene.refund(refundFields(bet)), '100.00')
    await expectCash(scene, session, 10_000n)
  })

  test('is taken with an unknown session and a known bet (36)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    const refund = refundFields(bet, { sessionID: unknownToken() })
    for (let tries = 0; tries < 2; tries += 1) expectOk(await scene.refund(refund), '100.00')
    await expectCash(scene, session, 10_000n)
  })

  test('is taken without a round, as older providers send it', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    const { roundID: _, ...refund } = refundFields(bet)
    expectOk(await scene.refund(refund), '100.00')
    expect(await scene.bets(session)).toMatchObject([{ status: 'ROLLED_BACK', round: 'COMPLETED' }])
  })

  test('is a success when neither session nor bet is known, with a balance of nothing', async () => {
    const bet = betFields({ token: unknownToken() })
    expectOk(await scene.refund(refundFields(bet)), '0')
    expect(await kindsUnder(bet.txID)).toEqual(['TOMBSTONE'])
  })
})
