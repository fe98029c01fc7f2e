import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSessionDirectory } from '../../../src/domain/sessions/session-terms.ts'
import { sha256 } from '../../../src/lib/fingerprint.ts'
import { type House, openHouse } from '../../support/house.ts'
import { addPlayer, addSession, createWorld, type ProviderWorld } from '../../support/provider-world.ts'

let house: House
let world: ProviderWorld
beforeAll(async () => {
  house = await openHouse()
  world = await createWorld(house.sql, [])
})
afterAll(() => house.close())

test('the terms of a session are its player, currency and game, over or not', async () => {
  const player = await addPlayer(house.sql, world, { currency: 'JPY' })
  const session = await addSession(house.sql, world, player, { closed: true })
  const found = openSessionDirectory({ sql: house.sql })
  const terms = { playerId: player.id, currency: 'JPY', gameCode: 'reel_quest' }
  expect(await found.termsByToken(world.accountId, sha256(session.token))).toEqual(terms)
})

test('a token of another account opens nothing', async () => {
  const session = await addSession(house.sql, world, await addPlayer(house.sql, world))
  const other = await createWorld(house.sql, [])
  const found = openSessionDirectory({ sql: house.sql })
  expect(await found.termsByToken(other.accountId, sha256(session.token))).toBeUndefined()
})

test('what was found is not asked for again; what was not found is', async () => {
  const player = await addPlayer(house.sql, world)
  const token = randomBytes(16).toString('hex')
  let asked = 0
  const counting = new Proxy(house.sql, {
    apply(target, self, given: Parameters<typeof house.sql>) {
      asked += 1
      return Reflect.apply(target, self, given) as unknown
    },
  })
  const found = openSessionDirectory({ sql: counting })
  const ask = () => found.termsByToken(world.accountId, sha256(token))
  expect(await ask()).toBeUndefined()
  await addSession(house.sql, world, player, { token })
  expect(await ask()).toMatchObject({ playerId: player.id })
  expect(await ask()).toMatchObject({ playerId: player.id })
  expect(asked).toBe(2)
})
