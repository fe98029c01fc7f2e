// Limits stop bets, never wins. Every limit that is there must hold, so the strictest wins; what it is counted with
// stands on the wallet, which every bet changes anyway, under the lock of the player.
import { dayOf } from '../../lib/calendar.ts'
import { assert } from '../../lib/problem.ts'
import { amountAt, levelOf } from '../players/limit-rules.ts'
import type { Limit } from '../players/types.ts'
import { type Counters, count, countersOn, type Sums } from '../wallets/counters.ts'
import type { Deciding } from './deciding.ts'
import { type BetState, gameLimitsOf, type WalletState } from './state.ts'
import type { BetCommand, LimitReached } from './types.ts'

/** The limit that a bet would go beyond: of several, the one that leaves the least. */
export function reachedLimit(
  deciding: Deciding<BetCommand>,
  wallet: WalletState,
  gameId: string,
): LimitReached | undefined {
  const { command, state, draft } = deciding
  if (command.betKind !== 'REAL' || command.amountMinor === 0n) return undefined
  const { playerId, brandId } = wallet
  const subjects = [playerId, brandId, gameLimitsOf(brandId, gameId)]
  const limits = subjects.flatMap((subject) => state.limits.get(subject) ?? [])
  if (limits.length === 0) return undefined
  const counters = countersOn(wallet.counters, todayOf(deciding, playerId))
  let strictest: { reached: LimitReached; left: bigint } | undefined
  for (const limit of limits) {
    const limitMinor = limit.currency === wallet.currency ? amountAt(limit, draft.at) : null
    if (limitMinor === null) continue
    const usedMinor = used(deciding, limit, counters)
    const left = limitMinor - usedMinor
    if (command.amountMinor <= left || (strictest && strictest.left <= left)) continue
    strictest = { reached: { ...nameOf(limit), limitMinor, usedMinor }, left }
  }
  return strictest?.reached
}

const nameOf = (limit: Limit) => ({
  level: levelOf(limit),
  kind: limit.kind,
  ...(limit.period && { period: limit.period }),
})

/** What the bet adds to. What was lost is below zero while the player is ahead: winnings may be staked again. */
function used({ draft, subject }: Deciding, { kind, period }: Limit, counters: Counters): bigint {
  if (kind === 'STAKE_PER_ROUND')
    return subject.roundId === undefined ? 0n : draft.roundStake(subject.roundId)
  if (period === null) return 0n
  const { stakedMinor, returnedMinor } = counters[period]
  return kind === 'LOSS' ? stakedMinor - returnedMinor : stakedMinor
}

/** Counts a stake in the periods and the round that it is placed in. */
export const countStake = (deciding: Deciding, bet: BetState): void => addStake(deciding, bet, bet.stakeMinor)

/** Takes a stake that goes back out of what it was counted in, as far as that is still the present. */
export const uncountStake = (deciding: Deciding, bet: BetState): void =>
  addStake(deciding, bet, -bet.stakeMinor)

function addStake(deciding: Deciding, bet: BetState, stakedMinor: bigint): void {
  if (bet.kind !== 'REAL') return
  const { draft } = deciding
  add(deciding, bet, bet.placedAt, { stakedMinor })
  draft.roundStakes.set(bet.roundId, draft.roundStake(bet.roundId) + stakedMinor)
}

/** Counts what a bet paid at a moment; below zero when that is taken back. */
export function countReturn(deciding: Deciding, bet: BetState, returnedMinor: bigint, at: Date): void {
  if (bet.kind === 'REAL') add(deciding, bet, at, { returnedMinor })
}

function add(deciding: Deciding, bet: BetState, at: Date, change: Partial<Sums>): void {
  const { draft } = deciding
  const wallet = draft.wallet(bet.walletId)
  assert(wallet, 'a bet is counted on a wallet that was read')
  const today = todayOf(deciding, bet.playerId)
  const day = at === draft.at ? today : dayOf(at, timeZoneOf(deciding, bet.playerId))
  draft.wallets.set(wallet.id, { ...wallet, counters: count(wallet.counters, today, day, change) })
}

const todayOf = (deciding: Deciding, playerId: string): number =>
  dayOf(deciding.draft.at, timeZoneOf(deciding, playerId))

function timeZoneOf({ state }: Deciding, playerId: string): string {
  const player = state.players.get(playerId)
  assert(player, 'a bet is counted for a locked player')
  return player.timeZone
}

/** As a transaction keeps it, so that a repetition is told the same. */
export const reachedText = ({ level, kind, period }: LimitReached): string =>
  [level, kind, ...(period ? [period] : [])].join(' ')

export function readReached(text: string): LimitReached {
  const [level, kind, period] = text.split(' ')
  return { level, kind, ...(period && { period }) } as LimitReached
}

/** As the journal tells it; amounts in minor units, as text. */
export const limitFacts = ({ level, kind, period, limitMinor, usedMinor }: LimitReached) => ({
  limitLevel: level,
  limitKind: kind,
  ...(period && { limitPeriod: period }),
  ...(limitMinor !== undefined && { limitMinor: limitMinor.toString() }),
  ...(usedMinor !== undefined && { usedMinor: usedMinor.toString() }),
})
