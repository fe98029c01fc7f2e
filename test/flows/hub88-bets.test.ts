import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { betFields, winFields } from '../support/hub88-client.ts'
import { expectCash, expectOk, openScene, type Scene } from '../support/hub88-scene.ts'
import { unknownToken } from '../support/provider-world.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.app.close())

const ways = [
  { name: 'Hub88', bet: '/transaction/bet', win: '/transaction/win' },
  { name: 'Caleta', bet: '/wallet/bet', win: '/wallet/win' },
] as const

describe.each(ways)('on the paths of $name', ({ bet: betPath, win: winPath }) => {
  test('a bet debits its stake and its win credits the payout (1)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    const reply = await scene.call(betPath, bet)
    expectOk(reply, 9_900n, session)
    expect(reply.body['request_uuid']).toBe(bet.request_uuid)
    expectOk(await scene.call(winPath, winFields(bet)), 10_100n, session)
    await expectCash(scene, session, 10_100n)
    expect(await scene.bets(session)).toEqual([
      { status: 'SETTLED', result: 'WON', stake: 100n, payout: 200n, late: false, round: 'COMPLETED' },
    ])
  })

  test('the same bet again is answered as the first and debits nothing (2)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call(betPath, bet)
    const again = await scene.call(betPath, { ...bet, request_uuid: randomUUID(), round_closed: true })
    expectOk(again, 9_900n, session)
    await expectCash(scene, session, 9_900n)
    expect(await scene.bets(session)).toHaveLength(1)
    const calls = await scene.calls(bet.transaction_uuid)
    expect(calls.map(({ verdict, effect }) => [verdict, effect])).toEqual([
      ['OK', 'EFFECT'],
      ['REPLAY', 'DUPLICATE'],
    ])
  })

  test('the same win again is answered as the first and credits nothing (4)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call(betPath, bet)
    const win = winFields(bet)
    await scene.call(winPath, win)
    expectOk(await scene.call(winPath, { ...win, request_uuid: randomUUID() }), 10_100n, session)
    await expectCash(scene, session, 10_100n)
  })

  test('a win that names an unknown bet pays nothing (5)', async () => {
    const session = await scene.player()
    const win = winFields(betFields(session))
    const reply = await scene.call(winPath, win)
    expect([reply.http, reply.status]).toEqual([200, 'RS_ERROR_TRANSACTION_DOES_NOT_EXIST'])
    await expectCash(scene, session, 10_000n)
  })
})

describe('an id used again with other contents (3)', () => {
  const changes: readonly (readonly [string, object])[] = [
    ['amount', { amount: 200_000 }],
    ['round', { round: 'another-round' }],
    ['game', { game_code: 'reel_quest_ii' }],
    ['free bet', { is_free: true }],
  ]
  test.each(changes)('another %s is a conflict without effect', async (_, change) => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    const reply = await scene.call('/transaction/bet', { ...bet, ...change })
    expect(reply.status).toBe('RS_ERROR_DUPLICATE_TRANSACTION')
    expect(reply.balance).toBeUndefined()
    await expectCash(scene, session, 9_900n)
    expect((await scene.calls(bet.transaction_uuid)).at(-1)).toMatchObject({
      verdict: 'DUPLICATE_CONFLICT',
      effect: 'REJECTED',
    })
  })

  test('another player is a conflict without effect on either', async () => {
    const [first, second] = [await scene.player(), await scene.player()]
    const bet = betFields(first)
    await scene.call('/transaction/bet', bet)
    const reply = await scene.call('/transaction/bet', { ...bet, token: second.token, user: second.user })
    expect(reply.status).toBe('RS_ERROR_DUPLICATE_TRANSACTION')
    await expectCash(scene, first, 9_900n)
    await expectCash(scene, second, 10_000n)
  })

  test('a win whose id is the id of its bet is a conflict (32)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    const win = winFields(bet, { transaction_uuid: bet.transaction_uuid })
    expect((await scene.call('/transaction/win', win)).status).toBe('RS_ERROR_DUPLICATE_TRANSACTION')
    await expectCash(scene, session, 9_900n)
  })
})

describe('sessions and players', () => {
  test('a win is paid after its token has expired (11)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    await scene.app.database.sql`
      update sessions set expires_at = now() - interval '1 minute' where id = ${session.id}`
    expectOk(await scene.call('/transaction/win', winFields(bet)), 10_100n, session)
    await expectCash(scene, session, 10_100n)
  })

  test.each([{ expired: true }, { closed: true }])(
    'a bet with a session %o is refused (12)',
    async (given) => {
      const session = await scene.player(given)
      const reply = await scene.call('/transaction/bet', betFields(session))
      expect(reply.status).toBe('RS_ERROR_TOKEN_EXPIRED')
      await expectCash(scene, session, 10_000n)
    },
  )

  test('a bet with an unknown token is refused, and so is one that names another player', async () => {
    const [session, other] = [await scene.player(), await scene.player()]
    for (const given of [{ token: unknownToken() }, { user: other.user }]) {
      const reply = await scene.call('/transaction/bet', betFields(session, given))
      expect(reply.status).toBe('RS_ERROR_INVALID_TOKEN')
      expect(reply.balance).toBeUndefined()
    }
    await expectCash(scene, session, 10_000n)
    await expectCash(scene, other, 10_000n)
  })

  test('a bet above the balance is refused with the true balance (13)', async () => {
    const session = await scene.player({ cashMinor: 99n })
    const bet = betFields(session)
    const reply = await scene.call('/transaction/bet', bet)
    expect(reply).toMatchObject({ http: 200, status: 'RS_ERROR_NOT_ENOUGH_MONEY', balance: '99000' })
    expect(reply.body).toMatchObject({ user: session.user, currency: 'EUR' })
    await expectCash(scene, session, 99n, 99n)
    const [call] = await scene.calls(bet.transaction_uuid)
    expect(call).toMatchObject({
      verdict: 'FUNDS',
      effect: 'DECLINED',
      playerId: session.player.id,
      betId: null,
    })
  })

  test('a declined bet stays declined when the money is there', async () => {
    const session = await scene.player({ cashMinor: 50n })
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    await scene.app.database.sql`update wallets set cash_minor = 9999 where id = ${session.player.walletId}`
    const again = await scene.call('/transaction/bet', bet)
    expect(again).toMatchObject({ status: 'RS_ERROR_NOT_ENOUGH_MONEY', balance: '9999000' })
    expect(await scene.bets(session)).toEqual([])
  })

  test('a blocked player cannot bet and is still paid (14)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    await scene.app.database.sql`update players set status = 'BLOCKED' where id = ${session.player.id}`
    const refused = await scene.call('/transaction/bet', betFields(session))
    expect(refused.status).toBe('RS_ERROR_USER_DISABLED')
    expectOk(await scene.call('/transaction/win', winFields(bet)), 10_100n, session)
    await expectCash(scene, session, 10_100n)
  })
})

describe('currencies and games', () => {
  test('a bet in another currency than the session is refused (15)', async () => {
    const session = await scene.player()
    for (const currency of ['USD', 'BTC', 'ABC']) {
      const reply = await scene.call('/transaction/bet', betFields(session, { currency }))
      expect([currency, reply.http, reply.status]).toEqual([currency, 200, 'RS_ERROR_WRONG_CURRENCY'])
    }
    await expectCash(scene, session, 10_000n)
  })

  test.each(['switched_off', 'never_heard_of'])('a bet in the game %s is refused', async (game_code) => {
    const session = await scene.player()
    const reply = await scene.call('/transaction/bet', betFields(session, { game_code }))
    expect(reply.status).toBe('RS_ERROR_INVALID_GAME')
    await expectCash(scene, session, 10_000n)
  })

  test('a bet in another game of the provider than the session began with is taken', async () => {
    const session = await scene.player()
    const bet = betFields(session, { game_code: 'reel_quest_ii' })
    expectOk(await scene.call('/transaction/bet', bet), 9_900n, session)
  })
})

describe('rounds', () => {
  test('a win of zero closes the round as lost (18)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    expectOk(await scene.call('/transaction/win', winFields(bet, { amount: 0 })), 9_900n, session)
    await expectCash(scene, session, 9_900n)
    expect(await scene.bets(session)).toEqual([
      { status: 'SETTLED', result: 'LOST', stake: 100n, payout: 0n, late: false, round: 'COMPLETED' },
    ])
  })

  test('a bet that closes its round is lost at once', async () => {
    const session = await scene.player()
    expectOk(
      await scene.call('/transaction/bet', betFields(session, { round_closed: true })),
      9_900n,
      session,
    )
    expect(await scene.bets(session)).toMatchObject([{ result: 'LOST', round: 'COMPLETED' }])
  })

  test('two bets and one win of a round add up (20)', async () => {
    const session = await scene.player()
    const first = betFields(session)
    const second = betFields(session, { round: first.round, amount: 250_000 })
    expectOk(await scene.call('/transaction/bet', first), 9_900n, session)
    expectOk(await scene.call('/transaction/bet', second), 9_650n, session)
    expectOk(await scene.call('/transaction/win', winFields(second, { amount: 700_000 })), 10_350n, session)
    await expectCash(scene, session, 10_350n)
    expect(await scene.bets(session)).toMatchObject([
      { result: 'LOST', stake: 100n, payout: 0n, round: 'COMPLETED' },
      { result: 'WON', stake: 250n, payout: 700n, round: 'COMPLETED' },
    ])
  })

  test('one bet and two wins of a round add up (20)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    const wins = [winFields(bet, { amount: 50_000, round_closed: false }), winFields(bet, { amount: 75_000 })]
    for (const win of wins) await scene.call('/transaction/win', win)
    await expectCash(scene, session, 10_025n)
    expect(await scene.bets(session)).toMatchObject([{ result: 'WON', payout: 125n, round: 'COMPLETED' }])
  })

  test('a win that names a bet of another player, or another win, pays nothing (33)', async () => {
    const [session, other] = [await scene.player(), await scene.player()]
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    const win = winFields(bet, { round_closed: false })
    await scene.call('/transaction/win', win)
    const stolen = winFields({ ...bet, token: other.token, user: other.user })
    const onAWin = winFields(bet, { reference_transaction_uuid: win.transaction_uuid })
    for (const fields of [stolen, onAWin]) {
      const reply = await scene.call('/transaction/win', fields)
      expect(reply.status).toBe('RS_ERROR_TRANSACTION_DOES_NOT_EXIST')
    }
    await expectCash(scene, session, 10_100n)
    await expectCash(scene, other, 10_000n)
  })
})

describe('amounts are exact (22)', () => {
  test.each([
    { main: '0.29', amount: 29_000, minor: 29n },
    { main: '4.35', amount: 435_000, minor: 435n },
    { main: '0.01', amount: 1_000, minor: 1n },
    { main: '0.00', amount: 0, minor: 0n },
  ])('a bet of $main debits $minor', async ({ amount, minor }) => {
    const session = await scene.player()
    expectOk(await scene.call('/transaction/bet', betFields(session, { amount })), 10_000n - minor, session)
    await expectCash(scene, session, 10_000n - minor)
  })

  test('the largest amount goes out and comes back to the unit, in texts beyond 2^53', async () => {
    const largest = 10n ** 15n
    const session = await scene.player({ cashMinor: largest + 1n })
    const bet = betFields(session, { amount: '#' })
    const text = JSON.stringify(bet).replace('"#"', String(largest * 1000n))
    expectOk(await scene.post('/transaction/bet', text), 1n, session)
    const win = JSON.stringify(winFields(bet, { amount: '#' })).replace('"#"', String(largest * 1000n))
    expectOk(await scene.post('/transaction/win', win), largest + 1n, session)
    await expectCash(scene, session, largest + 1n, largest + 1n)
  })

  test('yen have no decimals, dinars three', async () => {
    const yen = await scene.player({ currency: 'JPY', cashMinor: 500n })
    const reply = await scene.call('/transaction/bet', betFields(yen, { currency: 'JPY', amount: 100_000 }))
    expect([reply.status, reply.balance]).toEqual(['RS_OK', '49900000'])
    const dinars = await scene.player({ currency: 'KWD', cashMinor: 5_000n })
    const bet = betFields(dinars, { currency: 'KWD', amount: 100 })
    expect((await scene.call('/transaction/bet', bet)).balance).toBe('499900')
    await expectCash(scene, dinars, 4_999n, 5_000n)
  })
})
