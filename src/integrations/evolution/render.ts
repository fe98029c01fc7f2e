import type { Verdict } from '../../domain/money/types.ts'
import type { Answer, Reply } from '../dialect.ts'
import { canCount, wireAmount } from './amount.ts'
import type { Request } from './operations.ts'
import { httpStatusOf, statusOf } from './statuses.ts'

/** Verdicts that tell no balance: it is another player's perhaps, or was not read for certain. */
const withoutBalance: ReadonlySet<Verdict> = new Set(['DUPLICATE_CONFLICT', 'RETRY_LATER'])

/** Pure, and total: it is rendered inside the money transaction. */
export function renderReply(request: Request, answer: Answer, uuid: string | undefined): Reply {
  const status = statusOf(request, answer)
  const text = JSON.stringify({
    status,
    ...(request === 'CHECK' ? { sid: answer.token } : balanceOf(answer)),
    ...(uuid === undefined ? {} : { uuid }),
    ...(status === 'TEMPORARY_ERROR' ? { retransmission: true } : {}),
  })
  return { status: httpStatusOf(status), text }
}

/** `balance` is the cash and `bonus` the bonus money; what may be staked is their sum. */
function balanceOf({ verdict, balanceMinor, bonusMinor = 0n, currency }: Answer): object {
  if (withoutBalance.has(verdict) || balanceMinor === undefined) return {}
  if (currency === undefined || !canCount(currency)) return {}
  return {
    balance: wireAmount(balanceMinor - bonusMinor, currency),
    bonus: wireAmount(bonusMinor, currency),
  }
}
