import type { KeyObject } from 'node:crypto'
import type { Trait } from './calls.ts'
import { currencyExponent } from '../lib/money.ts'
import { plan } from './plan.ts'
import { findAccount, findPlayers, type PlayerFacts, registerPlayer } from './platform.ts'
import { openPlatform, type Platform } from './platform-client.ts'
import { play } from './play.ts'
import type { Tally } from './tally.ts'

export interface SimulateOptions {
  /** One server, or several on the same database. */
  readonly urls: readonly string[]
  /** A SERVICE token: it opens sessions and records deposits. */
  readonly token: string
  readonly accountCode: string
  readonly privateKey: KeyObject
  readonly seed: string
  /** Tells apart what is played with the same seed. */
  readonly run: string
  /** The players that are there, or so many of the simulator's own, registered now. */
  readonly players: 'EXISTING' | number
  readonly rate?: number
  readonly calls?: number
  readonly seats?: number
  readonly faultShare: number
  readonly faults?: readonly Trait[]
  readonly tolerant?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (tally: Tally) => void
}

/** Stakes feel alike everywhere: about ten crowns or a hundred yen are one unit. */
const mainUnits: Readonly<Record<string, bigint>> = { SEK: 10n, NOK: 10n, DKK: 10n, JPY: 100n, ISK: 100n }

const playerPagesMax = 2
const concurrencyDefault = 24

/** Plays one provider account: a plan made of the seed, with players who have sessions and money. */
export async function simulate(options: SimulateOptions): Promise<Tally> {
  const platform = openPlatform(options.urls, options.token)
  const account = await findAccount(platform, options.accountCode)
  const { currency } = account
  const own = options.players !== 'EXISTING'
  const players = own
    ? await ownPlayers(platform, account, options)
    : await findPlayers(platform, account, playerPagesMax)
  const { urls, accountCode, privateKey } = options
  const seats = options.seats ?? concurrencyDefault
  const steps = plan({
    ...options,
    seats,
    openingMinor: players.map(({ cashMinor }) => cashMinor),
    gameCodes: account.gameCodes,
    unitMinor: 10n ** BigInt(currencyExponent(currency)) * (mainUnits[currency] ?? 1n),
  })
  return play(steps, {
    side: { urls, accountCode, privateKey, currency },
    platform,
    account,
    players,
    concurrency: seats,
    exactBalances: own,
    tolerant: options.tolerant ?? false,
    ...(options.rate === undefined ? {} : { rate: options.rate }),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  })
}

/** Named by the run, so that nobody else plays with their money. */
async function ownPlayers(
  platform: Platform,
  account: Parameters<typeof registerPlayer>[1],
  { players, run }: SimulateOptions,
): Promise<PlayerFacts[]> {
  const registered: PlayerFacts[] = []
  for (let index = 0; index < Number(players); index += 1) {
    registered.push(await registerPlayer(platform, account, `sim-${run}-${index + 1}`))
  }
  return registered
}
