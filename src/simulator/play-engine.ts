// Players at games of a game engine: each bet is placed by the platform, as its front end would, and played by the
// engine of the simulator.
import { setTimeout as sleep } from 'node:timers/promises'
import { currencyExponent, formatDecimal } from '../lib/money.ts'
import { type AccountFacts, findAccount, findPlayers, openSession, recordDeposit } from './platform.ts'
import { openPlatform, type Platform } from './platform-client.ts'
import { type Random, seededRandom } from './random.ts'

export interface PlayEngineOptions {
  readonly url: string
  /** A SERVICE token. */
  readonly token: string
  readonly accountCode: string
  readonly seed: string
  /** Tells apart what is played with the same seed. */
  readonly run: string
  /** Bets a second. */
  readonly rate: number
  readonly signal: AbortSignal
}

/** So many of the brand's players sit at these games, one game each. */
const seatsMax = 6
const depositUnits = 100n

interface Seat {
  readonly externalId: string
  readonly sessionId: string
}

/** Plays until the signal. */
export async function playEngine(options: PlayEngineOptions): Promise<void> {
  const platform = openPlatform([options.url], options.token)
  const random = seededRandom(`engine play ${options.seed}`)
  const account = await findAccount(platform, options.accountCode)
  const seats = await takeSeats(platform, account, random, options)
  for (let number = 1; !options.signal.aborted && seats.length > 0; number += 1) {
    await playOne(platform, account, random, { seat: random.pick(seats), key: `${options.run}-${number}` })
    await sleep(1000 / options.rate, undefined, { signal: options.signal }).catch(() => undefined)
  }
}

async function takeSeats(
  platform: Platform,
  account: AccountFacts,
  random: Random,
  { accountCode, run }: PlayEngineOptions,
): Promise<Seat[]> {
  const players = await findPlayers(platform, account, 1)
  const seats: Seat[] = []
  for (const player of players.slice(0, seatsMax)) {
    const key = `${run}-${player.externalId}`
    const gameCode = random.pick(account.gameCodes)
    const launch = {
      key,
      accountCode,
      gameCode,
      device: 'Windows 11',
      ip: `203.0.113.${1 + random.int(250)}`,
    }
    const { id } = await openSession(platform, account, player, launch)
    seats.push({ externalId: player.externalId, sessionId: id })
  }
  return seats
}

async function playOne(
  platform: Platform,
  account: AccountFacts,
  random: Random,
  { seat, key }: { readonly seat: Seat; readonly key: string },
): Promise<void> {
  const { currency } = account
  const unitMinor = 10n ** BigInt(currencyExponent(currency))
  const amount = { amount: formatDecimal(unitMinor * BigInt(1 + random.int(5)), currency), currency }
  const { placeBet } = await platform.run<{ placeBet: { userErrors: { code: string }[] } }>(
    'mutation SimulatorBet($input: PlaceBetInput!) { placeBet(input: $input) { pending userErrors { code } } }',
    { input: { idempotencyKey: key, session: { byId: seat.sessionId }, amount } },
  )
  if (placeBet.userErrors[0]?.code !== 'INSUFFICIENT_FUNDS') return
  const deposit = { key: `${key}-cash`, amountMinor: unitMinor * depositUnits }
  await recordDeposit(platform, account, seat.externalId, deposit)
}
