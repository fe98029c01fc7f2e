// Whether a database can be true, by the names that stories of many calls know it by.
import { invariants } from '../../src/domain/invariants/list.ts'
import { runInvariants } from '../../src/domain/invariants/run-invariants.ts'
import type { TestDatabase } from './database.ts'

/** The invariants that go by a name of their own here: by what they say. */
const names = {
  BALANCES: ['a stored balance is the sum of its legs', "a wallet's version is the number of its legs"],
  LEGS_OF_A_ROW: ['the legs of a journal row sum to zero in each currency'],
  LEGS_OF_A_CURRENCY: ['all accounts together sum to zero in each currency'],
  RUNNING_BALANCES: [
    'a balance after a leg is the one before and the leg; legs of a wallet are counted one by one',
  ],
  STAKES_IN_PLAY: ['the stakes in play are those of open bets, and a completed round has none'],
  JOURNAL_CHAIN: ['a lane has no hole: every row names the one before'],
  JOURNAL_STAMPS: ['the stamps of a lane rise with its rows'],
  ONE_EFFECT: ['money moves for transactions that were accepted only, once for each'],
  EFFECTS_OF_OK: ['a bet is the one bet of the accepted transaction under its key'],
  PLAYER_VERSIONS: [
    "a player's version is that of the newest event",
    "a player's events are counted one by one, later and later",
  ],
  PAYOUTS: ['a payout is the sum of the wins that stand'],
} satisfies Readonly<Record<string, readonly string[]>>

export type CheckName = keyof typeof names

export const checkNames = Object.keys(names) as CheckName[]

const known = new Set(invariants.map(({ says }) => says))
for (const says of Object.values(names).flat()) if (!known.has(says)) throw new Error(`nothing says: ${says}`)

/** What does not hold, by its name or else by its id, each with what was found first. */
export async function checkBooks(sql: Pick<TestDatabase['sql'], 'unsafe'>): Promise<Record<string, string>> {
  const results = await runInvariants({ sql })
  const broken = results.filter(({ verdict }) => verdict !== 'HOLDS')
  return Object.fromEntries(broken.map(({ id, says, first }) => [nameOf(says) ?? id, first[0] ?? '']))
}

const nameOf = (says: string) => checkNames.find((name) => (names[name] as readonly string[]).includes(says))
