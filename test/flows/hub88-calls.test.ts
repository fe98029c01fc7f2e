import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { betFields, generateKeys, hub88Client } from '../support/hub88-client.ts'
import { openScene, type Scene } from '../support/hub88-scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.app.close())

test('a bet leaves its call: raw but for the token, with the reply sent and links to what it did', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  const text = JSON.stringify(bet)
  const before = Date.now()
  const headers = {
    'X-Msg-Timestamp': '2026-01-17 08:13:17.985795+00:00',
    'X-Request-Id': 'attempt-7',
    'X-Unknown': 'not worth keeping',
  }
  const reply = await scene.post('/transaction/bet', text, { headers })
  const [row] = await scene.app.database.sql`
    select c.*, convert_from(c.request_body, 'UTF8') as request, convert_from(c.reply_body, 'UTF8') as reply,
      b.id as bet, b.round_id as round, b.transaction_id as transaction
    from provider_calls c join bets b on b.transaction_key = c.transaction_key
    where c.transaction_key = ${bet.transaction_uuid}`
  expect(row).toMatchObject({
    brand_id: scene.world.brandId,
    provider_account_id: scene.world.accountId,
    direction: 'INBOUND',
    operation: 'BET',
    path: '/transaction/bet',
    signature: 'VALID',
    verdict: 'OK',
    effect: 'EFFECT',
    http_status: 200,
    attempt_key: bet.request_uuid,
    player_id: session.player.id,
    session_id: session.id,
    request_id: 'attempt-7',
    request_bytes: Buffer.byteLength(text),
    request_truncated: false,
    request: text.replace(session.token, '[redacted]'),
    reply: reply.text,
  })
  expect([row?.['bet_id'], row?.['round_id'], row?.['transaction_id']]).toEqual([
    row?.['bet'],
    row?.['round'],
    row?.['transaction'],
  ])
  expect(row?.['provider_time']).toEqual(new Date('2026-01-17T08:13:17.985Z'))
  expect(row?.['request_digest']).toEqual(createHash('sha256').update(text).digest())
  expect(Object.keys(row?.['request_headers']).sort()).toEqual([
    'content-type',
    'user-agent',
    'x-hub88-signature',
    'x-msg-timestamp',
  ])
  const [received, decided] = [row?.['received_at'] as Date, row?.['decided_at'] as Date]
  expect(received.getTime()).toBeGreaterThanOrEqual(before)
  expect(decided.getTime()).toBeGreaterThanOrEqual(received.getTime())
  expect(row?.['latency_us']).toBeGreaterThan(0)
  expect(row?.['latency_us']).toBeLessThan(5_000_000)
})

test('a long body is kept up to 16 KiB, with its full size and digest', async () => {
  const session = await scene.player()
  const bet = betFields(session, { bet: 'x'.repeat(40_000) })
  const text = JSON.stringify(bet)
  await scene.post('/transaction/bet', text)
  const [row] = await scene.app.database.sql`
    select octet_length(request_body) as kept, request_bytes as bytes, request_truncated as truncated,
      request_digest as digest
    from provider_calls where transaction_key = ${bet.transaction_uuid}`
  // The token made room for a shorter mark.
  const shorter = session.token.length - '[redacted]'.length
  expect(row).toEqual({
    kept: 16 * 1024 - shorter,
    bytes: text.length,
    truncated: true,
    digest: createHash('sha256').update(text).digest(),
  })
})

test('a call that was refused by an exact rule is recorded once, and leaves no transaction', async () => {
  const session = await scene.player()
  const bet = betFields(session, { currency: 'BTC' })
  await scene.call('/transaction/bet', bet)
  expect(await scene.calls(bet.transaction_uuid)).toMatchObject([{ verdict: 'CURRENCY', effect: 'DECLINED' }])
})

test('no token is found in any table nor in the log, however it was sent', async () => {
  const canary = `canary${randomBytes(12).toString('hex')}`
  const session = await scene.player({ token: canary })
  const stranger = hub88Client(scene.app.url, scene.world.accountCode, generateKeys().privateKey)
  const bet = JSON.stringify(betFields(session))
  const escaped = bet.replace('"token"', '"tok\\u0065n"').replace(canary, `\\u0063${canary.slice(1)}`)
  const bodies = [
    bet,
    bet.replace('"token":', '"token" :\n\t'),
    bet.slice(0, -1),
    bet.slice(0, bet.indexOf(canary) + canary.length),
    escaped,
    escaped.slice(0, -1),
    bet.replace(`"${canary}"`, `["a", "${canary}"]`),
    bet.replace(`"${canary}"`, `{"a": 1, "b": "${canary}"}`),
    bet.replace('"alias-1"', `"${canary}"`),
    bet.replace('100000', `"x", "api_key": "${canary}"`),
    `token=${canary}&amount=1`,
    `{token: '${canary}'`,
    `"{\\"token\\":\\"${canary}\\"}"`,
    `Authorization: Bearer ${canary}`,
  ]
  const headers = { Authorization: `Bearer ${canary}`, Cookie: canary, 'X-Token': canary }
  for (const body of bodies) {
    await scene.post('/transaction/bet', body, { headers })
    await stranger.post('/transaction/win', body, { headers })
    await scene.post('/wallet/check', body, { headers })
  }
  await scene.call('/wallet/check', { token: canary })
  await scene.post(`/transaction/bet?token=${canary}`, bet)

  const tables = await scene.app.database.sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`
  expect(tables.length).toBeGreaterThan(30)
  for (const { name } of tables) expect([name, await finds(name, canary)]).toEqual([name, 0])
  // The search itself can find: what was sent along openly is there.
  expect(await finds('provider_calls', 'reel_quest')).toBeGreaterThan(0)
  expect(scene.app.logLines.length).toBeGreaterThan(0)
  expect(scene.app.logLines.filter((line) => line.includes(canary))).toEqual([])
})

/** How many rows of a table hold the text: as text, or as the bytes of a bytea, which print as hex. */
async function finds(table: string, text: string): Promise<number> {
  const hex = Buffer.from(text).toString('hex')
  const [row] = await scene.app.database.sql.unsafe<{ found: number }[]>(
    `select count(*)::int as found from ${table} t where t::text like $1 or t::text like $2`,
    [`%${text}%`, `%${hex}%`],
  )
  return row?.found ?? -1
}
