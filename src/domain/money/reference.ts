import { type Deciding, touch } from './deciding.ts'
import type { BetState } from './state.ts'
import type { RollbackCommand, WinCommand } from './types.ts'

/** The bet behind a reference, its player locked. */
export function betOf(
  deciding: Deciding<WinCommand> | Deciding<RollbackCommand>,
  betId: string | null,
): BetState | undefined {
  const bet = betId === null ? undefined : deciding.draft.bet(betId)
  if (bet && !deciding.state.players.has(bet.playerId)) touch(deciding, bet.playerId)
  return bet
}

/** Whether the player that the command names, when it names one, is the bet's. */
export function isNamed(
  { command, state }: Deciding<WinCommand> | Deciding<RollbackCommand>,
  bet: BetState,
): boolean {
  const named = command.playerExternalId
  return named === undefined || state.players.get(bet.playerId)?.externalId === named
}

/**
 * What a win that names no bet is for: the newest bet of its round that stands, or the newest one when none does.
 * Its round was found by the session. Bets of one batch were placed at one moment: their ids tell which came first.
 */
export function lastBetOf({ subject, state, draft }: Deciding<WinCommand>): BetState | undefined {
  const ids = subject.roundId === undefined ? undefined : state.betIds.get(subject.roundId)
  const bets = [...(ids ?? [])].flatMap((id) => draft.bet(id) ?? []).sort((a, b) => (a.id < b.id ? 1 : -1))
  return bets.find((bet) => bet.status === 'OPEN' || bet.status === 'SETTLED') ?? bets[0]
}

/** From here on the command is about this bet, whatever its token said. */
export function about(deciding: Deciding<WinCommand> | Deciding<RollbackCommand>, bet: BetState): void {
  touch(deciding, bet.playerId)
  const { subject } = deciding
  subject.betId = bet.id
  subject.roundId = bet.roundId
  subject.walletId = bet.walletId
  subject.gameId = bet.gameId
  subject.sessionId ??= bet.sessionId
}
