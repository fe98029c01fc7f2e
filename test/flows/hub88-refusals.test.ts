import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { betFields, generateKeys, hub88Client, rollbackFields, winFields } from '../support/hub88-client.ts'
import { expectCash, expectOk, openScene, type Scene } from '../support/hub88-scene.ts'
import { startProviderApp } from '../support/provider-app.ts'
import { addAccount } from '../support/provider-world.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.app.close())

const transactionsOf = async (key: string): Promise<number> =>
  (await scene.app.database.sql`select 1 from transactions where transaction_key = ${key}`).length

describe('signatures (16)', () => {
  test('a body with one byte changed after signing is refused, whichever byte it is', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    const text = JSON.stringify(bet)
    for (const position of [0, text.indexOf('100000'), text.length - 1]) {
      const changed = Buffer.from(text)
      changed[position] = (changed[position] ?? 0) ^ 1
      const reply = await scene.post('/transaction/bet', changed, { signedBytes: text })
      expect([reply.http, reply.status]).toEqual([200, 'RS_ERROR_INVALID_SIGNATURE'])
    }
    await expectCash(scene, session, 10_000n)
    expect(await transactionsOf(bet.transaction_uuid)).toBe(0)
  })

  test('the id of a badly signed bet is not burnt: the true bet is taken', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    const refused = await scene.call('/transaction/bet', bet, { signature: 'AAAA' })
    expect(refused.body).toEqual({ status: 'RS_ERROR_INVALID_SIGNATURE', request_uuid: bet.request_uuid })
    expectOk(await scene.call('/transaction/bet', bet), 9_900n, session)
  })

  test.each([
    ['no signature', null],
    ['a signature that is not base64', '%%%'],
    ['an empty signature', ''],
    ['the signature of another key', undefined],
  ])('%s is refused', async (_, signature) => {
    const session = await scene.player()
    const stranger = hub88Client(scene.app.url, scene.world.accountCode, generateKeys().privateKey)
    const options = signature === undefined ? {} : { signature }
    const reply = await stranger.call('/wallet/bet', betFields(session), options)
    expect([reply.http, reply.status]).toEqual([200, 'RS_ERROR_INVALID_SIGNATURE'])
    await expectCash(scene, session, 10_000n)
  })
})

describe('keys', () => {
  test('either header and either of two keys is taken on either path set', async () => {
    const { sql } = scene.app.database
    const [old, next] = [generateKeys(), generateKeys()]
    const publicKeys = ['not a key', old.publicKey, next.publicKey]
    const account = await addAccount(sql, { ...scene.world, code: 'two-keys', publicKeys })
    const session = await scene.player()
    await sql`update sessions set provider_account_id = ${account.accountId} where id = ${session.id}`
    for (const { privateKey } of [old, next]) {
      const client = hub88Client(scene.app.url, 'two-keys', privateKey)
      for (const signatureHeader of ['X-Hub88-Signature', 'X-Auth-Signature'] as const) {
        const fields = { ...session, player: undefined, request_uuid: randomUUID() }
        const reply = await client.call('/user/balance', fields, { signatureHeader })
        expectOk(reply, 10_000n, session)
      }
    }
  })

  test('a flood of bad signatures is answered in full and recorded in part', async () => {
    const account = await addAccount(scene.app.database.sql, {
      ...scene.world,
      code: 'flooded',
      publicKeys: [scene.keys.publicKey],
    })
    const stranger = hub88Client(scene.app.url, 'flooded', generateKeys().privateKey)
    const body = JSON.stringify({ request_uuid: randomUUID(), filler: 'x'.repeat(4000) })
    const replies = await Promise.all(
      Array.from({ length: 60 }, () => stranger.post('/transaction/bet', body)),
    )
    expect(replies.filter((reply) => reply.status === 'RS_ERROR_INVALID_SIGNATURE')).toHaveLength(60)
    const rows = await scene.app.database.sql<{ kept: number; bytes: number; digest: number }[]>`
      select octet_length(request_body) as kept, request_bytes as bytes, octet_length(request_digest) as digest
      from provider_calls where provider_account_id = ${account.accountId} and signature = 'INVALID'`
    expect(rows.length).toBeGreaterThanOrEqual(20)
    expect(rows.length).toBeLessThan(60)
    expect(rows[0]).toEqual({ kept: 1024, bytes: body.length, digest: 32 })
  })
})

describe('bodies (17)', () => {
  const broken: readonly (readonly [string, string | Buffer])[] = [
    ['nothing', ''],
    ['no JSON', 'token=abc'],
    ['half an object', '{"token":"abc"'],
    ['a key that stands twice', '{"amount":1,"amount":2}'],
    ['deep nesting', '['.repeat(5000) + ']'.repeat(5000)],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ]
  test.each(broken)('%s is wrong syntax', async (_, body) => {
    const reply = await scene.post('/transaction/bet', body)
    expect([reply.http, reply.status]).toEqual([200, 'RS_ERROR_WRONG_SYNTAX'])
  })

  const wrong: readonly (readonly [string, object])[] = [
    ['an amount in a text', { amount: '100000' }],
    ['a negative amount', { amount: -100_000 }],
    ['an amount with a fraction', { amount: 100_000.5 }],
    ['an amount finer than a cent', { amount: 100_001 }],
    ['an amount beyond the largest', { amount: 10 ** 20 }],
    ['a flag in a text', { round_closed: 'true' }],
    ['a missing round', { round: undefined }],
    ['a missing player', { user: undefined }],
    ['an id of 129 bytes', { transaction_uuid: 'x'.repeat(129) }],
    ['an id with NUL', { transaction_uuid: 'x\0y' }],
    ['half a surrogate pair', { round: '\ud800' }],
    ['a token that is a number', { token: 7 }],
  ]
  test.each(wrong)('%s is a wrong type', async (_, change) => {
    const session = await scene.player()
    const bet = betFields(session, change)
    const reply = await scene.call('/transaction/bet', bet)
    expect([reply.http, reply.status]).toEqual([200, 'RS_ERROR_WRONG_TYPES'])
    expect(reply.body['request_uuid']).toBe(bet.request_uuid)
    await expectCash(scene, session, 10_000n)
  })

  test.each(['1e5', '100000.0', '0100000', '-0'])(
    'an amount written as %s is not an integer',
    async (amount) => {
      const session = await scene.player()
      const text = JSON.stringify(betFields(session, { amount: 987654 })).replace('987654', amount)
      const { status } = await scene.post('/transaction/bet', text)
      expect(status).toBe(amount === '0100000' ? 'RS_ERROR_WRONG_SYNTAX' : 'RS_ERROR_WRONG_TYPES')
      await expectCash(scene, session, 10_000n)
    },
  )

  test('a refused body is recorded with the operation it was sent to', async () => {
    const session = await scene.player()
    const bet = betFields(session, { amount: 'much' })
    await scene.call('/wallet/bet', bet)
    expect(await scene.calls(bet.transaction_uuid)).toMatchObject([
      {
        verdict: 'BAD_REQUEST',
        effect: 'REJECTED',
        signature: 'VALID',
        operation: 'BET',
        transactionId: null,
      },
    ])
    expect(await transactionsOf(bet.transaction_uuid)).toBe(0)
  })
})

describe('places', () => {
  test.each([
    ['an unknown account', 'nobody', '/transaction/bet'],
    ['an account code that cannot be', '%00', '/transaction/bet'],
    ['an unknown path', undefined, '/transaction/bets'],
    ['a path in other letters', undefined, '/Transaction/Bet'],
  ])('%s is not found', async (_, code, path) => {
    const client = hub88Client(scene.app.url, code ?? scene.world.accountCode, scene.keys.privateKey)
    const reply = await client.post(path, '{}')
    expect([reply.http, reply.body]).toEqual([404, { error: 'NOT_FOUND' }])
  })

  test('a body beyond 64 KiB is too large', async () => {
    const reply = await scene.post('/transaction/bet', `"${'x'.repeat(64 * 1024)}"`)
    expect([reply.http, reply.body]).toEqual([413, { error: 'TOO_LARGE' }])
  })

  test('the content type does not matter, the bytes do', async () => {
    const session = await scene.player()
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    expectOk(await scene.call('/transaction/bet', betFields(session), { headers }), 9_900n, session)
  })

  test('a session of another account of the same brand is unknown', async () => {
    const { sql } = scene.app.database
    const keys = generateKeys()
    await addAccount(sql, { ...scene.world, code: 'neighbour', publicKeys: [keys.publicKey] })
    const session = await scene.player()
    const neighbour = hub88Client(scene.app.url, 'neighbour', keys.privateKey)
    for (const path of ['/transaction/bet', '/user/balance'] as const) {
      const reply = await neighbour.call(path, betFields(session))
      expect([path, reply.status]).toEqual([path, 'RS_ERROR_INVALID_TOKEN'])
    }
    await expectCash(scene, session, 10_000n)
  })

  test('an account that is switched off takes no bet, but what is owed for those that it took', async () => {
    const { sql } = scene.app.database
    const session = await scene.player()
    const [won, taken, refused] = [betFields(session), betFields(session), betFields(session)]
    for (const bet of [won, taken]) expect((await scene.call('/transaction/bet', bet)).status).toBe('RS_OK')
    await sql`update provider_accounts set status = 'DISABLED' where id = ${scene.world.accountId}`
    const replies = [
      await scene.call('/transaction/bet', refused),
      await scene.call('/transaction/bet', won),
      await scene.call('/transaction/win', winFields(won)),
      await scene.call('/transaction/rollback', rollbackFields(taken)),
    ]
    await sql`update provider_accounts set status = 'ENABLED' where id = ${scene.world.accountId}`
    expect(replies.map(({ status }) => status)).toEqual(['RS_ERROR_INVALID_GAME', 'RS_OK', 'RS_OK', 'RS_OK'])
    expect((await scene.call('/transaction/bet', refused)).status).toBe('RS_ERROR_INVALID_GAME')
    const { amount: stake } = won
    const { amount: payout } = winFields(won)
    await expectCash(scene, session, 10_000n - BigInt(stake) / 1000n + BigInt(payout) / 1000n)
  })

  test('an account that is switched off answers no questions, and lets the provider ask again', async () => {
    const publicKeys = [scene.keys.publicKey]
    await addAccount(scene.app.database.sql, { ...scene.world, code: 'off', publicKeys, status: 'DISABLED' })
    const { token, user } = await scene.player()
    const client = hub88Client(scene.app.url, 'off', scene.keys.privateKey)
    const balance = { token, user, request_uuid: randomUUID() }
    expect((await client.call('/user/balance', balance)).status).toBe('RS_ERROR_INVALID_PARTNER')
    expect((await client.call('/wallet/balance', balance)).status).toBe('RS_ERROR_UNKNOWN')
  })
})

test('without its database the server answers unknown, which every provider asks again', async () => {
  const cut = await startProviderApp(scene.app.database)
  try {
    const session = await scene.player()
    const client = hub88Client(cut.url, scene.world.accountCode, scene.keys.privateKey)
    const balance = { token: session.token, user: session.user, request_uuid: randomUUID() }
    expectOk(await client.call('/user/balance', balance), 10_000n, session)
    await cut.cutDatabase()
    const unknown = { http: 200, status: 'RS_ERROR_UNKNOWN' }
    expect(await client.call('/user/balance', balance)).toMatchObject(unknown)
    expect(await client.call('/transaction/bet', betFields(session))).toMatchObject(unknown)
    const neverSeen = hub88Client(cut.url, 'never-asked-before', scene.keys.privateKey)
    expect(await neverSeen.call('/transaction/bet', betFields(session))).toMatchObject(unknown)
    expect((await neverSeen.post('/nowhere', '{}')).http).toBe(404)
    await expectCash(scene, session, 10_000n)
  } finally {
    await cut.close()
  }
})
