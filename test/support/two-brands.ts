// Two brands that hold the same: the same players, keys and amounts, a thing of every type, an event of every type.
// Only the second one's texts say `zulu`, so that what leaks is seen.
import { foldAll } from '../../src/domain/figures/fold.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { seedBrand, seedOperator, type TestApp, type TestOperator } from './app.ts'
import { Factory } from './factory.ts'
import type { Seat } from './factory-rows.ts'
import { complete, reconcile, recordEveryEvent } from './two-brands-rows.ts'

export interface BrandScene {
  readonly id: string
  readonly code: string
  readonly admin: TestOperator
}

interface Furnished extends BrandScene {
  readonly seat: Seat
  readonly openRoundId: string
}

export const marker = 'zulu'

export async function seedTwoBrands(pitboss: TestApp): Promise<readonly [BrandScene, BrandScene]> {
  const { sql } = pitboss.database
  const secondId = await seedBrand(sql, marker)
  const brands = [
    { id: pitboss.brandId, code: 'demo', admin: pitboss.operators.ADMIN },
    { id: secondId, code: marker, admin: await seedOperator(sql, 'ADMIN', [secondId]) },
  ] as const
  const factory = new Factory(sql)
  const first = furnish(factory, brands[0])
  const second = furnish(factory, brands[1], first.seat)
  await factory.save()
  // The factory's events are counted here, so that the journal goes on where they end.
  await sql`update players p set version = (select max(player_version) from journal where player_id = p.id)`
  for (const one of [first, second]) {
    await sql`update player_profiles set phone = '+43 660 1234567', birth_date = '1990-12-31',
      name = ${`Ann ${one.code}`}, email = ${`ann@${one.code}.example`}, blocked_reason = ${one.code}
      where player_id = ${one.seat.playerId}`
    await work(pitboss, one)
    // Both players of a brand play from one place, and all brands have one address.
    await sql`update sessions s set ip = o.ip, device = o.device from sessions o
      where s.player_id = ${one.seat.playerId} and o.brand_id = ${one.id} and o.player_id <> s.player_id`
    await complete(sql, one)
    await reconcile(sql, one)
    await recordEveryEvent(sql, one)
  }
  await foldAll({ sql })
  return [first, second]
}

function furnish(factory: Factory, brand: BrandScene, at?: Seat): Furnished {
  const seat = factory.seat(brand, { externalId: 'p-1', ...(at && { at }) })
  const placedAt = new Date(Date.now() - 3_600_000)
  const open = factory.bet(seat, { placedAt, keys: 'open' })
  factory.bet(seat, { placedAt: new Date(Date.now() - 48 * 3_600_000), keys: 'hangs' })
  for (const outcome of ['WON', 'LOST', 'ROLLED_BACK'] as const) {
    factory.bet(seat, { outcome, placedAt, keys: outcome.toLowerCase() })
  }
  return { ...brand, seat, openRoundId: open.roundId }
}

/** What the brand's staff does over GraphQL, refused steps included. */
async function work(pitboss: TestApp, brand: Furnished): Promise<void> {
  const { code, seat, admin, openRoundId } = brand
  const { sql } = pitboss.database
  const [game] = await sql<{ code: string; provider: string }[]>`
    select g.code, p.code as provider from games g join providers p on p.id = g.provider_id where g.id = ${seat.gameId}`
  const player = { byExternal: { brandCode: code, externalId: 'p-2' } }
  const amount = { amount: '10.00', currency: 'EUR' }
  const reason = `because ${code}`
  const where = { ip: '203.0.113.7', device: `${code} phone`, country: 'MT' }
  const person = {
    name: `Bea ${code}`,
    email: `bea@${code}.example`,
    phone: '+43123456789',
    birthDate: '1991-01-01',
  }
  const ofGame = { brandCode: code, providerCode: game?.provider, gameCode: game?.code }
  const launch = {
    player,
    providerAccountCode: seat.accountCode,
    gameCode: game?.code,
    currency: 'EUR',
    ...where,
  }
  const limit = { kind: 'STAKE', period: 'DAY', amount, reason }
  const steps: [name: string, input: object][] = [
    ['registerPlayer', { brandCode: code, externalId: 'p-2', country: 'MT', currency: 'EUR', ...person }],
    ['recordDeposit', { player, amount }],
    ['recordWithdrawal', { player, amount: { ...amount, amount: '1.00' } }],
    ['adjustBalance', { player, account: 'BONUS', amount, reason }],
    ['recordActivity', { player, type: 'LOGIN', facts: [{ name: 'method', value: code }], ...where }],
    ['openSession', launch],
    ['setLimit', { of: { player }, ...limit }],
    ['setLimit', { of: { player: { byId: globalId('Player', seat.playerId) } }, ...limit }],
    ['setLimit', { of: { brandCode: code }, ...limit }],
    ['setLimit', { of: { game: ofGame }, ...limit, kind: 'STAKE_PER_BET', period: undefined }],
    ['setLimit', { of: { player }, ...limit, amount: { ...amount, amount: '20.00' } }],
    ['closeRound', { roundId: globalId('Round', openRoundId), reason }],
    ['blockPlayer', { player, reason }],
    ['blockPlayer', { player: { byExternal: { brandCode: code, externalId: 'nobody' } }, reason }],
    ['excludePlayer', { player, until: '2099-01-01T00:00:00.000Z', reason }],
  ]
  for (const [at, [name, input]] of steps.entries()) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
    const document = `mutation ($input: ${type}) { ${name}(input: $input) { userErrors { code field } } }`
    const variables = { input: { idempotencyKey: `step-${at}`, ...input } }
    const { data, errors } = await pitboss.graphql<Record<string, { userErrors: { code: string }[] }>>(
      document,
      variables,
      { token: admin.token },
    )
    const codes = [
      ...(errors ?? []).map(({ message }) => message),
      ...(data?.[name]?.userErrors ?? []).map((e) => e.code),
    ]
    if (codes.some((one) => one !== 'PLAYER_UNKNOWN')) throw new Error(`${name}: ${codes.join(', ')}`)
  }
}
