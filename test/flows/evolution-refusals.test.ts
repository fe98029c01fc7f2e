import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type EvolutionReply,
  evolutionClient,
  handFields,
  newHand,
  onHand,
} from '../support/evolution-client.ts'
import { type EvolutionScene, expectStatus, openEvolutionScene } from '../support/evolution-scene.ts'
import { startProviderApp } from '../support/provider-app.ts'
import { addAccount, unknownToken } from '../support/provider-world.ts'

let scene: EvolutionScene

beforeAll(async () => {
  scene = await openEvolutionScene()
})
afterAll(() => scene.app.close())

const expectRefused = (reply: EvolutionReply, http: number, status: string) =>
  expect({ http: reply.http, status: reply.status, balance: reply.balance }).toMatchObject({ http, status })

describe('tokens (16)', () => {
  test.each(['', 'authToken=', 'authToken=guessed-guessed-guessed', 'token=1', 'authToken=%'])(
    'with the query "%s" nobody comes in, on any path',
    async (query) => {
      const session = await scene.player()
      const fields = handFields(session, newHand())
      for (const path of ['/check', '/balance', '/debit', '/credit', '/cancel', '/promo_payout'] as const) {
        const reply = await scene.call(path, fields, query)
        expect([path, reply.http, reply.body]).toEqual([
          path,
          401,
          { status: 'INVALID_TOKEN_ID', uuid: fields.uuid },
        ])
      }
      await scene.expectMoney(session, 10_000n)
      expect(await scene.bets(session)).toEqual([])
    },
  )

  test('either of two tokens is accepted while one is replaced', async () => {
    const { sql } = scene.app.database
    const sharedSecrets = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
    const given = { ...scene.world, dialect: 'evolution', publicKeys: [], sharedSecrets }
    const account = await addAccount(sql, { ...given, code: 'two-tokens' })
    const session = await scene.player()
    await sql`update sessions set provider_account_id = ${account.accountId} where id = ${session.id}`
    for (const token of sharedSecrets) {
      const client = evolutionClient(scene.app.url, 'two-tokens', token)
      expectStatus(await client.balance(session), 'OK', '100.000000')
    }
  })
})

describe('sessions and players', () => {
  test('a debit needs a session that goes on (12)', async () => {
    for (const given of [{ expired: true }, { closed: true }]) {
      const session = await scene.player(given)
      expectStatus(await scene.debit(session, newHand()), 'INVALID_SID', '100.000000')
      expectStatus(await scene.check(session), 'INVALID_SID')
      await scene.expectMoney(session, 10_000n)
    }
    const session = await scene.player()
    const unknown = { ...session, token: unknownToken() }
    for (const reply of [await scene.debit(unknown, newHand()), await scene.balance(unknown)]) {
      expectStatus(reply, 'INVALID_SID')
    }
  })

  test('a credit is paid after its session has expired (11), and a cancel without any session (36)', async () => {
    const session = await scene.player()
    const [won, taken] = [newHand(), newHand()]
    await scene.debit(session, won)
    await scene.debit(session, taken)
    await scene.app.database.sql`
      update sessions set expires_at = now() - interval '1 minute' where id = ${session.id}`
    expectStatus(await scene.credit(session, onHand(won, { amount: 2 })), 'OK', '100.000000')
    const unknown = { ...session, token: unknownToken() }
    expectStatus(await scene.cancel(unknown, taken), 'OK', '101.000000')
    await scene.expectMoney(session, 10_100n)
  })

  test('a blocked player stakes nothing, and is paid and given back what was staked (14, 30)', async () => {
    const session = await scene.player()
    const [won, taken] = [newHand(), newHand()]
    await scene.debit(session, won)
    await scene.debit(session, taken)
    await scene.app.database.sql`update players set status = 'BLOCKED' where id = ${session.player.id}`
    expectStatus(await scene.debit(session, newHand()), 'ACCOUNT_LOCKED', '98.000000')
    expectStatus(await scene.credit(session, onHand(won, { amount: 2 })), 'OK', '100.000000')
    expectStatus(await scene.cancel(session, taken), 'OK', '101.000000')
    await scene.expectMoney(session, 10_100n)
  })

  test('another userId than that of the session moves nothing', async () => {
    const session = await scene.player()
    const wrong = { ...session, user: 'somebody-else' }
    expectStatus(await scene.check(wrong), 'INVALID_SID')
    expectStatus(await scene.balance(wrong), 'INVALID_SID')
    const hand = newHand({ amount: 10 })
    expectStatus(await scene.debit(wrong, hand), 'INVALID_SID')
    expectStatus(await scene.debit(session, hand), 'OK', '90.000000')
    expectStatus(await scene.credit(wrong, onHand(hand)), 'BET_DOES_NOT_EXIST')
    await scene.expectMoney(session, 9_000n)
    expectStatus(await scene.credit(session, onHand(hand)), 'OK', '100.000000')
  })

  test("another player's cancel gives nothing back, and leaves the bet open", async () => {
    const [owner, stranger] = [await scene.player(), await scene.player()]
    const hand = newHand()
    await scene.debit(owner, hand)
    expectStatus(await scene.cancel(stranger, onHand(hand)), 'BET_DOES_NOT_EXIST', '100.000000')
    expect(await scene.bets(owner)).toMatchObject([{ status: 'OPEN' }])
    expectStatus(await scene.cancel(owner, hand), 'OK', '100.000000')
    await scene.expectMoney(stranger, 10_000n)
  })
})

describe('money and games', () => {
  test('a stake beyond the balance is refused with the true balance (13)', async () => {
    const session = await scene.player()
    expectStatus(await scene.debit(session, newHand({ amount: 300 })), 'INSUFFICIENT_FUNDS', '100.000000')
    await scene.expectMoney(session, 10_000n)
  })

  test('another currency than that of the session is a wrong parameter (15)', async () => {
    const session = await scene.player()
    expectRefused(await scene.debit(session, newHand({ currency: 'USD' })), 400, 'INVALID_PARAMETER')
    expectRefused(await scene.balance(session, 'USD'), 400, 'INVALID_PARAMETER')
    expectRefused(await scene.balance(session, 'BTC'), 400, 'INVALID_PARAMETER')
    const hand = newHand()
    await scene.debit(session, hand)
    const credit = onHand(hand, { currency: 'USD' })
    expectRefused(await scene.credit(session, credit), 400, 'INVALID_PARAMETER')
    expectStatus(await scene.credit(session, onHand(hand)), 'OK', '100.000000')
  })

  test('a currency without a smaller unit takes whole amounts, and is shown with six places', async () => {
    const session = await scene.player({ currency: 'JPY', cashMinor: 500n })
    const hand = newHand({ currency: 'JPY', amount: 20 })
    expectStatus(await scene.debit(session, hand), 'OK', '480.000000')
    expectRefused(
      await scene.debit(session, newHand({ currency: 'JPY', amount: 0.5 })),
      400,
      'INVALID_PARAMETER',
    )
  })

  test.each(['switched_off', 'no_such_table'])('the table %s takes no stakes', async (table) => {
    const session = await scene.player()
    expectRefused(await scene.debit(session, newHand({ table })), 400, 'INVALID_PARAMETER')
    await scene.expectMoney(session, 10_000n)
  })
})

describe('bodies (17)', () => {
  test.each(['', 'sid=1', '{"sid":"a"', '{"sid":"a","sid":"b"}', '[]', 'null', '5'])(
    'the body %s is a wrong parameter',
    async (body) => expectRefused(await scene.post('/debit', body), 400, 'INVALID_PARAMETER'),
  )

  test('a wrong field leaves its call and nothing else, and the field is named in the log', async () => {
    const session = await scene.player()
    const fields = handFields(session, newHand())
    const logged = scene.app.logLines.length
    const reply = await scene.call('/debit', {
      ...fields,
      transaction: { ...fields.transaction, amount: '1' },
    })
    expect([reply.http, reply.body]).toEqual([400, { status: 'INVALID_PARAMETER', uuid: fields.uuid }])
    const rows = await scene.app.database.sql`
      select operation, verdict, effect, http_status, transaction_id from provider_calls
      where attempt_key = ${fields.uuid}`
    expect(rows).toEqual([
      {
        operation: 'DEBIT',
        verdict: 'BAD_REQUEST',
        effect: 'REJECTED',
        http_status: 400,
        transaction_id: null,
      },
    ])
    expect(scene.app.logLines.slice(logged)).toEqual([
      expect.stringContaining('"field":"transaction.amount"'),
    ])
    await scene.expectMoney(session, 10_000n)
  })
})

test('unknown paths and other methods are not found', async () => {
  const { url } = scene.app
  const base = `${url}/providers/${scene.world.accountCode}`
  const query = `?authToken=${scene.authToken}`
  const post = (path: string) => fetch(`${base}${path}${query}`, { method: 'POST', body: '{}' })
  for (const path of ['/bet', '/Debit', '/debit/'])
    expect([path, (await post(path)).status]).toEqual([path, 404])
  expect((await fetch(`${base}/balance${query}`)).status).toBe(404)
})

test('a disabled account, and a server without its database, may be asked again', async () => {
  const { sql } = scene.app.database
  const sharedSecrets = [scene.authToken]
  const given = { ...scene.world, dialect: 'evolution', publicKeys: [], sharedSecrets }
  await addAccount(sql, { ...given, code: 'off', status: 'DISABLED' })
  const session = await scene.player()
  const again = { http: 200, body: { status: 'TEMPORARY_ERROR', retransmission: true } }
  const off = evolutionClient(scene.app.url, 'off', scene.authToken)
  expect(await off.balance(session)).toMatchObject(again)
  const cut = await startProviderApp(scene.app.database)
  try {
    const client = evolutionClient(cut.url, scene.world.accountCode, scene.authToken)
    expectStatus(await client.balance(session), 'OK', '100.000000')
    await cut.cutDatabase()
    for (const reply of [await client.balance(session), await client.debit(session, newHand())]) {
      expect(reply).toMatchObject(again)
    }
  } finally {
    await cut.close()
  }
  await scene.expectMoney(session, 10_000n)
})
