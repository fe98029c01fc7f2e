import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareFigures } from '../../src/domain/figures/compare.ts'
import { roles } from '../../src/domain/operators/permissions.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { seedOperator, startTestApp, type TestApp } from '../support/app.ts'
import { layBets, layBrand, type PlayedBet, type PlayedBrand } from '../support/played.ts'
import { until } from '../support/until.ts'

let pitboss: TestApp
let beside: TestApp
let brands: PlayedBrand[]

beforeAll(async () => {
  pitboss = await startTestApp()
  beside = await startTestApp({ beside: pitboss })
  const { sql } = pitboss.database
  brands = [await layBrand(sql, 'one', 'Asia/Kolkata'), await layBrand(sql, 'two', 'Asia/Kolkata')]
  await layBets(sql, brands.flatMap(betsOf))
})
afterAll(async () => {
  await beside?.close()
  await pitboss?.close()
})

/** The same bets of either brand: three hours of them, up to now. */
const betsOf = (brand: PlayedBrand): PlayedBet[] =>
  Array.from({ length: 30 }, (_, n) => ({
    brand,
    game: brand.games[n % 4] ?? expect.fail('four games'),
    playerId: uuidv7(),
    currency: 'EUR',
    kind: 'REAL',
    country: 'MT',
    device: null,
    stakeMinor: 100n,
    bonusStakeMinor: 0n,
    settledAt: new Date(Date.now() - (n + 1) * 360_000),
  }))

const query = `{ performance(window: { lastDays: 3 }, groupBy: [BRAND], first: 10) {
  asOf rows { brand { code } bets turnover { amount } activePlayers } } }`

interface Answer {
  readonly performance: { readonly asOf: string | null; readonly rows: readonly { bets: string }[] } | null
}

const report = (role: { token: string }, from = pitboss) => from.graphql<Answer>(query, {}, role)

test('running servers fold what is recorded, together, and each brand sees its own alone', async () => {
  const { sql } = pitboss.database
  for (const [n, code] of ['one', 'two'].entries()) {
    const reader = await seedOperator(sql, 'ANALYST', [brands[n]?.id ?? ''])
    await until(async () => (await report(reader)).data.performance?.rows[0]?.bets === '30')
    const rows = [{ brand: { code }, bets: '30', turnover: { amount: '30.00' }, activePlayers: '30' }]
    for (const server of [pitboss, beside]) {
      expect((await report(reader, server)).data.performance?.rows).toEqual(rows)
    }
  }
})

test('the figures that no leg explains are found', async () => {
  const differences = await compareFigures(pitboss.database)
  expect(differences).not.toEqual([])
  expect(differences[0]).toMatch(/^brand one, EUR, the day of .*: GGR \d+, but 0 in the ledger/)
})

test.each(roles)('%s reads reports when it has REPORTS_READ, and else is told so', async (role) => {
  const { sql } = pitboss.database
  const { data, errors } = await report(await seedOperator(sql, role, [brands[0]?.id ?? '']))
  const allowed = role !== 'SUPPORT'
  expect(data.performance !== null).toBe(allowed)
  expect(errors?.map(({ path, extensions: { code } }) => [path, code])).toEqual(
    allowed ? undefined : [[['performance'], 'FORBIDDEN']],
  )
})
