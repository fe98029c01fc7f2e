import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { keptMs } from '../../../src/db/kept-rows.ts'
import type { Context } from '../../../src/domain/context.ts'
import { gamesByIds } from '../../../src/domain/games/queries.ts'
import { setGameStatus } from '../../../src/domain/games/set-game-status.ts'
import { providersByIds } from '../../../src/domain/providers/queries.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { type House, openHouse } from '../../support/house.ts'

let house: House
let manager: Context
let gameId: string
let providerId: string

beforeAll(async () => {
  house = await openHouse()
  manager = house.as(house.operator('ADMIN', house.brandId, house.otherBrandId))
  const [book] = await house.sql<{ id: string; provider_id: string }[]>`
    select id, provider_id from games where code = 'book'`
  gameId = book?.id ?? ''
  providerId = book?.provider_id ?? ''
})
afterEach(() => vi.useRealTimers())
afterAll(() => house?.close())

const statusOf = async (ctx: Context) => (await gamesByIds(ctx, [gameId])).get(gameId)?.status

async function turn(status: 'ENABLED' | 'DISABLED'): Promise<void> {
  const game = { providerCode: 'spinwell', gameCode: 'book', status, reason: 'a test' }
  const { userError } = await setGameStatus(manager, { idempotencyKey: uuidv7(), ...game })
  expect(userError).toBeNull()
}

test('a switched game is seen at once where it was switched, and by other processes soon', async () => {
  const elsewhere = house.secondProcess().as(house.operator('SUPPORT'))
  vi.useFakeTimers({ toFake: ['performance'] })
  expect([await statusOf(manager), await statusOf(elsewhere)]).toEqual(['ENABLED', 'ENABLED'])
  await turn('DISABLED')
  expect([await statusOf(manager), await statusOf(elsewhere)]).toEqual(['DISABLED', 'ENABLED'])
  vi.advanceTimersByTime(keptMs + 1)
  expect([await statusOf(manager), await statusOf(elsewhere)]).toEqual(['DISABLED', 'DISABLED'])
  await turn('ENABLED')
  expect(await statusOf(manager)).toBe('ENABLED')
})

test('what was read for one caller is shown to nobody who may not see it', async () => {
  const inBrand = house.as(house.operator('SUPPORT'))
  const nowhere = house.as(house.operator('SUPPORT', uuidv7()))
  expect((await gamesByIds(inBrand, [gameId])).size).toBe(1)
  expect((await providersByIds(inBrand, [providerId])).size).toBe(1)
  expect((await gamesByIds(nowhere, [gameId])).size).toBe(0)
  expect((await providersByIds(nowhere, [providerId])).size).toBe(0)
  const everywhere = house.as(house.operator('ADMIN', uuidv7()))
  expect((await gamesByIds(everywhere, [gameId])).size).toBe(1)
  expect((await providersByIds(everywhere, [providerId])).size).toBe(1)
})

test('a read that was under way when a game was switched is not kept', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.advanceTimersByTime(keptMs + 1)
  const underWay = statusOf(manager)
  await turn('DISABLED')
  await underWay
  expect(await statusOf(manager)).toBe('DISABLED')
  await turn('ENABLED')
})
