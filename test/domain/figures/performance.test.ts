import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldAll } from '../../../src/domain/figures/fold.ts'
import { figureResolvers } from '../../../src/graphql/resolvers/figures.ts'
import { globalId } from '../../../src/lib/global-id.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { type Graph, openGraph } from '../../support/graph.ts'
import {
  entriesOf,
  type Entry,
  layBets,
  layBrand,
  type PlayedBet,
  type PlayedBrand,
} from '../../support/played.ts'
import { seeded } from '../../support/random.ts'
import { byHand, groups, zoneDay } from '../../support/report-by-hand.ts'
import { minor, type Report, reportQuery, shown } from '../../support/report-lines.ts'

let database: TestDatabase
let graph: Graph
let brands: PlayedBrand[]
let entries: Entry[]

const players = Array.from({ length: 12 }, () => uuidv7())

/** Around the end of summer time in Newfoundland; both zones are half an hour off the whole one. */
const first = Date.parse('2026-10-30T00:00:00Z')
const spanMs = 5 * 86_400_000
const hourMs = 3_600_000

beforeAll(async () => {
  database = await createTestDatabase()
  brands = [
    await layBrand(database.sql, 'kolkata', 'Asia/Kolkata'),
    await layBrand(database.sql, 'johns', 'America/St_Johns'),
  ]
  await layPlayers()
  const bets = someBets(600)
  await layBets(database.sql, bets)
  entries = bets.flatMap(entriesOf)
  await foldAll(database, { laneRows: 100 })
  graph = openGraph(
    database,
    brands.map(({ id }) => id),
  )
})
afterAll(async () => {
  await graph.close()
  await database.drop()
})

/** Each plays in both brands, which no real one does. */
const layPlayers = () =>
  database.sql`insert into players ${database.sql(
    players.map((id) => ({
      id,
      brand_id: brands[0]?.id,
      external_id: id,
      status: 'ACTIVE',
      country: 'MT',
      version: 0,
      last_at: new Date(first),
      created_at: new Date(first),
    })),
  )}`

function someBets(count: number): PlayedBet[] {
  const chance = seeded(7)
  const at = () => new Date(first + chance.int(spanMs))
  return Array.from({ length: count }, (): PlayedBet => {
    const brand = chance.pick(brands)
    const stakeMinor = BigInt(chance.int(500))
    const minor = BigInt(chance.int(900))
    return {
      brand,
      game: chance.pick(brand.games),
      playerId: chance.pick(players),
      currency: chance.pick(['EUR', 'JPY', 'BTC']),
      kind: chance.pick(['REAL', 'REAL', 'REAL', 'FREE', 'PROMO'] as const),
      country: chance.pick(['MT', 'EE', null]),
      device: chance.pick(['Mozilla/5.0 (iPhone; Mobile)', 'desktop', null]),
      stakeMinor,
      bonusStakeMinor: stakeMinor / 3n,
      settledAt: at(),
      win:
        chance.int(2) === 0
          ? undefined
          : { at: at(), minor, jackpotMinor: chance.int(5) === 0 ? minor / 2n : 0n },
      rolledBackAt: chance.int(10) === 0 ? at() : undefined,
    }
  })
}

async function ask(window: object, groupBy: readonly string[], filter?: object): Promise<Report> {
  const { data, errors } = await graph.ask(reportQuery, { window, groupBy, filter })
  expect(errors).toEqual([])
  return (data as { performance: Report }).performance
}

const windows = fc.oneof(
  fc
    .record({ first: fc.integer({ min: 0, max: 5 }), last: fc.integer({ min: 0, max: 5 }) })
    .map(({ first: a, last: b }) => {
      const day = (n: number) => new Date(first + n * 86_400_000).toISOString().slice(0, 10)
      const days = { first: day(Math.min(a, b)), last: day(Math.max(a, b)) }
      const within = ({ at, brand }: Entry) => {
        const own = zoneDay(at, brand.timeZone)
        return own >= days.first && own <= days.last
      }
      return { window: { days }, within }
    }),
  fc
    .record({ from: fc.integer({ min: 0, max: 119 }), hours: fc.integer({ min: 1, max: 60 }) })
    .map(({ from, hours }) => {
      const low = first + from * hourMs + hourMs / 2
      const between = { from: new Date(low).toISOString(), to: new Date(low + hours * hourMs).toISOString() }
      const within = ({ at }: Entry) => at.getTime() >= low && at.getTime() < low + hours * hourMs
      return { window: { between }, within }
    }),
)

const filters = fc.oneof(
  fc.constant({ filter: undefined, fits: () => true }),
  fc.integer({ min: 0, max: 1 }).map((n) => ({
    filter: { brand: { eq: globalId('Brand', brands[n]?.id ?? '') } },
    fits: ({ brand }: Entry) => brand === brands[n],
  })),
  fc.integer({ min: 0, max: 3 }).map((n) => {
    const among = brands.map(({ games }) => games[n]?.id ?? '')
    const filter = { game: { in: among.map((id) => globalId('Game', id)) } }
    return { filter, fits: ({ game }: Entry) => among.includes(game.id) }
  }),
  fc.constant({
    filter: { country: { eq: 'MT' }, category: { in: ['SLOT'] } },
    fits: ({ country, game }: Entry) => country === 'MT' && game.category === 'SLOT',
  }),
  fc.subarray(players, { minLength: 1, maxLength: 3 }).map((among) => ({
    filter: { player: { in: among.map((id) => globalId('Player', id)) } },
    fits: ({ playerId }: Entry) => among.includes(playerId),
  })),
  fc.constant({
    filter: { device: { eq: 'MOBILE' }, currency: { in: ['EUR', 'BTC'] } },
    fits: ({ device, currency }: Entry) => device?.includes('Mobile') && currency !== 'JPY',
  }),
)

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000)

test(`reports of any window, grouping and filter are what adding up by hand comes to (SEED=${seed})`, async () => {
  const requests = fc.record({
    window: windows,
    groupBy: fc.subarray(groups, { maxLength: 4 }),
    filter: filters,
  })
  await fc.assert(
    fc.asyncProperty(requests, async ({ window: { window, within }, groupBy, filter: { filter, fits } }) => {
      const expected = entries.filter((entry) => within(entry) && fits(entry))
      const { rows, rowCount, totals } = await ask(window, groupBy, filter)
      const all = byHand(expected, groupBy)
      expect(rowCount).toBe(all.length)
      expect(rows.map((one) => shown(one, groupBy)).toSorted()).toEqual(all.toSorted().slice(0, 1000))
      expect(totals.map((one) => shown(one, [])).toSorted()).toEqual(byHand(expected, []).toSorted())
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 30), seed },
  )
})

describe('a report', () => {
  const days = { first: '2026-10-28', last: '2026-11-05' }

  test('is sorted as asked within each currency, and cut to the first rows', async () => {
    const { data } = await graph.ask(
      `query ($window: FiguresWindow!) { performance(window: $window, groupBy: [GAME], first: 5,
        sort: { key: GGR, direction: ASC }) { rowCount rows { currency ggr { minorUnits } } } }`,
      { window: { days } },
    )
    const { rowCount, rows } = (data as { performance: Report }).performance
    const found = rows.map(({ currency, ggr }) => [currency, Number(minor(ggr))] as const)
    const all = (await ask({ days }, ['GAME'])).rows.map(
      (one) => [one.currency, Number(minor(one['ggr']))] as const,
    )
    const sorted = all.toSorted(([a, x], [b, y]) => (a === b ? x - y : a < b ? -1 : 1))
    expect(rowCount).toBe(24)
    expect(found).toEqual(sorted.slice(0, 5))
  })

  test('says which players won most, each currency for itself', async () => {
    const { data } = await graph.ask(
      `query ($window: FiguresWindow!) { performance(window: $window, groupBy: [PLAYER], first: 3,
        sort: { key: GGR, direction: ASC }) { rowCount rows { currency player { externalId } ggr { minorUnits } } } }`,
      { window: { days } },
    )
    const { rowCount, rows } = (data as { performance: Report }).performance
    const won = Map.groupBy(
      entries.filter(({ currency, kind }) => currency === 'BTC' && kind === 'REAL'),
      ({ playerId }) => playerId,
    )
    const most = [...won]
      .map(([id, own]) => [id, own.reduce((ggr, { stake, paid }) => ggr + stake - paid, 0n)] as const)
      .toSorted(([, a], [, b]) => Number(a - b))
    expect(rowCount).toBe(36)
    expect(rows).toEqual(
      most.slice(0, 3).map(([externalId, ggr]) => ({
        currency: 'BTC',
        player: { externalId },
        ggr: { minorUnits: String(ggr) },
      })),
    )
  })

  test('by player needs PLAYERS_READ', () => {
    const asked = { window: { lastDays: 1 }, groupBy: ['PLAYER'], first: 1 }
    const ctx = { viewer: { permissions: new Set(['REPORTS_READ']) } }
    expect(() => figureResolvers.Query.performance({}, asked as never, ctx as never)).toThrow(
      'groupBy needs the permission PLAYERS_READ',
    )
  })

  test('says of figures that cannot be known why', async () => {
    const fields = `currency game { declaredRtp } hold { value reason } rtpActual { value reason }
      rtpDeclared { value reason } averageStake { value reason }`
    const { data } = await graph.ask(
      `query ($window: FiguresWindow!, $empty: FiguresWindow!) {
        games: performance(window: $window, groupBy: [GAME], first: 100) { rows { ${fields} } }
        all: performance(window: $window, first: 100) { rows { ${fields} } }
        hour: performance(window: $empty, first: 100) { rows { ${fields} } totals { currency } asOf since }
      }`,
      { window: { days }, empty: { days: { first: '2020-01-01', last: '2020-01-02' } } },
    )
    interface Gaps {
      readonly game: { declaredRtp: string | null } | null
      readonly rtpDeclared: { value: string | null; reason: string | null }
    }
    const { games, all, hour } = data as Record<'games' | 'all' | 'hour', { rows: Gaps[] }>
    for (const { game, rtpDeclared } of games.rows) {
      const declared = game?.declaredRtp ?? null
      expect(rtpDeclared).toEqual(
        declared === null ? { value: null, reason: 'NOT_DECLARED' } : { value: '0.955', reason: null },
      )
    }
    expect(all.rows.map(({ rtpDeclared }) => rtpDeclared.reason)).toEqual(Array(3).fill('NOT_DECLARED'))
    expect(hour).toMatchObject({ rows: [], totals: [], since: null })
  })

  test.each([
    [{ between: { from: '2026-11-01T10:00:00Z', to: '2026-11-01T11:00:00Z' } }, 'whole hours'],
    [{ between: { from: '2026-11-01T10:30:00Z', to: '2026-11-01T10:30:00Z' } }, 'ends after it begins'],
    [{ days: { first: '2026-11-02', last: '2026-11-01' } }, 'ends after it begins'],
    [{ lastDays: 0 }, 'ends after it begins'],
    [{ lastDays: 401 }, 'at most 400 days, not 401'],
  ])('refuses the window %j', async (window, message) => {
    const { errors } = await graph.ask(
      `query ($window: FiguresWindow!) {
      performance(window: $window, first: 10) { rowCount } }`,
      { window },
    )
    expect(errors).toEqual([expect.stringContaining(message)])
  })

  test.each([0, 1001])('refuses first: %i', async (count) => {
    const { errors } = await graph.ask(
      `{ performance(window: { lastDays: 1 }, first: ${count}) { rowCount } }`,
    )
    expect(errors).toEqual([`first must be 1 to 1000, not ${count}`])
  })

  test('has nothing of other brands, however it is asked', async () => {
    const [own, other] = brands.map(({ id }) => globalId('Brand', id))
    const text = `query ($window: FiguresWindow!, $filter: PerformanceFilter) {
      performance(window: $window, groupBy: [BRAND], filter: $filter, first: 100) { rows { brand { id } } from } }`
    const scope = [brands[0]?.id ?? '']
    const mine = await graph.ask(text, { window: { days } }, scope)
    const found = (mine.data as { performance: Report }).performance.rows.map(({ brand }) => brand?.id)
    expect(new Set(found)).toEqual(new Set([own]))
    const theirs = await graph.ask(text, { window: { days }, filter: { brand: { eq: other } } }, scope)
    expect(theirs.data).toEqual({ performance: { rows: [], from: null } })
  })
})
