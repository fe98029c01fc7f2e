/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core'
/** Which bets. All conditions that are given must hold. */
export type BetFilter = {
  /** All of these filters match too; says nothing when empty. Filters go 3 deep and are 20 in all at most. */
  and?: Array<BetFilter> | null | undefined
  /** Of these brands. */
  brand?: IdFilter | null | undefined
  /** On games of these categories, as they are now. */
  category?: GameCategoryFilter | null | undefined
  /** Of players from these countries (ISO 3166-1 alpha-2), as they are now. Needs PLAYERS_READ. */
  country?: StringFilter | null | undefined
  /** In these currencies. */
  currency?: CurrencyFilter | null | undefined
  /** In these games. */
  game?: IdFilter | null | undefined
  /** With these ids. */
  id?: IdFilter | null | undefined
  /** Of these kinds. */
  kind?: BetKindFilter | null | undefined
  /** Whether money moved after the round was completed. */
  late?: boolean | null | undefined
  /** With a multiple (payout so far / stake, compared exactly) within these bounds; bets with stake 0 do not match. */
  multiple?: DecimalRange | null | undefined
  /** This filter does not match: everything else does, also what has no value for it. */
  not?: BetFilter | null | undefined
  /** At least one of these filters matches; nothing does when empty. */
  or?: Array<BetFilter> | null | undefined
  /** With a payout so far within these bounds. */
  payout?: MoneyRange | null | undefined
  /** Placed within this time. */
  placedAt?: DateTimeRange | null | undefined
  /** Of these players. */
  player?: IdFilter | null | undefined
  /** On games of these providers. */
  provider?: IdFilter | null | undefined
  /** Through these provider accounts. */
  providerAccount?: IdFilter | null | undefined
  /** With these results; bets without one do not match. */
  result?: BetResultFilter | null | undefined
  /** In these rounds. */
  round?: IdFilter | null | undefined
  /** In these sessions. */
  session?: IdFilter | null | undefined
  /** Settled within this time; bets that are not settled do not match. */
  settledAt?: DateTimeRange | null | undefined
  /** With a stake within these bounds. */
  stake?: MoneyRange | null | undefined
  /** With these statuses. */
  status?: BetStatusFilter | null | undefined
  /** Placed by these transaction keys. */
  transactionKey?: StringFilter | null | undefined
}

/** What a bet was paid with. */
export type BetKind =
  /** A free bet: no debit; counted apart. */
  | 'FREE'
  /** A promotion; counted apart. */
  | 'PROMO'
  /** The player's cash. */
  | 'REAL'

/** Which kinds of bet. All conditions that are given must hold. */
export type BetKindFilter = {
  /** This one. */
  eq?: BetKind | null | undefined
  /** One of these. None when empty. */
  in?: Array<BetKind> | null | undefined
}

/** How a bet ended. */
export type BetResult =
  /** It paid nothing. */
  | 'LOST'
  /** It paid something. */
  | 'WON'

/** Which results. All conditions that are given must hold. */
export type BetResultFilter = {
  /** This one. */
  eq?: BetResult | null | undefined
  /** One of these. None when empty. */
  in?: Array<BetResult> | null | undefined
}

/** What became of a bet. */
export type BetStatus =
  /** In play. */
  | 'OPEN'
  /** Taken back by the provider: the stake was returned. */
  | 'ROLLED_BACK'
  /** Won or lost. */
  | 'SETTLED'
  /** Taken back by an operator: the stake was returned. */
  | 'VOIDED'

/** Which statuses. All conditions that are given must hold. */
export type BetStatusFilter = {
  /** This one. */
  eq?: BetStatus | null | undefined
  /** One of these. None when empty. */
  in?: Array<BetStatus> | null | undefined
}

/** Which currencies. All conditions that are given must hold. */
export type CurrencyFilter = {
  /** This currency. */
  eq?: string | null | undefined
  /** One of these currencies, at most 100. None when empty. */
  in?: Array<string> | null | undefined
}

/** Moments from a first one on (included) up to a second (not included). */
export type DateTimeRange = {
  /** At or after. */
  gte?: string | null | undefined
  /** Before. */
  lt?: string | null | undefined
}

/** Numbers within bounds, both included. */
export type DecimalRange = {
  /** At least this. */
  gte?: string | null | undefined
  /** At most this. */
  lte?: string | null | undefined
}

/** The kinds of game. */
export type GameCategory =
  /** A crash game. */
  | 'CRASH'
  /** An instant game: scratch cards and the like. */
  | 'INSTANT'
  /** A table game with a live dealer. */
  | 'LIVE'
  /** Any other. */
  | 'OTHER'
  /** A slot machine. */
  | 'SLOT'
  /** A table game against the machine. */
  | 'TABLE'

/** Which kinds of game. All conditions that are given must hold. */
export type GameCategoryFilter = {
  /** This one. */
  eq?: GameCategory | null | undefined
  /** One of these. None when empty. */
  in?: Array<GameCategory> | null | undefined
}

/** Which ids. All conditions that are given must hold. */
export type IdFilter = {
  /** This id. */
  eq?: string | number | null | undefined
  /** One of these ids, at most 100. None when empty. */
  in?: Array<string | number> | null | undefined
}

/** Amounts of one currency within bounds, both included. Amounts of other currencies do not match. */
export type MoneyRange = {
  /** The currency of the amounts. */
  currency: string
  /** At least this, in units of the currency. */
  gte?: string | null | undefined
  /** At most this, in units of the currency. */
  lte?: string | null | undefined
}

/** Which texts. All conditions that are given must hold; letter case counts. */
export type StringFilter = {
  /** Exactly this text. */
  eq?: string | null | undefined
  /** One of these texts, at most 100. None when empty. */
  in?: Array<string> | null | undefined
  /** Texts that begin so. */
  startsWith?: string | null | undefined
}

export type SettledBetsQueryVariables = Exact<{
  first: number
  after?: string | null | undefined
  filter?: BetFilter | null | undefined
}>

export type SettledBetsQuery = {
  bets: {
    nodes: Array<{
      transactionKey: string
      result: BetResult | null
      placedAt: string
      stake: { amount: string; currency: string }
      payout: { amount: string }
      player: { externalId: string } | null
    }>
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  } | null
}

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>
  private value: string
  public __meta__?: Record<string, any> | undefined

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value)
    this.value = value
    this.__meta__ = __meta__
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value
  }
}

export const SettledBetsDocument = new TypedDocumentString(
  `
    query SettledBets($first: Int!, $after: String, $filter: BetFilter) {
  bets(
    first: $first
    after: $after
    filter: $filter
    sort: {key: PLACED_AT, direction: ASC}
  ) {
    nodes {
      transactionKey
      result
      placedAt
      stake {
        amount
        currency
      }
      payout {
        amount
      }
      player {
        externalId
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `,
  { hash: 'sha256:7210d1d02bd8143ca4000370a9b8861c03b2dcc61a8b5cc2997c47a43b8f70f0' },
) as unknown as TypedDocumentString<SettledBetsQuery, SettledBetsQueryVariables>
