// What the simulator is going to do, before it does it: pure data, made by the plan and carried out by the player.

/** Why a call is in the plan: plain play, or the fault that it stands for. */
export const traits = [
  'PLAIN',
  'ROLLBACK',
  'DUPLICATE',
  'REORDERED',
  'ROLLBACK_FIRST',
  'CONFLICT',
  'LOST_REPLY',
  'RACE',
  'REFUSED',
  'BAD_SIGNATURE',
] as const

export type Trait = (typeof traits)[number]

/** What the faults option may name; plain play and rollbacks are always there. */
export const faultTraits = traits.slice(2)

/** A provider's call, with all that may be answered. */
export interface PlannedCall {
  readonly kind: 'BET' | 'WIN' | 'ROLLBACK'
  readonly trait: Trait
  readonly attemptKey: string
  readonly transactionKey: string
  readonly referenceKey?: string
  readonly roundKey: string
  readonly gameCode: string
  /** Absent in rollbacks. */
  readonly amountMinor?: bigint
  /** Another one than the session's. */
  readonly currency?: string
  readonly closesRound: boolean
  readonly expected: readonly string[]
  /** The cash after it, counted from the player's opening cash; absent when the order of two calls decides it. */
  readonly cashMinor?: bigint
  /** BAD: signed with the right key over other bytes. UNKNOWN: names a session that there is none of. */
  readonly forged?: 'SIGNATURE' | 'TOKEN'
  /** Hung up on before the answer is read; the next call is the same again. */
  readonly hangUp?: true
}

/** What one player does next. Steps of a player follow each other; those of different players overlap. */
export type Step = { readonly player: number } & (
  | {
      readonly kind: 'OPEN_SESSION'
      readonly key: string
      readonly gameCode: string
      readonly device: string
    }
  | { readonly kind: 'CLOSE_SESSION'; readonly key: string }
  | { readonly kind: 'DEPOSIT'; readonly key: string; readonly amountMinor: bigint }
  /** More than one: at the same moment. */
  | { readonly kind: 'CALLS'; readonly calls: readonly PlannedCall[] }
)

export const ok = 'RS_OK'
/** The outcome of a call that was hung up on. */
export const noReply = 'NO_REPLY'
