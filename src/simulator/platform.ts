// What the platform asks of Pitboss around a game: who plays, sessions, money in. Every mutation has a key, so that
// asking again is safe.
import { formatDecimal } from '../lib/money.ts'
import { Problem } from '../lib/problem.ts'
import type { Platform } from './platform-client.ts'

export interface AccountFacts {
  readonly brandId: string
  readonly brandCode: string
  readonly currency: string
  readonly gameCodes: readonly string[]
}

export interface PlayerFacts {
  readonly externalId: string
  readonly country: string
  readonly cashMinor: bigint
}

interface Refused {
  readonly userErrors: readonly { readonly code: string; readonly message: string }[]
}

/** The account's brand with its currency, and the games that can be launched. */
export async function findAccount(platform: Platform, accountCode: string): Promise<AccountFacts> {
  const { providers } = await platform.run<{
    providers: {
      accounts: { code: string; brand: { id: string; code: string; currency: string } | null }[]
      games: { code: string; status: string }[]
    }[]
  }>(
    'query SimulatorAccount { providers { accounts { code brand { id code currency } } games { code status } } }',
  )
  for (const { accounts, games } of providers) {
    const brand = accounts.find(({ code }) => code === accountCode)?.brand
    if (!brand) continue
    const gameCodes = games.filter(({ status }) => status === 'ENABLED').map(({ code }) => code)
    if (gameCodes.length === 0)
      throw new Problem('NO_GAMES', `the provider of ${accountCode} has no enabled game`)
    return { brandId: brand.id, brandCode: brand.code, currency: brand.currency, gameCodes }
  }
  throw new Problem(
    'ACCOUNT_UNKNOWN',
    `there is no provider account ${accountCode} for this token`,
    'provider',
  )
}

const playersDocument = `query SimulatorPlayers($brandId: ID!, $after: String) {
  players(first: 100, after: $after, filter: { brand: { eq: $brandId } }) {
    nodes { externalId country status wallets { currency cash { minorUnits } } }
    pageInfo { hasNextPage endCursor } } }`

interface PlayersPage {
  readonly players: {
    readonly nodes: readonly {
      readonly externalId: string
      readonly country: string
      readonly status: string
      readonly wallets: readonly {
        readonly currency: string
        readonly cash: { readonly minorUnits: string }
      }[]
    }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

/** Active players of a brand with a wallet in the currency, of the first so many pages of 100. */
export async function findPlayers(
  platform: Platform,
  { brandId, currency }: AccountFacts,
  pagesMax: number,
): Promise<PlayerFacts[]> {
  const found: PlayerFacts[] = []
  let after = null as string | null
  for (let page = 0; page < pagesMax; page += 1) {
    const { players } = await platform.run<PlayersPage>(playersDocument, { brandId, after })
    for (const { externalId, country, status, wallets } of players.nodes) {
      const wallet = wallets.find((one) => one.currency === currency)
      if (wallet && status === 'ACTIVE') {
        found.push({ externalId, country, cashMinor: BigInt(wallet.cash.minorUnits) })
      }
    }
    if (!players.pageInfo.hasNextPage) break
    after = players.pageInfo.endCursor
  }
  return found
}

const userErrors = 'userErrors { code message }'

/** Registers a player of the simulator's own; the same one when asked again. */
export async function registerPlayer(
  platform: Platform,
  { brandCode, currency }: AccountFacts,
  externalId: string,
): Promise<PlayerFacts> {
  const { registerPlayer: done } = await platform.run<{ registerPlayer: Refused }>(
    `mutation SimulatorRegister($input: RegisterPlayerInput!) { registerPlayer(input: $input) { ${userErrors} } }`,
    { input: { idempotencyKey: externalId, brandCode, externalId, country: 'MT', currency } },
  )
  refuse(done)
  return { externalId, country: 'MT', cashMinor: 0n }
}

export interface Launch {
  readonly key: string
  readonly accountCode: string
  readonly gameCode: string
  readonly device: string
  readonly ip: string
}

/** The game token and the session's id. */
export async function openSession(
  platform: Platform,
  { brandCode, currency }: AccountFacts,
  { externalId, country }: PlayerFacts,
  { key, accountCode, gameCode, device, ip }: Launch,
): Promise<{ token: string; id: string }> {
  const player = { byExternal: { brandCode, externalId } }
  const place = { ip, device, country }
  const { openSession: done } = await platform.run<{
    openSession: Refused & { gameToken: string | null; session: { id: string } | null }
  }>(
    `mutation SimulatorLaunch($input: OpenSessionInput!) {
      openSession(input: $input) { gameToken session { id } ${userErrors} } }`,
    {
      input: { idempotencyKey: key, player, providerAccountCode: accountCode, gameCode, currency, ...place },
    },
  )
  refuse(done)
  if (!done.gameToken || !done.session)
    throw new Problem('NO_SESSION', 'the session was opened without a token')
  return { token: done.gameToken, id: done.session.id }
}

export async function closeSession(platform: Platform, key: string, sessionId: string): Promise<void> {
  const { closeSession: done } = await platform.run<{ closeSession: Refused }>(
    `mutation SimulatorLeave($input: CloseSessionInput!) { closeSession(input: $input) { ${userErrors} } }`,
    { input: { idempotencyKey: key, session: { byId: sessionId }, reason: 'PLAYER' } },
  )
  refuse(done)
}

export async function recordDeposit(
  platform: Platform,
  { brandCode, currency }: AccountFacts,
  externalId: string,
  { key, amountMinor }: { readonly key: string; readonly amountMinor: bigint },
): Promise<void> {
  const player = { byExternal: { brandCode, externalId } }
  const amount = { amount: formatDecimal(amountMinor, currency), currency }
  const { recordDeposit: done } = await platform.run<{ recordDeposit: Refused }>(
    `mutation SimulatorDeposit($input: RecordDepositInput!) { recordDeposit(input: $input) { ${userErrors} } }`,
    { input: { idempotencyKey: key, player, amount } },
  )
  refuse(done)
}

function refuse({ userErrors: [first] }: Refused): void {
  if (first) throw new Problem(first.code, first.message)
}
