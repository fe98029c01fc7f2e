// What the scenarios find in the wallet under test: players with sessions and money, and what can be done to them from
// outside. It comes from a JSON file, from options, or is made in a running Pitboss (`arrange.ts`).
import { z } from 'zod'
import { currencyExponent, isCurrency, parseDecimal } from '../lib/money.ts'
import { Problem } from '../lib/problem.ts'
import type { Seat } from './dialects/dialect.ts'

const seatNames = ['main', 'second', 'expired', 'blocked', 'limited'] as const
export type SeatName = (typeof seatNames)[number]

export interface World {
  readonly currency: string
  /** A currency that no session plays in. */
  readonly otherCurrency: string
  readonly gameCode: string
  readonly seats: Readonly<Partial<Record<SeatName, Seat>>>
  /** A win that the wallet must be able to hold to the last digit. */
  readonly largestMinor: bigint
  /** A stake of the player `limited` that one of the limits refuses. */
  readonly overLimitMinor?: bigint
  /** Whether what a free bet wins is in the balance that the wallet tells, or apart from it. */
  readonly freeWinsTo: 'CASH' | 'BONUS'
  /** Blocks the player `blocked`. */
  readonly block?: () => Promise<void>
  /** Kills the wallet and starts it again. */
  readonly crash?: () => Promise<void>
}

const text = z.string().min(1, 'is empty').max(1_024, 'is too long')
const currency = text.refine(isCurrency, 'is not a known currency code')
const seat = z.strictObject({ user: text, token: text })
const seatBesideLive = z.strictObject({ user: text, token: text, liveToken: text })

const file = z.strictObject({
  currency,
  game: text,
  players: z.strictObject({
    main: seat,
    second: seat.optional(),
    expired: seatBesideLive.optional(),
    blocked: seat.optional(),
    limited: seat.extend({ overLimit: text }).optional(),
  }),
  otherCurrency: currency.optional(),
  largestAmount: text.default('63727092.34'),
  freeWinsTo: z.enum(['CASH', 'BONUS']).default('CASH'),
  commands: z.strictObject({ block: text.optional(), crash: text.optional() }).default({}),
})

export type WorldFile = z.infer<typeof file>

/** Reads a world file; a mistake is a Problem WORLD that names the field. */
export function readWorldFile(source: string): WorldFile {
  let given: unknown
  try {
    given = JSON.parse(source)
  } catch {
    throw new Problem('WORLD', 'this is not JSON', 'world')
  }
  return checkWorld(given)
}

export function checkWorld(given: unknown): WorldFile {
  const { data, error } = file.safeParse(given)
  if (data) return data
  const faults = error.issues.map(({ path, message }) => `${path.join('.') || 'the file'} ${message}`)
  throw new Problem('WORLD', faults.join('; '), 'world')
}

/** The world of a file; `shell` runs one of its commands. */
export function worldOf(given: WorldFile, shell: (command: string) => Promise<void>): World {
  const { limited } = given.players
  const { block, crash } = given.commands
  const largest =
    currencyExponent(given.currency) < 2 ? given.largestAmount.split('.')[0] : given.largestAmount
  return {
    currency: given.currency,
    otherCurrency: given.otherCurrency ?? (given.currency === 'SEK' ? 'EUR' : 'SEK'),
    gameCode: given.game,
    seats: seatsOf(given.players),
    largestMinor: amount(largest ?? '', given.currency, 'largestAmount'),
    freeWinsTo: given.freeWinsTo,
    ...(limited
      ? { overLimitMinor: amount(limited.overLimit, given.currency, 'players.limited.overLimit') }
      : {}),
    ...(block ? { block: () => shell(block) } : {}),
    ...(crash ? { crash: () => shell(crash) } : {}),
  }
}

function seatsOf(players: WorldFile['players']): World['seats'] {
  const seats: Partial<Record<SeatName, Seat>> = {}
  for (const name of seatNames) {
    const given = players[name]
    if (!given) continue
    const { user, token } = given
    seats[name] = { name, user, token, liveToken: 'liveToken' in given ? given.liveToken : token }
  }
  return seats
}

function amount(decimal: string, code: string, field: string): bigint {
  try {
    return parseDecimal(decimal, code)
  } catch (error) {
    throw error instanceof Problem ? new Problem('WORLD', `${field} ${error.message}`, 'world') : error
  }
}
