/** All types of event; a row's version tells the shape of its facts. */
export const eventTypes = [
  'PlayerRegistered',
  'PlayerBlocked',
  'PlayerUnblocked',
  'PlayerExcluded',
  'LimitChanged',
  'WalletOpened',
  'ActivityRecorded',
  'SessionOpened',
  'SessionClosed',
  'RoundStarted',
  'RoundCompleted',
  'BetPlaced',
  'BetSettled',
  'BetRolledBack',
  'BetVoided',
  'WinRecorded',
  'WinRolledBack',
  'LossRecorded',
  'DebtRecorded',
  'RollbackRecorded',
  'ResultRecorded',
  'TransactionDeclined',
  'DepositRecorded',
  'WithdrawalRecorded',
  'AdjustmentRecorded',
  'PromoRecorded',
  'TokenRevoked',
] as const

export type EventType = (typeof eventTypes)[number]

/** An event before it has its place in a lane. Facts: small, amounts as text, no personal data. */
export interface NewEvent {
  readonly type: EventType
  readonly brandId: string | null
  readonly playerId?: string | undefined
  readonly sessionId?: string | undefined
  readonly gameId?: string | undefined
  readonly providerAccountId?: string | undefined
  readonly roundId?: string | undefined
  readonly betId?: string | undefined
  readonly transactionId?: string | undefined
  readonly amountMinor?: bigint | undefined
  readonly currency?: string | undefined
  readonly occurredAt: Date
  readonly facts?: Record<string, unknown> | undefined
}

/** A journal row as it is read. */
export interface JournalEvent {
  readonly lane: number
  readonly seq: bigint
  readonly prev: bigint
  readonly id: string
  readonly type: EventType
  readonly version: number
  readonly brandId: string | null
  readonly playerId: string | null
  readonly playerVersion: bigint | null
  readonly sessionId: string | null
  readonly gameId: string | null
  readonly providerAccountId: string | null
  readonly roundId: string | null
  readonly betId: string | null
  readonly transactionId: string | null
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly occurredAt: Date
  /** Microseconds since the Unix epoch; strictly rising per lane and per player. */
  readonly recordedUs: bigint
  readonly actorKind: string
  readonly actorId: string | null
  readonly trace: string
  readonly facts: Record<string, unknown>
}
