// Makes the world in a running Pitboss, through its public GraphQL API: players of its own with money and sessions.
import { currencyExponent, formatDecimal } from '../lib/money.ts'
import { Problem } from '../lib/problem.ts'
import type { Seat } from './dialects/dialect.ts'
import { openPlatform, type Platform } from './platform.ts'
import type { SeatName, World } from './world.ts'

export interface Arrangement {
  /** Where GraphQL is answered. */
  readonly url: string
  /** An API token of the role SERVICE. */
  readonly token: string
  /** The provider account whose wallet is tried. */
  readonly accountCode: string
  /** Tells the players of this run from those of others. */
  readonly run: string
  readonly timeoutMs: number
}

interface Place {
  readonly platform: Platform
  readonly run: string
  readonly accountCode: string
  readonly brandCode: string
  readonly currency: string
  readonly gameCode: string
}

/** Main units that each player starts with. */
const openingUnits: Readonly<Record<SeatName, bigint>> = {
  main: 1_000n,
  second: 100n,
  expired: 20n,
  blocked: 20n,
  limited: 100n,
}

const limitUnits = 10n
const overLimitUnits = 50n

/** Almost all that an amount may be, with digits that a float loses. */
const largestDigits = '999999999999999'

export async function arrangeWorld(arrangement: Arrangement): Promise<World> {
  const { url, token, timeoutMs } = arrangement
  const platform = openPlatform(url, token, timeoutMs)
  const place = { platform, ...arrangement, ...(await findAccount(platform, arrangement.accountCode)) }
  const { currency, gameCode } = place
  const limited = await seatLimited(place)
  const seats: Partial<Record<SeatName, Seat>> = {
    main: await seatPlayer(place, 'main'),
    second: await seatPlayer(place, 'second'),
    expired: await seatExpired(place),
    blocked: await seatPlayer(place, 'blocked'),
    ...(limited ? { limited } : {}),
  }
  return {
    currency,
    gameCode,
    seats,
    otherCurrency: currency === 'SEK' ? 'EUR' : 'SEK',
    largestMinor: BigInt(largestDigits),
    freeWinsTo: 'CASH',
    ...(limited ? { overLimitMinor: unitsOf(place, overLimitUnits) } : {}),
    block: () => blockPlayer(place, 'blocked'),
  }
}

async function findAccount(
  platform: Platform,
  accountCode: string,
): Promise<Pick<Place, 'brandCode' | 'currency' | 'gameCode'>> {
  const { providers } = await platform.run<{
    providers: {
      accounts: { code: string; brand: { code: string; currency: string } | null }[]
      games: { code: string; status: string }[]
    }[]
  }>(
    'query ConformanceAccount { providers { accounts { code brand { code currency } } games { code status } } }',
  )
  for (const { accounts, games } of providers) {
    const brand = accounts.find(({ code }) => code === accountCode)?.brand
    const game = games.find(({ status }) => status === 'ENABLED')
    if (brand && !game) {
      throw new Problem('NO_GAMES', `the provider of ${accountCode} has no enabled game`, 'url')
    }
    if (brand && game) return { brandCode: brand.code, currency: brand.currency, gameCode: game.code }
  }
  throw new Problem('ACCOUNT_UNKNOWN', `there is no provider account ${accountCode} for this token`, 'url')
}

const unitsOf = ({ currency }: Pick<Place, 'currency'>, units: bigint) =>
  units * 10n ** BigInt(currencyExponent(currency))

const userErrors = 'userErrors { code message }'
const externalIdOf = ({ run }: Place, name: SeatName) => `conformance-${run}-${name}`
const playerOf = (place: Place, name: SeatName) => ({
  byExternal: { brandCode: place.brandCode, externalId: externalIdOf(place, name) },
})

/** A player with money and a session. */
async function seatPlayer(place: Place, name: SeatName): Promise<Seat> {
  const { platform, brandCode, currency } = place
  const externalId = externalIdOf(place, name)
  await platform.run(
    `mutation ConformanceRegister($input: RegisterPlayerInput!) {
      registerPlayer(input: $input) { ${userErrors} } }`,
    { input: { idempotencyKey: externalId, brandCode, externalId, country: 'MT', currency } },
  )
  const amount = { amount: formatDecimal(unitsOf(place, openingUnits[name]), currency), currency }
  await platform.run(
    `mutation ConformanceDeposit($input: RecordDepositInput!) {
      recordDeposit(input: $input) { ${userErrors} } }`,
    { input: { idempotencyKey: `${externalId}-deposit`, player: playerOf(place, name), amount } },
  )
  const token = await openSession(place, name, 'session')
  return { name, user: externalId, token, liveToken: token }
}

/** A session that was closed: to a provider that is one whose token is over. */
async function seatExpired(place: Place): Promise<Seat> {
  const seat = await seatPlayer(place, 'expired')
  const token = await openSession(place, 'expired', 'over')
  await place.platform.run(
    `mutation ConformanceLeave($input: CloseSessionInput!) { closeSession(input: $input) { ${userErrors} } }`,
    { input: { idempotencyKey: `${seat.user}-close`, session: { byGameToken: token }, reason: 'PLAYER' } },
  )
  return { ...seat, token }
}

/** A player who may stake so much a bet; nobody where limits cannot be set, or not with this token. */
async function seatLimited(place: Place): Promise<Seat | undefined> {
  const { platform, currency } = place
  const seat = await seatPlayer(place, 'limited')
  const input = {
    idempotencyKey: `${seat.user}-limit`,
    of: { player: playerOf(place, 'limited') },
    kind: 'STAKE_PER_BET',
    amount: { amount: formatDecimal(unitsOf(place, limitUnits), currency), currency },
    reason: 'conformance scenario 30',
  }
  try {
    await platform.run(
      `mutation ConformanceLimit($input: SetLimitInput!) { setLimit(input: $input) { ${userErrors} } }`,
      { input },
    )
    return seat
  } catch (error) {
    if (error instanceof Problem && cannotLimit.has(error.code)) return undefined
    throw error
  }
}

const cannotLimit: ReadonlySet<string> = new Set(['GRAPHQL_VALIDATION_FAILED', 'FORBIDDEN'])

async function openSession(place: Place, name: SeatName, key: string): Promise<string> {
  const { platform, accountCode, gameCode, currency } = place
  const input = {
    idempotencyKey: `${externalIdOf(place, name)}-${key}`,
    player: playerOf(place, name),
    providerAccountCode: accountCode,
    gameCode,
    currency,
  }
  const { openSession: done } = await platform.run<{ openSession: { gameToken: string | null } }>(
    `mutation ConformanceLaunch($input: OpenSessionInput!) {
      openSession(input: $input) { gameToken ${userErrors} } }`,
    { input },
  )
  if (!done.gameToken) throw new Problem('NO_SESSION', 'the session was opened without a token', 'arrange')
  return done.gameToken
}

async function blockPlayer(place: Place, name: SeatName): Promise<void> {
  const idempotencyKey = `${externalIdOf(place, name)}-block`
  await place.platform.run(
    `mutation ConformanceBlock($input: BlockPlayerInput!) { blockPlayer(input: $input) { ${userErrors} } }`,
    { input: { idempotencyKey, player: playerOf(place, name), reason: 'conformance scenario 14' } },
  )
}
