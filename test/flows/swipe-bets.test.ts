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

describe('bets and wins', () => {
  test('a bet debits its stake, and its win credits the payout and ends the round (1)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    const reply = await scene.bet(bet)
    expectOk(reply, '99.00')
    expect(Object.keys(reply.body)).toEqual(['balance', 'txID'])
    expectOk(await scene.win(winFields(bet)), '101.00')
    await expectCash(scene, session, 10_100n)
    expect(await scene.bets(session)).toMatchObject([
      { status: 'SETTLED', result: 'WON', stake: 100n, payout: 200n, late: false, round: 'COMPLETED' },
    ])
  })

  test('a call again is answered with the same id of ours and has no second effect (2, 4)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    const win = winFields(bet)
    for (const [send, fields, balance] of [
      [scene.bet, bet, '99.00'],
      [scene.win, win, '101.00'],
    ] as const) {
      const first = await send(fields)
      const again = await send(fields)
      expectOk(again, balance)
      expect(again.text).toBe(first.text)
    }
    // The same amount may be written in another way.
    expectOk(await scene.bet({ ...bet, amount: '1' }), '101.00')
    await expectCash(scene, session, 10_100n)
    const calls = await scene.calls(bet.txID)
    expect(calls.map(({ operation, verdict, effect, http }) => [operation, verdict, effect, http])).toEqual([
      ['BET', 'OK', 'EFFECT', 200],
      ['BET', 'REPLAY', 'DUPLICATE', 200],
      ['BET', 'REPLAY', 'DUPLICATE', 200],
    ])
  })

  test('a call again by another session of the player is the same call', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    const renewed = await scene.session(session.player)
    expectOk(await scene.bet({ ...bet, sessionID: renewed.token }), '99.00')
    await expectCash(scene, session, 9_900n)
  })

  test.each([
    ['amount', { amount: '2.00' }],
    ['round', { roundID: 'another-round' }],
    ['type', { type: 'free' }],
  ])('an id with another %s is a conflict without effect (3)', async (_, change) => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    expectRefusal(await scene.bet({ ...bet, ...change }), 400)
    await expectCash(scene, session, 9_900n)
    expect((await scene.calls(bet.txID)).at(-1)).toMatchObject({ verdict: 'DUPLICATE_CONFLICT' })
  })

  test('an id with another player is a conflict without effect on either (3)', async () => {
    const [first, second] = [await scene.player(), await scene.player()]
    const bet = betFields(first)
    await scene.bet(bet)
    expectRefusal(await scene.bet({ ...bet, sessionID: second.token }), 400)
    await expectCash(scene, first, 9_900n)
    await expectCash(scene, second, 10_000n)
  })

  test('the id of a bet used again for a win or a refund is a conflict (32)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    expectRefusal(await scene.win(winFields(bet, { txID: bet.txID })), 400)
    expectRefusal(await scene.refund(refundFields(bet, { txID: bet.txID })), 400)
    await expectCash(scene, session, 9_900n)
  })

  test('a win in a round without a bet is refused, and paid once the bet has come (5)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    const win = winFields(bet)
    expectRefusal(await scene.win(win), 400)
    await expectCash(scene, session, 10_000n)
    await scene.bet(bet)
    expectOk(await scene.win(win), '101.00')
    await expectCash(scene, session, 10_100n)
  })

  test("a win in another player's round is refused (33)", async () => {
    const [session, other] = [await scene.player(), await scene.player()]
    const bet = betFields(session)
    await scene.bet(bet)
    expectRefusal(await scene.win(winFields(bet, { sessionID: other.token })), 400)
    await expectCash(scene, session, 9_900n)
    await expectCash(scene, other, 10_000n)
  })
})

describe('sessions and players', () => {
  test('a win is paid after its session is over (11)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    await scene.app.database.sql`
      update sessions set expires_at = now() - interval '1 minute' where id = ${session.id}`
    expectOk(await scene.win(winFields(bet)), '101.00')
    await expectCash(scene, session, 10_100n)
  })

  test.each([{ expired: true }, { closed: true }])(
    'a bet with a session %o is refused (12)',
    async (given) => {
      const session = await scene.player(given)
      const reply = await scene.bet(betFields(session))
      expectRefusal(reply, 400, 'session_expired')
      expect(reply.body['action']).toBe('refresh')
      await expectCash(scene, session, 10_000n)
    },
  )

  test('a bet or a win with an unknown session is a 404', async () => {
    const bet = betFields({ token: unknownToken() })
    expectRefusal(await scene.bet(bet), 404, 'session_not_found')
    expectRefusal(await scene.win(winFields(bet)), 404, 'session_not_found')
  })

  test('a bet above the balance is refused (13), and stays refused', async () => {
    const session = await scene.player({ cashMinor: 99n })
    const bet = betFields(session)
    expectRefusal(await scene.bet(bet), 400, 'insufficient_funds')
    await scene.app.database.sql`update wallets set cash_minor = 9999 where id = ${session.player.walletId}`
    expectRefusal(await scene.bet(bet), 400, 'insufficient_funds')
    expect(await scene.bets(session)).toEqual([])
  })

  test('a blocked player cannot bet and is still paid (14)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    await scene.app.database.sql`update players set status = 'BLOCKED' where id = ${session.player.id}`
    expectRefusal(await scene.bet(betFields(session)), 400, 'account_blocked')
    expectOk(await scene.win(winFields(bet)), '101.00')
    await expectCash(scene, session, 10_100n)
  })

  test('a bet in a game that is switched off is refused', async () => {
    const session = await scene.player()
    const { sql } = scene.app.database
    await sql`update games set status = 'DISABLED' where id = ${scene.world.gameId}`
    expectRefusal(await scene.bet(betFields(session)), 400, 'game_not_found')
    await sql`update games set status = 'ENABLED' where id = ${scene.world.gameId}`
    await expectCash(scene, session, 10_000n)
  })
})

describe('rounds', () => {
  test('a win of zero ends the round as lost (18)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    expectOk(await scene.win(winFields(bet, { amount: '0' })), '99.00')
    await expectCash(scene, session, 9_900n)
    expect(await scene.bets(session)).toMatchObject([{ result: 'LOST', payout: 0n, round: 'COMPLETED' }])
  })

  test('a win after the end of the round is paid and flagged (19), and so is a bet taken (35)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.bet(bet)
    await scene.win(winFields(bet, { amount: '0' }))
    expectOk(await scene.win(winFields(bet)), '101.00')
    expectOk(await scene.bet(betFields(session, { roundID: bet.roundID })), '100.00')
    await expectCash(scene, session, 10_000n)
    expect(await scene.bets(session)).toMatchObject([
      { result: 'WON', payout: 200n, late: true },
      { status: 'OPEN', late: true, round: 'OPEN' },
    ])
  })

  test('two bets and a win, and one bet and two wins, add up (20)', async () => {
    const session = await scene.player()
    const first = betFields(session)
    await scene.bet(first)
    const second = betFields(session, { roundID: first.roundID, amount: '2.50' })
    await scene.bet(second)
    expectOk(await scene.win(winFields(second, { amount: '7.00' })), '103.50')
    const bet = betFields(session)
    await scene.bet(bet)
    await scene.win(winFields(bet, { amount: '0.50' }))
    expectOk(await scene.win(winFields(bet, { amount: '0.75' })), '103.75')
    await expectCash(scene, session, 10_375n)
    expect(await scene.bets(session)).toMatchObject([
      { result: 'LOST', stake: 100n, payout: 0n },
      { result: 'WON', stake: 250n, payout: 700n },
      { result: 'WON', stake: 100n, payout: 125n },
    ])
  })

  test('the same round id in two games is two rounds', async () => {
    const session = await scene.player()
    const other = await scene.session(session.player, 'SECOND')
    const bet = betFields(session)
    await scene.bet(bet)
    expectRefusal(await scene.win(winFields(bet, { sessionID: other.token })), 400)
    const elsewhere = betFields(other, { roundID: bet.roundID })
    await scene.bet(elsewhere)
    await scene.win(winFields(elsewhere, { amount: '0' }))
    expect(await scene.bets(session)).toMatchObject([
      { status: 'OPEN', round: 'OPEN' },
      { status: 'SETTLED', result: 'LOST', round: 'COMPLETED' },
    ])
    const keys = await scene.app.database.sql<{ key: string }[]>`
      select round_key as key from rounds where player_id = ${session.player.id} order by id`
    expect(keys.map(({ key }) => key)).toEqual([`${bet.roundID} reel_quest`, `${bet.roundID} reel_quest_ii`])
  })
})

describe('free rounds (21)', () => {
  const campaign = { type: 'free', frID: 'spring' }

  test.each([
    ['CASH', { cash: 10_700n, bonus: 0n }],
    ['BONUS', { cash: 10_000n, bonus: 700n }],
  ] as const)('they move nothing until the campaign is paid out, then to the %s', async (to, money) => {
    const own = await openSwipeScene(to)
    try {
      const session = await own.player()
      const bet = betFields(session, campaign)
      expectOk(await own.bet(bet), '100.00')
      expectOk(await own.win(winFields(bet, { amount: '7.00' })), '100.00')
      expect(await own.bets(session)).toMatchObject([{ kind: 'FREE', status: 'SETTLED', round: 'COMPLETED' }])
      const paid = winFields(bet, { type: 'regular', amount: '7.00' })
      for (let tries = 0; tries < 2; tries += 1) expectOk(await own.win(paid), '107.00')
      expect(await own.money(session)).toEqual(money)
    } finally {
      await own.app.close()
    }
  })

  test('a campaign that brought nothing is paid out with nothing', async () => {
    const session = await scene.player()
    const bet = betFields(session, campaign)
    await scene.bet(bet)
    expectOk(await scene.win(winFields(bet, { type: 'regular', amount: '0' })), '100.00')
    await expectCash(scene, session, 10_000n)
  })
})

describe('amounts are exact (22)', () => {
  test.each(['0.29', '4.35', '0.01', '0', '1.10', '1.1000'])('a bet of %s and its refund', async (amount) => {
    const session = await scene.player()
    const minor = BigInt(Math.round(Number(amount) * 100))
    const bet = betFields(session, { amount })
    expect((await scene.bet(bet)).http).toBe(200)
    await expectCash(scene, session, 10_000n - minor)
    expectOk(await scene.refund(refundFields(bet)), '100.00')
    await expectCash(scene, session, 10_000n)
  })

  test('the largest amount goes out and comes back to the unit', async () => {
    const largest = 10n ** 15n
    const session = await scene.player({ cashMinor: largest + 1n })
    const bet = betFields(session, { amount: '10000000000000.00' })
    expectOk(await scene.bet(bet), '0.01')
    expectOk(await scene.win(winFields(bet, { amount: bet.amount })), '10000000000000.01')
    await expectCash(scene, session, largest + 1n, largest + 1n)
    expectRefusal(await scene.bet(betFields(session, { amount: '10000000000000.01' })), 400)
  })

  test.each([
    { currency: 'JPY', cashMinor: 500n, amount: '100', balance: '400', least: '0.5' },
    { currency: 'KWD', cashMinor: 5_000n, amount: '0.001', balance: '4.999', least: '0.0001' },
    { currency: 'BTC', cashMinor: 5n, amount: '0.00000001', balance: '0.00000004', least: '0.000000001' },
  ])('$currency has its own decimal places', async ({ currency, cashMinor, amount, balance, least }) => {
    const session = await scene.player({ currency, cashMinor })
    expectOk(await scene.bet(betFields(session, { amount })), balance)
    expectRefusal(await scene.bet(betFields(session, { amount: least })), 400)
    expect((await scene.balance(session.token)).text).toBe(`{"balance":"${balance}"}`)
  })
})
