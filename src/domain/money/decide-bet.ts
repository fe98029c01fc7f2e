import { mayPlay } from '../players/exclusion.ts'
import { countStake, reachedLimit } from './decide-limits.ts'
import { type Deciding, findSession, linked } from './deciding.ts'
import { completeRound } from './settle.ts'
import { bonusOfStake, toHouse } from './split.ts'
import {
  type BetState,
  type GameState,
  gameKeyOf,
  type RoundState,
  type SessionState,
  type WalletState,
} from './state.ts'
import type { BetCommand, Verdict } from './types.ts'

/** A bet debits the wallet into the stakes in play. Everything that can refuse it is asked before anything moves. */
export function decideBet(deciding: Deciding<BetCommand>): Verdict {
  const { command, draft, subject } = deciding
  const session = findSession(deciding)
  if (!session) return 'SESSION_INVALID'
  const refusal = refuse(deciding, session)
  if (refusal) return refusal
  const game = gameOf(deciding, session)
  if (game?.status !== 'ENABLED' || session.accountStatus !== 'ENABLED') return 'GAME'
  subject.gameId = game.id
  const wallet = draft.wallet(session.walletId)
  if (!wallet) return 'CURRENCY'
  const limit = reachedLimit(deciding, wallet, game.id)
  if (limit) {
    deciding.parts.limit = limit
    return 'LIMIT'
  }
  const real = command.betKind === 'REAL'
  if (real && wallet.cashMinor + wallet.bonusMinor < command.amountMinor) return 'FUNDS'

  const { round, late } = openRound(deciding, session, game.id)
  const bonus = real ? bonusOfStake(command.amountMinor, wallet) : 0n
  place(deciding, newBet(deciding, session, round, late, bonus), wallet)
  if (command.closesRound) completeRound(deciding, round.id)
  return 'OK'
}

function refuse(
  { command, state, draft, subject }: Deciding<BetCommand>,
  session: SessionState,
): Verdict | undefined {
  const player = state.players.get(session.playerId)
  // First: a block closes the player's sessions, and is the reason that the provider is to be told.
  if (!player || !mayPlay(player, draft.at)) return 'PLAYER_BLOCKED'
  if (session.status === 'CLOSED' || session.expiresAt <= draft.at) return 'SESSION_EXPIRED'
  const round = subject.roundId === undefined ? undefined : draft.round(subject.roundId)
  // A round is in one currency, however many wallets its player has.
  if (command.currency !== session.currency || (round && round.currency !== command.currency))
    return 'CURRENCY'
  return undefined
}

function gameOf({ command, state }: Deciding<BetCommand>, session: SessionState): GameState | undefined {
  const { gameCode, providerId } = command
  if (gameCode !== undefined) return state.games.get(gameKeyOf(providerId, gameCode))
  return { id: session.gameId, status: session.gameStatus }
}

function place(deciding: Deciding<BetCommand>, bet: BetState, wallet: WalletState): void {
  const { draft, subject, parts } = deciding
  const bonus = bet.bonusStakeMinor
  draft.bets.set(bet.id, bet)
  subject.betId = bet.id
  parts.bonusMinor = bonus
  countStake(deciding, bet)
  draft.record(
    linked(deciding, {
      type: 'BetPlaced',
      amountMinor: bet.stakeMinor,
      currency: bet.currency,
      facts: {
        kind: bet.kind,
        ...(bet.late ? { late: true } : {}),
        ...(bonus > 0n ? { bonusMinor: bonus.toString() } : {}),
      },
    }),
    wallet.id,
    bet.kind === 'REAL' ? toHouse('STAKES', bet.stakeMinor, bonus) : [],
  )
}

/** The bet's round: started when new; taken up again, and the bet flagged late, when it was completed already. */
function openRound(deciding: Deciding<BetCommand>, session: SessionState, gameId: string) {
  const { command, draft, subject } = deciding
  const known = subject.roundId === undefined ? undefined : draft.round(subject.roundId)
  if (known?.status === 'OPEN') return { round: known, late: false }
  if (known) {
    const round = draft.moveRound(known, 'reopen', { completedAt: null })
    draft.record(linked(deciding, { type: 'RoundStarted', facts: { again: true } }))
    return { round, late: true }
  }
  const round: RoundState = {
    id: draft.newId(),
    brandId: command.brandId,
    playerId: session.playerId,
    sessionId: session.id,
    gameId,
    providerAccountId: command.providerAccountId,
    roundKey: command.roundKey,
    currency: session.currency,
    status: 'OPEN',
    startedAt: draft.at,
    completedAt: null,
    version: 1n,
  }
  draft.rounds.set(round.id, round)
  subject.roundId = round.id
  draft.record(linked(deciding, { type: 'RoundStarted' }))
  return { round, late: false }
}

function newBet(
  { command, draft, transactionId, subject }: Deciding<BetCommand>,
  session: SessionState,
  round: RoundState,
  late: boolean,
  bonusStakeMinor: bigint,
): BetState {
  return {
    id: draft.newId(),
    brandId: command.brandId,
    playerId: session.playerId,
    walletId: session.walletId,
    sessionId: session.id,
    roundId: round.id,
    gameId: subject.gameId ?? session.gameId,
    providerAccountId: command.providerAccountId,
    transactionId,
    transactionKey: command.transactionKey,
    status: 'OPEN',
    result: null,
    kind: command.betKind,
    currency: command.currency,
    stakeMinor: command.amountMinor,
    bonusStakeMinor,
    payoutMinor: 0n,
    jackpotMinor: 0n,
    late,
    placedAt: draft.at,
    settledAt: null,
    version: 1n,
  }
}
