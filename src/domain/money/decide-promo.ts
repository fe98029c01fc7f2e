import { type Deciding, findSession, linked } from './deciding.ts'
import type { PromoCommand, Verdict } from './types.ts'

/** A gift out of the promotions. Like a win, it is paid whatever has become of the session or the player. */
export function decidePromo(deciding: Deciding<PromoCommand>): Verdict {
  const { command, draft, parts } = deciding
  const session = findSession(deciding)
  if (!session) return 'SESSION_INVALID'
  if (command.currency !== session.currency) return 'CURRENCY'
  const { amountMinor, currency, paidTo } = command
  parts.bonusMinor = paidTo === 'BONUS' ? amountMinor : 0n
  draft.record(
    linked(deciding, { type: 'PromoRecorded', amountMinor, currency, facts: { paidTo } }),
    session.walletId,
    [
      ['PROMOTIONS', -amountMinor],
      [paidTo, amountMinor],
    ],
  )
  return 'OK'
}
