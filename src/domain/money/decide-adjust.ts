import { type Deciding, linked } from './deciding.ts'
import { findOwnPlayer, findOwnWallet, openOwnWallet } from './decide-cash.ts'
import type { AdjustCommand, Verdict } from './types.ts'

const fields = { CASH: 'cashMinor', BONUS: 'bonusMinor', OWED: 'owedMinor' } as const

/** An operator's correction of one account, against the adjustments. A blocked player may be corrected too. */
export function decideAdjust(deciding: Deciding<AdjustCommand>): Verdict {
  const { command, draft, subject, parts } = deciding
  const refusal = findOwnPlayer(deciding)
  if (refusal) return refusal
  const { account, amountMinor, currency, expectedVersion } = command
  const known = findOwnWallet(deciding)
  const after = (known?.[fields[account]] ?? 0n) + amountMinor
  subject.walletId = known?.id
  const version = known?.version ?? 0n
  if (expectedVersion !== undefined && expectedVersion !== version) {
    parts.currentVersion = version
    return 'RETRY_LATER'
  }
  // A debt is written down as what is below zero: it can be let off, never turned into credit.
  if (account === 'OWED' ? after > 0n : after < 0n) return 'FUNDS'
  const wallet = known ?? openOwnWallet(deciding)
  subject.walletId = wallet.id
  parts.bonusMinor = account === 'BONUS' ? amountMinor : 0n
  draft.record(
    linked(deciding, { type: 'AdjustmentRecorded', amountMinor, currency, facts: { account } }),
    wallet.id,
    [
      ['ADJUSTMENTS', -amountMinor],
      [account, amountMinor],
    ],
  )
  return 'OK'
}
