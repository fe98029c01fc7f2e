import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelLimitChange } from '../../../src/domain/players/cancel-limit-change.ts'
import { limitsByPlayers } from '../../../src/domain/players/limit-queries.ts'
import { removeLimit } from '../../../src/domain/players/remove-limit.ts'
import { type SetLimitInput, setLimit } from '../../../src/domain/players/set-limit.ts'
import { excludePlayer } from '../../../src/domain/sessions/exclude-player.ts'
import { openSession } from '../../../src/domain/sessions/open-session.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { digestOf, entriesOf, eventsOf, type House, openHouse, system } from '../../support/house.ts'
import { newPlayer, newSession, type Resident } from '../../support/residents.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const limit = { kind: 'STAKE', period: 'DAY', currency: 'EUR', reason: 'asked by phone' } as const

const set = (
  player: Resident,
  amount: string,
  more: Partial<SetLimitInput> = {},
  actor = house.operator('SUPPORT'),
) => setLimit(house.as(actor), { idempotencyKey: uuidv7(), subject: { player }, ...limit, amount, ...more })

const change = (verb: typeof removeLimit, player: Resident) =>
  verb(house.as(house.operator('SUPPORT')), { idempotencyKey: uuidv7(), subject: { player }, ...limit })

const hour = 3_600_000
const start = new Date('2026-05-04T10:00:00.000Z')
const after = (hours: number) => new Date(start.getTime() + hours * hour)

/** The player's limits at a moment, each as amount, since when, and what becomes of it. */
async function limitsAt(player: Resident, at: Date) {
  house.clock.at = at
  const found = await limitsByPlayers(house.as(house.operator('SUPPORT')), [player.id])
  return (found.get(player.id) ?? []).map(({ amountMinor, effectiveFrom, pendingMinor, pendingFrom }) =>
    pendingFrom ? [amountMinor, effectiveFrom, pendingMinor, pendingFrom] : [amountMinor, effectiveFrom],
  )
}

describe('a limit of a player', () => {
  it('is lower at once, and higher only after the cooling-off time', async () => {
    const player = await newPlayer(house)
    house.clock.at = start
    expect(await set(player, '100.00')).toMatchObject({ userError: null })
    expect(await limitsAt(player, start)).toEqual([[10_000n, start]])
    house.clock.at = after(1)
    await set(player, '60')
    expect(await limitsAt(player, after(1))).toEqual([[6000n, after(1)]])
    await set(player, '80')
    const waiting = [[6000n, after(1), 8000n, after(25)]]
    expect(await limitsAt(player, after(1))).toEqual(waiting)
    expect(await limitsAt(player, new Date(after(25).getTime() - 1))).toEqual(waiting)
    expect(await limitsAt(player, after(25))).toEqual([[8000n, after(25)]])
    // From there on it is the limit, also for the next change.
    house.clock.at = after(30)
    await set(player, '70')
    expect(await limitsAt(player, after(30))).toEqual([[7000n, after(30)]])
    house.clock.at = null
    const amounts = (await eventsOf(house, player.id)).filter(({ type }) => type === 'LimitChanged')
    const named = { level: 'PLAYER', kind: 'STAKE', period: 'DAY' }
    expect(amounts.map(({ facts }) => facts)).toEqual([
      named,
      { ...named, beforeMinor: '10000' },
      { ...named, beforeMinor: '6000', pendingMinor: '8000', pendingFrom: after(25).toISOString() },
      { ...named, beforeMinor: '8000' },
    ])
  })

  it('goes only after the cooling-off time, and both changes can be taken back until then', async () => {
    const player = await newPlayer(house)
    house.clock.at = start
    await set(player, '100.00')
    await set(player, '150')
    expect(await change(cancelLimitChange, player)).toMatchObject({ userError: null })
    expect(await limitsAt(player, after(25))).toEqual([[10_000n, start]])
    await change(removeLimit, player)
    expect(await limitsAt(player, after(25))).toEqual([[10_000n, start, null, after(49)]])
    await change(cancelLimitChange, player)
    expect(await change(cancelLimitChange, player)).toMatchObject({ userError: { code: 'NOTHING_PENDING' } })
    await change(removeLimit, player)
    // A lower one takes the place of what is waited for.
    await set(player, '90')
    expect(await limitsAt(player, after(60))).toEqual([[9000n, after(25)]])
    await change(removeLimit, player)
    expect(await limitsAt(player, after(84))).toEqual([])
    for (const verb of [removeLimit, cancelLimitChange]) {
      expect(await change(verb, player)).toMatchObject({ userError: { code: 'LIMIT_UNKNOWN' } })
    }
    await set(player, '500')
    expect(await limitsAt(player, after(84))).toEqual([[50_000n, after(84)]])
    house.clock.at = null
  })

  it('waits for as long as its brand says', async () => {
    await house.sql`update brands set cooling_off_hours = 0 where code = 'demo'`
    const player = await newPlayer(house)
    house.clock.at = start
    await set(player, '100')
    await set(player, '200')
    expect(await limitsAt(player, start)).toEqual([[20_000n, start]])
    await change(removeLimit, player)
    expect(await limitsAt(player, start)).toEqual([])
    house.clock.at = null
    await house.sql`update brands set cooling_off_hours = 24 where code = 'demo'`
  })

  it('leaves an audit entry with what was and what is, and is done once by its key', async () => {
    const player = await newPlayer(house)
    const actor = house.operator('SUPPORT')
    const input = { idempotencyKey: 'once', subject: { player }, ...limit, amount: '12.30' }
    const first = await setLimit(house.as(actor), input)
    expect(await setLimit(house.as(actor), input)).toEqual({ ...first, replayed: true })
    const other = await setLimit(house.as(actor), { ...input, amount: '12.31' })
    expect(other.userError?.code).toBe('IDEMPOTENCY_KEY_REUSED')
    const [entry] = await entriesOf(house, actor)
    expect(entry).toMatchObject({
      action: 'setLimit',
      reason: limit.reason,
      subject_type: 'Player',
      subject_id: player.id,
      before: { amount: null },
      after: { level: 'PLAYER', kind: 'STAKE', period: 'DAY', currency: 'EUR', amount: '12.30' },
    })
  })

  it.each<[string, string, Partial<SetLimitInput>]>([
    ['BAD_AMOUNT', 'amount.amount', { amount: '-1' }],
    ['BAD_AMOUNT', 'amount.amount', { amount: '1.001' }],
    ['INPUT_INVALID', 'currency', { currency: 'ABC' }],
    ['INPUT_INVALID', 'reason', { reason: ' ' }],
    ['INPUT_INVALID', 'period', { period: null }],
    ['INPUT_INVALID', 'period', { kind: 'STAKE_PER_BET' }],
  ])('is refused with %s for %s: %j', async (code, field, wrong) => {
    const player = await newPlayer(house)
    const before = await digestOf(house)
    expect(await set(player, '1', wrong)).toMatchObject({ ids: null, userError: { code, field } })
    expect(await digestOf(house)).toBe(before)
  })
})

describe('a limit of a brand or of a game', () => {
  const brand = { brandCode: 'demo' }
  const game = (gameCode: string) => ({ game: { ...brand, providerCode: 'spinwell', gameCode } })
  const ctx = () => house.as(house.operator('ADMIN'))
  const given = { ...limit, amount: '5' }

  it('acts at once in either direction, and can be removed at once', async () => {
    const amountOf = async () =>
      (
        await house.sql`select amount_minor, pending_from from limits where player_id is null and game_id is null`
      ).map((row) => [row['amount_minor'], row['pending_from']])
    for (const amount of ['5', '3', '8']) {
      expect(
        (await setLimit(ctx(), { idempotencyKey: amount, subject: brand, ...given, amount })).userError,
      ).toBeNull()
    }
    expect(await amountOf()).toEqual([[800n, null]])
    await removeLimit(ctx(), { idempotencyKey: 'gone', subject: brand, ...limit })
    expect(await amountOf()).toEqual([])
  })

  it('of a game is per bet or per round, and of a game that the brand has', async () => {
    const perBet = { ...given, kind: 'STAKE_PER_BET' as const, period: null }
    const refused = await setLimit(ctx(), { idempotencyKey: 'k1', subject: game('book'), ...given })
    expect(refused.userError).toMatchObject({ code: 'INPUT_INVALID', field: 'kind' })
    const unknown = await setLimit(ctx(), { idempotencyKey: 'k2', subject: game('nowhere'), ...perBet })
    expect(unknown.userError?.code).toBe('GAME_UNKNOWN')
    const done = await setLimit(ctx(), { idempotencyKey: 'k3', subject: game('book'), ...perBet })
    expect(done.userError).toBeNull()
  })

  it('is for those who manage brands, and for brands in their scope', async () => {
    const support = house.as(house.operator('SUPPORT'))
    const input = { idempotencyKey: 'k4', subject: brand, ...given }
    await expect(setLimit(support, input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const stranger = house.as(house.operator('ADMIN', house.otherBrandId))
    expect((await setLimit(stranger, input)).userError?.code).toBe('BRAND_UNKNOWN')
  })
})

describe('excludePlayer', () => {
  const exclude = (player: Resident, until: Date | null) =>
    excludePlayer(house.as(house.operator('SUPPORT')), {
      idempotencyKey: uuidv7(),
      player,
      until,
      reason: 'wants a pause',
    })
  const launch = (player: Resident) =>
    openSession(
      house.as(system),
      {
        idempotencyKey: uuidv7(),
        player,
        providerAccountCode: 'demo-spinwell',
        gameCode: 'book',
        currency: 'EUR',
      },
      house.settings,
    )

  it('closes sessions and refuses launches until it is over', async () => {
    house.clock.at = start
    const player = await newPlayer(house)
    const session = await newSession(house, player.id)
    expect(await exclude(player, after(24))).toMatchObject({ userError: null })
    const [row] = await house.sql`select status, close_reason from sessions where id = ${session}`
    expect(row).toEqual({ status: 'CLOSED', close_reason: 'EXCLUDED' })
    house.clock.at = new Date(after(24).getTime() - 1)
    expect((await launch(player)).userError?.code).toBe('PLAYER_BLOCKED')
    house.clock.at = after(24)
    expect((await launch(player)).userError).toBeNull()
    house.clock.at = null
    const told = (await eventsOf(house, player.id)).find(({ type }) => type === 'PlayerExcluded')
    expect(told?.facts).toEqual({ until: after(24).toISOString() })
  })

  it('can be made longer, never shorter, and lasts for ever when it says so', async () => {
    house.clock.at = start
    const player = await newPlayer(house)
    await exclude(player, after(24))
    for (const until of [after(24), after(1)]) {
      expect((await exclude(player, until)).userError).toMatchObject({ code: 'ALREADY_EXCLUDED' })
    }
    expect((await exclude(player, start)).userError).toMatchObject({ code: 'INPUT_INVALID', field: 'until' })
    expect((await exclude(player, after(48))).userError).toBeNull()
    expect((await exclude(player, null)).userError).toBeNull()
    for (const until of [null, after(1_000_000)]) {
      expect((await exclude(player, until)).userError?.code).toBe('ALREADY_EXCLUDED')
    }
    house.clock.at = after(1_000_000)
    expect((await launch(player)).userError?.code).toBe('PLAYER_BLOCKED')
    house.clock.at = null
  })
})
