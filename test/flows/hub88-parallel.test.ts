import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  betFields,
  type Hub88Client,
  hub88Client,
  type Path,
  rollbackFields,
  type WireReply,
} from '../support/hub88-client.ts'
import { signBody } from '../../src/integrations/hub88/sign.ts'
import { type CallRow, expectCash, expectOk, openScene, type Scene } from '../support/hub88-scene.ts'
import { type ProviderApp, startProviderApp } from '../support/provider-app.ts'

// Two servers on one database: sameness and order cannot rest on what one process remembers.
let scene: Scene
let second: ProviderApp
let clients: Hub88Client[]

beforeAll(async () => {
  scene = await openScene()
  second = await startProviderApp(scene.app.database)
  clients = [scene, hub88Client(second.url, scene.world.accountCode, scene.keys.privateKey)]
})
afterAll(async () => {
  await second.close()
  await scene.app.close()
})

const call = (index: number, path: Path, fields: object): Promise<WireReply> =>
  (clients[index % 2] ?? scene).call(path, fields)

const fifty = Array.from({ length: 50 }, (_, index) => index)

test('fifty identical bets at once are one debit and fifty good answers (23)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  const replies = await Promise.all(
    fifty.map((index) => call(index, '/transaction/bet', { ...bet, request_uuid: randomUUID() })),
  )
  for (const reply of replies) expectOk(reply, 9_900n, session)
  await expectCash(scene, session, 9_900n)
  const calls = await scene.calls(bet.transaction_uuid)
  expect(calls.filter((call) => call.effect === 'EFFECT')).toHaveLength(1)
  expect(calls.filter((call) => call.effect === 'DUPLICATE')).toHaveLength(49)
})

test('fifty bets at once on cash for thirty: thirty are taken and the balance is zero (24)', async () => {
  const session = await scene.player({ cashMinor: 3_000n })
  const replies = await Promise.all(fifty.map((index) => call(index, '/transaction/bet', betFields(session))))
  expect(replies.filter((reply) => reply.status === 'RS_OK')).toHaveLength(30)
  expect(replies.filter((reply) => reply.status === 'RS_ERROR_NOT_ENOUGH_MONEY')).toHaveLength(20)
  const taken = replies.filter((reply) => reply.status === 'RS_OK').map((reply) => Number(reply.balance))
  expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index * 100_000))
  await expectCash(scene, session, 0n, 3_000n)
})

describe('a bet and its rollback at once (25)', () => {
  test('fifty pairs leave nothing behind, whichever comes first', async () => {
    const session = await scene.player()
    const bets = fifty.map(() => betFields(session))
    const pairs = await Promise.all(
      bets.flatMap((bet, index) => {
        const calls = [
          () => call(index, '/transaction/bet', bet),
          () => call(index + 1, '/transaction/rollback', rollbackFields(bet)),
        ]
        return (index % 2 ? calls.toReversed() : calls).map((send) => send())
      }),
    )
    for (const { http, status } of pairs) {
      expect(http).toBe(200)
      expect(['RS_OK', 'RS_ERROR_DUPLICATE_TRANSACTION']).toContain(status)
    }
    await expectCash(scene, session, 10_000n)
    expect((await scene.bets(session)).filter((bet) => bet.status !== 'ROLLED_BACK')).toEqual([])
  })

  test('every bet that was refused has a tombstone, every other is rolled back', async () => {
    const session = await scene.player()
    const bets = fifty.map(() => betFields(session))
    const refused = await Promise.all(
      bets.map(async (bet, index) => {
        const rollback = call(index, '/transaction/rollback', rollbackFields(bet))
        const { status } = await call(index + 1, '/transaction/bet', bet)
        await rollback
        return status === 'RS_ERROR_DUPLICATE_TRANSACTION'
      }),
    )
    const rows = await scene.app.database.sql<{ kind: string }[]>`
      select kind from transactions
      where transaction_key = any(${bets.map((bet) => bet.transaction_uuid)}) and kind = 'TOMBSTONE'`
    expect(rows).toHaveLength(refused.filter(Boolean).length)
    await expectCash(scene, session, 10_000n)
  })
})

test('a bet whose reply was lost is answered the same when it is asked again (27)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  const { sql } = scene.app.database
  // The player's row is held, so that the provider hangs up before the bet is decided.
  const holder = await sql.reserve()
  await holder`begin`
  await holder`select id from players where id = ${session.player.id} for no key update`
  await abandon(bet)
  await holder`commit`
  holder.release()
  while ((await scene.calls(bet.transaction_uuid)).length === 0) await sleep(10)
  await expectCash(scene, session, 9_900n)

  const retried = await call(1, '/transaction/bet', { ...bet, request_uuid: randomUUID() })
  expectOk(retried, 9_900n, session)
  await expectCash(scene, session, 9_900n)
  const calls = await scene.calls(bet.transaction_uuid)
  expect(calls.map(({ verdict }) => verdict)).toEqual(['OK', 'REPLAY'])
  expect(meaning(calls[1])).toEqual(meaning(calls[0]))
})

/** A reply but for the attempt it answers. */
const meaning = (call: CallRow | undefined) => ({
  ...(JSON.parse(call?.reply ?? '{}') as object),
  request_uuid: undefined,
})

/** Sends a bet and hangs up while the server waits for the player's row. */
async function abandon(bet: ReturnType<typeof betFields>): Promise<void> {
  const { sql } = scene.app.database
  const aborting = new AbortController()
  const text = JSON.stringify(bet)
  const sent = fetch(`${scene.app.url}/providers/${scene.world.accountCode}/transaction/bet`, {
    method: 'POST',
    headers: { 'X-Hub88-Signature': signBody(text, scene.keys.privateKey) },
    body: text,
    signal: aborting.signal,
  })
  const waits = async () => (await sql`select 1 from pg_locks where not granted`).length > 0
  while (!(await waits())) await sleep(5)
  aborting.abort()
  await expect(sent).rejects.toThrow('aborted')
}
