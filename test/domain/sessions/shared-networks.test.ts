import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../../src/lib/global-id.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { Factory } from '../../support/factory.ts'
import type { Seat } from '../../support/factory-rows.ts'
import { type Graph, openGraph } from '../../support/graph.ts'

let database: TestDatabase
let graph: Graph
let seats: readonly Seat[]
let foreign: Seat
const hourMs = 3_600_000
const now = Date.now()
const ago = (hours: number) => new Date(now - hours * hourMs)

/** Sessions beside those of the seats, which have neither address nor device. */
async function open(seat: Seat, ip: string | null, device: string | null, at: Date): Promise<void> {
  await database.sql`insert into sessions ${database.sql({
    id: uuidv7(at),
    brand_id: seat.brand.id,
    player_id: seat.playerId,
    wallet_id: seat.walletId,
    provider_account_id: seat.accountId,
    game_id: seat.gameId,
    currency: seat.currency,
    token_hash: Buffer.from(uuidv7(at)),
    status: 'CLOSED',
    ip,
    device,
    opened_at: at,
    expires_at: at,
  })}`
}

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brand = factory.brand('demo')
  seats = Array.from({ length: 4 }, () => factory.seat(brand))
  foreign = factory.seat(factory.brand('other'))
  await factory.save()
  await database.sql`update sessions set ip = null, device = null`
  const [a, b, c, d] = seats as [Seat, Seat, Seat, Seat]
  await open(a, '10.0.0.1', 'm-1', ago(5))
  await open(a, '10.0.0.1', 'm-1', ago(4))
  await open(b, '10.0.0.1', 'm-2', ago(3))
  await open(c, '10.0.0.1', 'm-1', ago(2))
  await open(b, '10.0.0.2', 'm-3', ago(6))
  await open(c, '10.0.0.2', 'm-3', ago(1))
  await open(d, '10.0.0.3', null, ago(2))
  await open(d, '10.0.0.1', 'm-4', ago(24 * 8))
  await open(foreign, '10.0.0.3', 'm-1', ago(1))
  graph = openGraph(database, [brand.id])
})
afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

interface Found {
  readonly sharedNetworks: { readonly networkCount: number; readonly networks: readonly unknown[] }
}

const shown = 'ip device playerCount sessionCount firstOpenedAt lastOpenedAt players { id }'
const ask = (args: string, fields = shown) =>
  graph.ask(`{ sharedNetworks(${args}) { networkCount networks { ${fields} } } }`)
const networksOf = async (args: string, fields = shown) =>
  ((await ask(args, fields)).data as Found).sharedNetworks

const network = (ip: string | null, device: string | null, sessions: readonly number[], ...of: number[]) => ({
  ip,
  device,
  playerCount: of.length,
  sessionCount: sessions.length,
  firstOpenedAt: ago(Math.max(...sessions)).toISOString(),
  lastOpenedAt: ago(Math.min(...sessions)).toISOString(),
  players: of
    .map((at) => seats[at]?.playerId ?? '')
    .toSorted()
    .map((id) => ({ id: globalId('Player', id) })),
})

const first = () => network('10.0.0.1', null, [5, 4, 3, 2], 0, 1, 2)
const second = () => network('10.0.0.2', null, [6, 1], 1, 2)

test('players of the brand who share an address are told, most players first', async () => {
  expect(await networksOf('first: 10')).toEqual({ networkCount: 2, networks: [first(), second()] })
  expect(await networksOf('first: 1')).toEqual({ networkCount: 2, networks: [first()] })
  expect(await networksOf('first: 10, playersMin: 3')).toEqual({ networkCount: 1, networks: [first()] })
})

test('so are those who share a device, and those who share both', async () => {
  const networks = [network(null, 'm-3', [6, 1], 1, 2), network(null, 'm-1', [5, 4, 2], 0, 2)]
  expect(await networksOf('by: DEVICE, first: 10')).toEqual({ networkCount: 2, networks })
  expect(await networksOf('by: IP_AND_DEVICE, first: 10', 'ip device playerCount')).toEqual({
    networkCount: 2,
    networks: [
      { ip: '10.0.0.2', device: 'm-3', playerCount: 2 },
      { ip: '10.0.0.1', device: 'm-1', playerCount: 2 },
    ],
  })
})

test('of one player only what that player shares is told, with whom', async () => {
  const of = (seat: Seat | undefined) =>
    `first: 10, filter: { player: { eq: "${globalId('Player', seat?.playerId ?? '')}" } }`
  expect(await networksOf(of(seats[0]))).toEqual({ networkCount: 1, networks: [first()] })
  expect(await networksOf(of(seats[3]))).toEqual({ networkCount: 0, networks: [] })
  expect(await networksOf(of(foreign))).toEqual({ networkCount: 0, networks: [] })
})

test('older sessions are found in a window that has them', async () => {
  const window = `window: { gte: "${ago(24 * 9).toISOString()}", lt: "${ago(0).toISOString()}" }`
  const found = await networksOf(`first: 10, ${window}`, 'ip playerCount')
  expect(found.networks).toEqual([
    { ip: '10.0.0.1', playerCount: 4 },
    { ip: '10.0.0.2', playerCount: 2 },
  ])
})

test.each([
  ['first: 0', 'first must be 1 to 100, not 0'],
  ['first: 101', 'first must be 1 to 100, not 101'],
  ['first: 1, playersMin: 1', 'playersMin must be 2 or more, not 1'],
  ['first: 1, window: { gte: "2026-01-01T00:00:00Z" }', 'window needs both gte and lt'],
  [
    'first: 1, window: { gte: "2026-01-01T00:00:00Z", lt: "2026-02-02T00:00:00Z" }',
    'window is more than 31 days',
  ],
])('%s is refused', async (args, message) => {
  expect((await ask(args)).errors).toEqual([message])
})
