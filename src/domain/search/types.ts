// The words of the search, and what it needs of the floor above: only dialects know how ids become keys.
import type { ScopedContext } from '../context.ts'

export const searchFields = [
  'ID',
  'TRANSACTION_KEY',
  'IDEMPOTENCY_KEY',
  'ROUND_KEY',
  'GAME_TOKEN',
  'EXTERNAL_ID',
  'NAME',
  'EMAIL',
  'ATTEMPT_KEY',
  'REQUEST_ID',
] as const

export type SearchField = (typeof searchFields)[number]

/** In the order in which they are shown. */
export const foundTypes = ['Bet', 'Transaction', 'Round', 'Session', 'Player', 'ProviderCall'] as const

export type FoundType = (typeof foundTypes)[number]

export interface Found {
  readonly type: FoundType
  readonly id: string
  readonly matched: SearchField
  readonly value: string
  readonly exact: boolean
}

/** How an id that people quote stands in the keys of one dialect, when not as it is. */
export interface QuotedKeys {
  readonly dialect: string
  readonly transactionKeys: readonly string[]
  /** What the round's key begins with when it is made of the whole id. */
  readonly roundKeyStart: string | undefined
}

export type QuoteKeys = (quoted: string) => readonly QuotedKeys[]

export interface SearchContext extends ScopedContext {
  readonly quoteKeys: QuoteKeys
}

export interface Wish {
  readonly text: string
  /** Rows of each kind that are worth reading. */
  readonly limit: number
  /** Whether what only begins with the text is looked for too. */
  readonly beginnings: boolean
}

/** The last text in byte order that begins so, or the text itself when only the whole counts. */
export const lastOf = (start: string, beginnings: boolean): string =>
  beginnings ? `${start}\u{10ffff}` : start
