import { mayPlay } from '../players/exclusion.ts'
import { noCounters } from '../wallets/counters.ts'
import { type Deciding, linked, namedPlayer } from './deciding.ts'
import { type WalletState, walletKeyOf } from './state.ts'
import type { AdjustCommand, DepositCommand, Verdict, WithdrawCommand } from './types.ts'

/** Money in from the cashier; opens the wallet of its currency when there is none. */
export function decideDeposit(deciding: Deciding<DepositCommand>): Verdict {
  const { command, draft } = deciding
  const refusal = findOwnPlayer(deciding)
  if (refusal) return refusal
  const player = deciding.state.players.get(command.playerId)
  if (!player || !mayPlay(player, draft.at)) return 'PLAYER_BLOCKED'
  const wallet = findOwnWallet(deciding) ?? openOwnWallet(deciding)
  deciding.subject.walletId = wallet.id
  const amounts = { amountMinor: command.amountMinor, currency: command.currency }
  draft.record(linked(deciding, { type: 'DepositRecorded', ...amounts }), wallet.id, [
    ['CASHIER', -command.amountMinor],
    ['CASH', command.amountMinor],
  ])
  return 'OK'
}

/** Money out to the cashier, never more than the cash. A blocked player may still take the money out. */
export function decideWithdrawal(deciding: Deciding<WithdrawCommand>): Verdict {
  const { command, draft } = deciding
  const refusal = findOwnPlayer(deciding)
  if (refusal) return refusal
  const wallet = findOwnWallet(deciding)
  deciding.subject.walletId = wallet?.id
  if (!wallet || wallet.cashMinor < command.amountMinor) return 'FUNDS'
  const amounts = { amountMinor: command.amountMinor, currency: command.currency }
  draft.record(linked(deciding, { type: 'WithdrawalRecorded', ...amounts }), wallet.id, [
    ['CASH', -command.amountMinor],
    ['CASHIER', command.amountMinor],
  ])
  return 'OK'
}

type Cash = Deciding<DepositCommand> | Deciding<WithdrawCommand> | Deciding<AdjustCommand>

/** The player that a command of the platform's own is about, when it is one of its brand. */
export function findOwnPlayer(deciding: Cash): Verdict | undefined {
  const { command, subject } = deciding
  const player = namedPlayer(deciding, command.playerId)
  if (player?.brandId !== command.brandId) return 'PLAYER_UNKNOWN'
  subject.playerId = player.id
  return undefined
}

export function findOwnWallet({ command, state, draft }: Cash): WalletState | undefined {
  const id = state.walletIds.get(walletKeyOf(command.playerId, command.currency))
  return id === undefined ? undefined : draft.wallet(id)
}

export function openOwnWallet(deciding: Deciding<DepositCommand> | Deciding<AdjustCommand>): WalletState {
  const { command, draft } = deciding
  const wallet: WalletState = {
    id: draft.newId(),
    brandId: command.brandId,
    playerId: command.playerId,
    currency: command.currency,
    cashMinor: 0n,
    bonusMinor: 0n,
    owedMinor: 0n,
    counters: noCounters,
    version: 0n,
    createdAt: draft.at,
  }
  draft.wallets.set(wallet.id, wallet)
  draft.record(linked(deciding, { type: 'WalletOpened', currency: command.currency }))
  return wallet
}
