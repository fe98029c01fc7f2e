import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openScene, type Scene } from '../support/hub88-scene.ts'
import { unknownToken, type WorldSession } from '../support/provider-world.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.app.close())

const asking = ({ token, user }: WorldSession) => ({ token, user, request_uuid: randomUUID() })

const recorded = (attempt: string) => scene.app.database.sql`
  select operation, verdict, effect, signature, path, player_id as player, session_id as session, http_status as http
  from provider_calls where attempt_key = ${attempt}`

test.each(['/user/balance', '/wallet/balance'] as const)(
  '%s answers the cash and is recorded',
  async (path) => {
    const session = await scene.player({ cashMinor: 1_234n })
    const fields = asking(session)
    const reply = await scene.call(path, fields)
    const who = `"user":"${session.user}","status":"RS_OK","request_uuid":"${fields.request_uuid}"`
    expect(reply.text).toBe(`{${who},"currency":"EUR","balance":1234000}`)
    expect([...(await recorded(fields.request_uuid))]).toEqual([
      {
        operation: 'BALANCE',
        verdict: 'OK',
        effect: 'READ',
        signature: 'VALID',
        path,
        player: session.player.id,
        session: session.id,
        http: 200,
      },
    ])
  },
)

test('a balance is answered with an expired token, not with an unknown one or for another player', async () => {
  const [expired, other] = [await scene.player({ expired: true }), await scene.player()]
  expect((await scene.call('/user/balance', asking(expired))).status).toBe('RS_OK')
  for (const given of [{ token: unknownToken() }, { user: other.user }]) {
    const reply = await scene.call('/user/balance', { ...asking(expired), ...given })
    expect(reply.status).toBe('RS_ERROR_INVALID_TOKEN')
    expect(reply.balance).toBeUndefined()
  }
})

test('user info says who the player is to the provider, and nothing personal', async () => {
  const { user } = await scene.player()
  const request_uuid = randomUUID()
  const reply = await scene.call('/user/info', { user, request_uuid })
  const registration_date = new Date().toISOString().slice(0, 10)
  expect(reply.body).toEqual({ user, status: 'RS_OK', request_uuid, country: 'EE', registration_date })
  const nobody = await scene.call('/user/info', { user: 'nobody', request_uuid })
  expect(nobody.body).toEqual({ status: 'RS_ERROR_INVALID_TOKEN', request_uuid })
  expect((await recorded(request_uuid)).map(({ verdict }) => verdict)).toEqual(['OK', 'PLAYER_UNKNOWN'])
})

test('a token check echoes a good token, with no status, and refuses the others', async () => {
  const [open, expired] = [await scene.player(), await scene.player({ expired: true })]
  expect((await scene.call('/wallet/check', { token: open.token })).body).toEqual({ token: open.token })
  expect((await scene.call('/wallet/check', { token: expired.token })).status).toBe('RS_ERROR_TOKEN_EXPIRED')
  expect((await scene.call('/wallet/check', { token: unknownToken() })).status).toBe('RS_ERROR_INVALID_TOKEN')
})
