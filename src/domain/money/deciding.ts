// What the rules share: the command being decided, the rows it is about, its session, the links of its events.
import type { PlayerLock } from '../journal/lock-players.ts'
import type { NewEvent } from '../journal/types.ts'
import type { Draft } from './draft.ts'
import { roundKeyOf, type SessionState, type State } from './state.ts'
import type { Command, LimitReached } from './types.ts'

/** The rows that a command is about; what is found decides whose lock it needs. */
export interface Subject {
  playerId?: string | undefined
  walletId?: string | undefined
  sessionId?: string | undefined
  gameId?: string | undefined
  roundId?: string | undefined
  betId?: string | undefined
}

/** Thrown when a command concerns a player that is not locked in this batch: it goes back to the queue. */
export class PutBack extends Error {}

export interface Deciding<C extends Command = Command> {
  readonly state: State
  readonly command: C
  readonly draft: Draft
  /** Filled in as rows are found; becomes the links of transaction, events and outcome. */
  readonly subject: Subject
  /**
   * What of the command's amount is bonus money or a jackpot's, and the limit that refuses it; becomes columns of the
   * transaction.
   */
  readonly parts: {
    bonusMinor?: bigint
    jackpotMinor?: bigint
    limit?: LimitReached | undefined
    /** What the command did not expect; becomes no column. */
    currentVersion?: bigint
  }
  readonly transactionId: string
}

/** Declares that the command concerns a player; only a locked player's rows may be believed. */
export function touch(deciding: Deciding, playerId: string | undefined): void {
  if (playerId === undefined) return
  if (!deciding.state.players.has(playerId)) throw new PutBack()
  deciding.subject.playerId = playerId
}

/** The player that a command of the platform's own names, locked; undefined when there is none of that id. */
export function namedPlayer({ state }: Deciding, playerId: string): PlayerLock | undefined {
  const player = state.players.get(playerId)
  if (!player && state.passing) throw new PutBack()
  return player
}

/** The session of the command's game token, when it is one of this provider account's. */
export function findSession(deciding: Deciding): SessionState | undefined {
  const { state, command, subject } = deciding
  if (!('tokenHash' in command)) return undefined
  const session = state.sessions.get(command.tokenHash.toString('hex'))
  if (!session || session.providerAccountId !== command.providerAccountId) return undefined
  touch(deciding, session.playerId)
  const named = command.playerExternalId
  if (named !== undefined && state.players.get(session.playerId)?.externalId !== named) {
    subject.playerId = undefined
    return undefined
  }
  subject.sessionId = session.id
  subject.walletId = session.walletId
  subject.gameId = session.gameId
  const { roundKey } = command
  const roundId =
    roundKey === undefined
      ? undefined
      : state.roundIds.get(roundKeyOf(session.providerAccountId, session.playerId, roundKey))
  if (roundId !== undefined) subject.roundId = roundId
  return session
}

/** An event with the links that all events of a command carry. Always of one shape: of these there are most. */
export function linked(
  { command, subject, transactionId }: Deciding,
  event: Pick<NewEvent, 'type' | 'amountMinor' | 'currency' | 'facts' | 'betId' | 'roundId' | 'gameId'>,
): Omit<NewEvent, 'occurredAt'> {
  return {
    type: event.type,
    brandId: command.brandId,
    playerId: subject.playerId,
    sessionId: subject.sessionId,
    gameId: event.gameId ?? subject.gameId,
    providerAccountId: 'providerAccountId' in command ? command.providerAccountId : undefined,
    roundId: event.roundId ?? subject.roundId,
    betId: event.betId ?? subject.betId,
    transactionId,
    amountMinor: event.amountMinor,
    currency: event.currency,
    facts: event.facts,
  }
}
