import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { betFields, rollbackFields, winFields } from '../support/hub88-client.ts'
import { expectCash, expectOk, openScene, type Scene } from '../support/hub88-scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.app.close())

const ways = [
  { name: 'Hub88', prefix: '/transaction' },
  { name: 'Caleta', prefix: '/wallet' },
] as const

describe.each(ways)('on the paths of $name', ({ prefix }) => {
  test('a rollback returns the stake', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call(`${prefix}/bet`, bet)
    expectOk(await scene.call(`${prefix}/rollback`, rollbackFields(bet)), 10_000n, session)
    await expectCash(scene, session, 10_000n)
    expect(await scene.bets(session)).toMatchObject([{ status: 'ROLLED_BACK', round: 'COMPLETED' }])
  })

  test('a rollback of an unknown bet succeeds and moves nothing (6)', async () => {
    const session = await scene.player()
    const rollback = rollbackFields(betFields(session))
    expectOk(await scene.call(`${prefix}/rollback`, rollback), 10_000n, session)
    await expectCash(scene, session, 10_000n)
    const tombstones = await scene.app.database.sql<{ kind: string }[]>`
      select kind from transactions where transaction_key = ${rollback.reference_transaction_uuid}`
    expect([...tombstones]).toEqual([{ kind: 'TOMBSTONE' }])
  })

  test('a bet that comes after its rollback is refused for ever (7)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call(`${prefix}/rollback`, rollbackFields(bet))
    for (let tries = 0; tries < 2; tries += 1) {
      const reply = await scene.call(`${prefix}/bet`, { ...bet, request_uuid: randomUUID() })
      expect([reply.http, reply.status]).toEqual([200, 'RS_ERROR_DUPLICATE_TRANSACTION'])
    }
    await expectCash(scene, session, 10_000n)
    expect(await scene.bets(session)).toEqual([])
  })

  test('a second rollback returns nothing more, under the same id and under another (8)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call(`${prefix}/bet`, bet)
    const rollback = rollbackFields(bet)
    await scene.call(`${prefix}/rollback`, rollback)
    for (const again of [{ ...rollback, request_uuid: randomUUID() }, rollbackFields(bet)]) {
      expectOk(await scene.call(`${prefix}/rollback`, again), 10_000n, session)
    }
    await expectCash(scene, session, 10_000n)
    expect((await scene.moved(session)).movements).toBe(2)
  })

  test('a win that comes after the rollback of its bet is refused (10)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call(`${prefix}/bet`, bet)
    await scene.call(`${prefix}/rollback`, rollbackFields(bet))
    const reply = await scene.call(`${prefix}/win`, winFields(bet))
    expect(reply.status).toBe('RS_ERROR_TRANSACTION_ROLLED_BACK')
    await expectCash(scene, session, 10_000n)
  })
})

describe('what a rollback reverses', () => {
  test('a rollback of the bet after its win returns the stake and leaves the win (9)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    await scene.call('/transaction/win', winFields(bet))
    expectOk(await scene.call('/transaction/rollback', rollbackFields(bet)), 10_200n, session)
    await expectCash(scene, session, 10_200n)
  })

  test('a rollback of the win takes the win and leaves the stake (9)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    const win = winFields(bet)
    await scene.call('/transaction/win', win)
    expectOk(await scene.call('/transaction/rollback', rollbackFields(win)), 9_900n, session)
    await expectCash(scene, session, 9_900n)
    expect(await scene.bets(session)).toMatchObject([{ status: 'SETTLED', result: 'LOST', payout: 0n }])
  })

  test('a win that was spent is taken as far as the cash goes and the rest is owed', async () => {
    const session = await scene.player({ cashMinor: 100n })
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    const win = winFields(bet)
    await scene.call('/transaction/win', win)
    await scene.call('/transaction/bet', betFields(session, { amount: 150_000 }))
    expectOk(await scene.call('/transaction/rollback', rollbackFields(win)), 0n, session)
    await expectCash(scene, session, 0n, 100n)
    const [wallet] = await scene.app.database.sql<{ owed: bigint }[]>`
      select owed_minor as owed from wallets where id = ${session.player.walletId}`
    expect(wallet?.owed).toBe(-150n)
  })

  test('a rollback of a declined bet succeeds and moves nothing (31)', async () => {
    const session = await scene.player({ cashMinor: 10n })
    const bet = betFields(session)
    expect((await scene.call('/transaction/bet', bet)).status).toBe('RS_ERROR_NOT_ENOUGH_MONEY')
    expectOk(await scene.call('/transaction/rollback', rollbackFields(bet)), 10n, session)
    await expectCash(scene, session, 10n, 10n)
  })

  test('a rollback of a rollback succeeds and changes nothing (34)', async () => {
    const session = await scene.player()
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    const rollback = rollbackFields(bet)
    await scene.call('/transaction/rollback', rollback)
    const second = rollbackFields(bet, { reference_transaction_uuid: rollback.transaction_uuid })
    expectOk(await scene.call('/transaction/rollback', second), 10_000n, session)
    await expectCash(scene, session, 10_000n)
    expect((await scene.moved(session)).movements).toBe(2)
  })

  test('a rollback that names another player than the bet moves nothing and leaves the bet open', async () => {
    const [session, other] = [await scene.player(), await scene.player()]
    const bet = betFields(session)
    await scene.call('/transaction/bet', bet)
    const foreign = rollbackFields(bet, { token: other.token, user: other.user })
    const reply = await scene.call('/transaction/rollback', foreign)
    expect(reply.status).toBe('RS_ERROR_TRANSACTION_DOES_NOT_EXIST')
    await expectCash(scene, session, 9_900n)
    await expectCash(scene, other, 10_000n)
  })
})

test('a rollback is accepted with an expired token and from a blocked player (11)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  await scene.call('/transaction/bet', bet)
  const { sql } = scene.app.database
  await sql`update sessions set expires_at = now() - interval '1 minute' where id = ${session.id}`
  await sql`update players set status = 'BLOCKED' where id = ${session.player.id}`
  expectOk(await scene.call('/transaction/rollback', rollbackFields(bet)), 10_000n, session)
  await expectCash(scene, session, 10_000n)
})
