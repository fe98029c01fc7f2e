// One text in every key that people quote. Each lookup is one statement along an index, within the actor's brands;
// what the actor may not read is not looked for, so that no answer tells whether it is there.
import { Problem } from '../../lib/problem.ts'
import type { Permission } from '../operators/permissions.ts'
import { findByAttempt, findByRequestId } from './by-call.ts'
import { findById, findByToken } from './by-id.ts'
import { findByRoundKey, findByTransactionKey } from './by-key.ts'
import { findByExternalId, findByProfile } from './by-player.ts'
import {
  type Found,
  foundTypes,
  type SearchContext,
  type SearchField,
  searchFields,
  type Wish,
} from './types.ts'

interface Lookup {
  readonly fields: readonly SearchField[]
  readonly needs: readonly Permission[]
  readonly find: (ctx: SearchContext, wish: Wish) => Promise<Found[]>
}

const lookups: readonly Lookup[] = [
  { fields: ['ID'], needs: [], find: findById },
  { fields: ['TRANSACTION_KEY', 'IDEMPOTENCY_KEY'], needs: ['BETS_READ'], find: findByTransactionKey },
  { fields: ['ROUND_KEY'], needs: ['BETS_READ'], find: findByRoundKey },
  { fields: ['GAME_TOKEN'], needs: ['SESSIONS_READ'], find: findByToken },
  { fields: ['EXTERNAL_ID'], needs: ['PLAYERS_READ'], find: findByExternalId },
  { fields: ['NAME', 'EMAIL'], needs: ['PLAYERS_READ', 'PLAYERS_PII'], find: findByProfile },
  { fields: ['ATTEMPT_KEY'], needs: ['CALLS_READ'], find: findByAttempt },
  { fields: ['REQUEST_ID'], needs: ['CALLS_READ'], find: findByRequestId },
]

const textBytesMin = 2
const textBytesMax = 256
/** Shorter texts begin too much to be worth reading. */
const beginningMin = 3

export interface Findings {
  readonly found: readonly Found[]
  readonly searched: readonly SearchField[]
}

/** At most so many of each kind and one more, the best first. */
export async function search(ctx: SearchContext, text: string, most: number): Promise<Findings> {
  const wish = { text, limit: most + 1, beginnings: text.length >= beginningMin }
  const may = lookups.filter(({ needs }) => needs.every((one) => ctx.actor.permissions.has(one)))
  const found = await Promise.all(may.map(({ find }) => find(ctx, wish)))
  const searched = new Set(may.flatMap(({ fields }) => fields))
  return { found: inTurn(distinct(found.flat())), searched: searchFields.filter((one) => searched.has(one)) }
}

/** The text without the blanks around it; a Problem says why it cannot be searched for. */
export function checkSearchText(given: string): string {
  if (!given.isWellFormed()) throw refusal('has half a character')
  const text = given.trim()
  const bytes = Buffer.byteLength(text)
  if (bytes < textBytesMin) throw refusal(`is shorter than ${textBytesMin} bytes`)
  if (bytes > textBytesMax) throw refusal(`is longer than ${textBytesMax} bytes: ${bytes}`)
  if (/\p{Cc}/u.test(text)) throw refusal('has a control character')
  return text
}

const refusal = (why: string) => new Problem('BAD_USER_INPUT', `text ${why}`, 'text')

/** Each thing once, by the best of what it was found by. */
function distinct(all: readonly Found[]): Found[] {
  const best = new Map<string, Found>()
  for (const one of all) {
    const known = best.get(`${one.type} ${one.id}`)
    if (!known || worth(one) < worth(known)) best.set(`${one.type} ${one.id}`, one)
  }
  return [...best.values()]
}

const worth = ({ exact, matched }: Found) => (exact ? 0 : searchFields.length) + searchFields.indexOf(matched)

/** Exact before beginnings; within each the kinds take turns, so that many of one do not hide the others. */
function inTurn(all: readonly Found[]): Found[] {
  const turns = new Map<string, number>()
  const placed = all.map((one) => {
    const group = `${one.exact} ${one.type}`
    const turn = turns.get(group) ?? 0
    turns.set(group, turn + 1)
    return { one, key: [one.exact ? 0 : 1, turn, foundTypes.indexOf(one.type)] as const }
  })
  const order = (a: (typeof placed)[number], b: (typeof placed)[number]) =>
    a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2]
  return placed.toSorted(order).map(({ one }) => one)
}
