// What bets need of the world outside that are placed from here: a game engine that plays them, and providers that
// can be asked what became of one. The dialects' folders fill these ports; nothing here knows HTTP.
import type { Exchange } from '../providers/outbound-call.ts'
import type { OpenAccount } from '../providers/types.ts'

/** A bet as a provider is told of it. Its id is the same however often it is sent. */
export interface OutboundBet {
  readonly id: string
  readonly playerExternalId: string
  readonly sessionId: string
  readonly gameCode: string
  readonly currency: string
  readonly stakeMinor: bigint
  readonly placedAt: Date
}

/** What a provider says of a bet, or that nobody knows. */
export type Fate =
  | {
      readonly kind: 'PLAYED'
      readonly payoutMinor: bigint
      /** The part of the payout that a jackpot pays. */
      readonly jackpotMinor: bigint
      readonly playedAt: Date
      /** What came out, in the provider's own words. */
      readonly result: Readonly<Record<string, unknown>>
    }
  /** It was not played and never will be. */
  | { readonly kind: 'REJECTED' }
  /** The provider has never heard of it; what is still on its way may yet arrive there. */
  | { readonly kind: 'UNHEARD' }
  /** No answer that can be believed: nobody knows. */
  | { readonly kind: 'UNKNOWN'; readonly why: 'NO_ANSWER' | 'BAD_SIGNATURE' | 'BAD_REPLY' }

/** One try to learn a fate, and how it went. Never rejects. */
export interface Told {
  readonly fate: Fate
  readonly exchange: Exchange
}

/** Asks a provider what became of a bet. */
export interface Inquiry {
  ask(account: OpenAccount, bet: OutboundBet): Promise<Told>
}

export interface GameEngine extends Inquiry {
  /** Plays the bet, once: the same bet again gives the same result. */
  play(account: OpenAccount, bet: OutboundBet): Promise<Told>
  /** Takes back a bet that was not played; what was played stays, and its result is told. */
  cancel(account: OpenAccount, bet: OutboundBet): Promise<Told>
}

/** By dialect; undefined where the dialect has no such thing. */
export interface ProviderPorts {
  engineOf(dialect: string): GameEngine | undefined
  inquiryOf(dialect: string): Inquiry | undefined
}
