// What every mutation promises, whatever it does: who may, once, and one audit entry.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Ids } from '../../../src/domain/audit/mutation.ts'
import type { Context } from '../../../src/domain/context.ts'
import type { VerbLane } from '../../../src/domain/journal/verb-lane.ts'
import { recordDeposit } from '../../../src/domain/money/record-deposit.ts'
import { recordWithdrawal } from '../../../src/domain/money/record-withdrawal.ts'
import {
  type Permission,
  rolePermissions,
  type Role,
  roles,
} from '../../../src/domain/operators/permissions.ts'
import { unblockPlayer } from '../../../src/domain/players/unblock-player.ts'
import { blockPlayer } from '../../../src/domain/sessions/block-player.ts'
import { closeSession } from '../../../src/domain/sessions/close-session.ts'
import { openSession } from '../../../src/domain/sessions/open-session.ts'
import { recordActivity } from '../../../src/domain/sessions/record-activity.ts'
import { registerPlayer } from '../../../src/domain/wallets/register-player.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { digestOf, entriesOf, type House, openHouse, system } from '../../support/house.ts'
import { newPlayer, newSession } from '../../support/residents.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

/** A call that is right: by a key, with a variant of its input that is right too, in the world made for it. */
type Call = (ctx: Context, key: string, variant?: 'OTHER') => Promise<Answer<Ids>>

interface Subject {
  readonly action: string
  readonly permission: Permission
  /** Makes the world in which each call is right; what is returned calls. */
  readonly prepare: () => Promise<Call>
}

const subjects: readonly Subject[] = [
  {
    action: 'registerPlayer',
    permission: 'PLAYERS_WRITE',
    prepare: () => {
      const externalId = `p-${uuidv7()}`
      return Promise.resolve((ctx, idempotencyKey, variant) => {
        const country = variant ? 'SE' : 'MT'
        return registerPlayer(ctx, {
          idempotencyKey,
          brandCode: 'demo',
          externalId,
          country,
          currency: 'EUR',
        })
      })
    },
  },
  {
    action: 'blockPlayer',
    permission: 'PLAYERS_WRITE',
    prepare: async () => {
      const player = await newPlayer(house)
      return (ctx, idempotencyKey, reason = 'fraud' as 'OTHER') =>
        blockPlayer(ctx, { idempotencyKey, player, reason })
    },
  },
  {
    action: 'unblockPlayer',
    permission: 'PLAYERS_WRITE',
    prepare: async () => {
      const player = await newPlayer(house)
      await blockPlayer(house.as(system), { idempotencyKey: uuidv7(), player, reason: 'fraud' })
      return (ctx, idempotencyKey, reason = 'all is well' as 'OTHER') =>
        unblockPlayer(ctx, { idempotencyKey, player, reason })
    },
  },
  {
    action: 'recordActivity',
    permission: 'PLAYERS_WRITE',
    prepare: async () => {
      const player = await newPlayer(house)
      return (ctx, idempotencyKey, type = 'LOGIN' as 'OTHER') =>
        recordActivity(ctx, { idempotencyKey, player, type })
    },
  },
  {
    action: 'openSession',
    permission: 'SESSIONS_WRITE',
    prepare: async () => {
      const player = await newPlayer(house)
      const launch = { player, providerAccountCode: 'demo-spinwell', gameCode: 'book', currency: 'EUR' }
      return (ctx, idempotencyKey, variant) =>
        openSession(ctx, { idempotencyKey, ...launch, device: variant ?? null }, house.settings)
    },
  },
  {
    action: 'closeSession',
    permission: 'SESSIONS_WRITE',
    prepare: async () => {
      const id = await newSession(house, (await newPlayer(house)).id)
      return (ctx, idempotencyKey, variant) =>
        closeSession(ctx, { idempotencyKey, session: { id }, reason: variant ? 'PLAYER' : 'OPERATOR' })
    },
  },
  {
    action: 'recordDeposit',
    permission: 'CASH_WRITE',
    prepare: async () => {
      const player = await newPlayer(house)
      return (ctx, idempotencyKey, variant) => {
        const amount = variant ? '11.00' : '10.00'
        return recordDeposit(ctx, { idempotencyKey, player, amount, currency: 'EUR' }, house.submit)
      }
    },
  },
  {
    action: 'recordWithdrawal',
    permission: 'CASH_WRITE',
    prepare: async () => {
      const player = await newPlayer(house)
      const cash = { player, amount: '99.00', currency: 'EUR' }
      await recordDeposit(house.as(system), { idempotencyKey: uuidv7(), ...cash }, house.submit)
      return (ctx, idempotencyKey, variant) => {
        const amount = variant ? '11.00' : '10.00'
        return recordWithdrawal(ctx, { idempotencyKey, player, amount, currency: 'EUR' }, house.submit)
      }
    },
  },
]

/** A lane that commits, and does not hear of it, and therefore runs the work again. */
const unheard = (verbs: VerbLane): VerbLane => ({
  ...verbs,
  async transact(cause, playerIds, work) {
    await verbs.transact(cause, playerIds, work)
    return await verbs.transact(cause, playerIds, work)
  },
})

describe.each(subjects)('$action', ({ action, permission, prepare }) => {
  const may = (role: Role) => rolePermissions[role].includes(permission)

  it.each(roles.filter(may))('is allowed to %s, with one audit entry', async (role) => {
    const call = await prepare()
    const actor = house.operator(role)
    const ctx = house.as(actor)
    const answer = await call(ctx, 'k')
    expect(answer).toMatchObject({ userError: null, replayed: false })
    const { id } = actor
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({
        id: answer.auditEntryId,
        brand_id: house.brandId,
        actor_id: id,
        action,
        outcome: 'ALLOWED',
        code: null,
        request_id: ctx.requestId,
      }),
    ])
  })

  it.each(roles.filter((role) => !may(role)))('is forbidden to %s, with one audit entry', async (role) => {
    const call = await prepare()
    const actor = house.operator(role)
    const before = await digestOf(house)
    await expect(call(house.as(actor), 'k')).rejects.toMatchObject({ name: 'Problem', code: 'FORBIDDEN' })
    expect(await digestOf(house)).toBe(before)
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({ action, outcome: 'REFUSED', code: 'FORBIDDEN', brand_id: house.brandId }),
    ])
  })

  it('answers a replay with the first answer and leaves no trace of it', async () => {
    const call = await prepare()
    const actor = house.operator('ADMIN')
    const first = await call(house.as(actor), 'k')
    const before = await digestOf(house)
    expect(await call(house.as(actor), 'k')).toEqual({ ...first, replayed: true })
    expect(await digestOf(house)).toBe(before)
    expect(await entriesOf(house, actor)).toHaveLength(1)
  })

  it('refuses a key that was used with other input', async () => {
    const call = await prepare()
    const actor = house.operator('ADMIN')
    await call(house.as(actor), 'k')
    const before = await digestOf(house)
    const answer = await call(house.as(actor), 'k', 'OTHER')
    expect(answer).toMatchObject({
      ids: null,
      replayed: false,
      userError: { code: 'IDEMPOTENCY_KEY_REUSED' },
    })
    expect(await digestOf(house)).toBe(before)
    expect((await entriesOf(house, actor)).map((entry) => [entry.id, entry.outcome, entry.code])).toEqual([
      [expect.any(String), 'ALLOWED', null],
      [answer.auditEntryId, 'REFUSED', 'IDEMPOTENCY_KEY_REUSED'],
    ])
  })

  it('has one effect when ten calls come at once from two processes', async () => {
    const call = await prepare()
    const actor = house.operator('ADMIN')
    const other = house.secondProcess()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => call((n % 2 === 0 ? house : other).as(actor), 'k')),
    )
    expect(new Set(answers.map(({ ids }) => JSON.stringify(ids)))).toHaveProperty('size', 1)
    expect(answers.map(({ userError }) => userError)).toEqual(Array.from({ length: 10 }, () => null))
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await entriesOf(house, actor)).toHaveLength(1)
  })

  it('is done once, and is no replay, when its work is run again because its commit was not heard of', async () => {
    const call = await prepare()
    const actor = house.operator('ADMIN')
    const ctx = house.as(actor)
    expect(await call({ ...ctx, verbs: unheard(ctx.verbs) }, 'k')).toMatchObject({
      userError: null,
      replayed: false,
    })
    const entries = await entriesOf(house, actor)
    expect(entries.map(({ outcome }) => outcome)).toEqual(['ALLOWED'])
    const refused = await call({ ...ctx, verbs: unheard(ctx.verbs) }, 'bad key')
    expect(refused).toMatchObject({ userError: { code: 'INPUT_INVALID' }, replayed: false })
    expect(await entriesOf(house, actor)).toHaveLength(2)
  })

  it('lets two actors use the same key', async () => {
    for (const actor of [house.operator('ADMIN'), house.operator('ADMIN')]) {
      const call = await prepare()
      expect(await call(house.as(actor), 'same-key')).toMatchObject({ userError: null, replayed: false })
      expect(await entriesOf(house, actor)).toHaveLength(1)
    }
  })

  it.each(['', 'two words', 'x'.repeat(81), 'nul\0'])('refuses the key %j', async (key) => {
    const call = await prepare()
    const actor = house.operator('ADMIN')
    const before = await digestOf(house)
    const userError = { code: 'INPUT_INVALID', field: 'idempotencyKey' }
    expect(await call(house.as(actor), key)).toMatchObject({ ids: null, userError, replayed: false })
    expect(await digestOf(house)).toBe(before)
    expect(await entriesOf(house, actor)).toEqual([expect.objectContaining({ code: 'INPUT_INVALID' })])
  })

  it('finds nothing outside the brands of the actor', async () => {
    const call = await prepare()
    const actor = house.operator('ADMIN', house.otherBrandId)
    const before = await digestOf(house)
    const first = await call(house.as(actor), 'k')
    const codes = { registerPlayer: 'BRAND_UNKNOWN', closeSession: 'SESSION_UNKNOWN' } as Record<
      string,
      string
    >
    expect(first.userError?.code).toBe(codes[action] ?? 'PLAYER_UNKNOWN')
    expect(await call(house.as(actor), 'k')).toEqual({ ...first, replayed: true })
    expect(await digestOf(house)).toBe(before)
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({ outcome: 'REFUSED', brand_id: house.otherBrandId, subject_id: null }),
    ])
  })
})
