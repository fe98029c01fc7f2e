import type { Verdict } from '../../domain/money/types.ts'
import { formatDecimal, isCurrency } from '../../lib/money.ts'
import type { Answer, Reply } from '../dialect.ts'
import { lossLimit, refusals, type Refusal } from './refusals.ts'
import type { Movement } from './terms.ts'

/** Pure, and total: it is rendered inside the money transaction. */
export function renderMovement(movement: Movement, answer: Answer): Reply {
  const verdict = answer.verdict === 'REPLAY' ? (answer.first ?? 'RETRY_LATER') : answer.verdict
  if (verdict !== 'OK' && !(movement === 'ROLLBACK' && nothingToRefund.has(verdict))) {
    return refused(refusalOf(movement, verdict, answer), answer)
  }
  // A refund that names nothing known by a session that is not known either has no wallet, but must be a success.
  return reply(200, { balance: balanceOf(answer) ?? '0', txID: answer.transactionId ?? '' })
}

const refusalOf = (movement: Movement, verdict: Verdict, { limit }: Answer): Refusal =>
  movement === 'BET' && verdict === 'LIMIT' && limit?.kind === 'LOSS'
    ? lossLimit
    : refusals[movement][verdict]

export function renderBalance(answer: Answer): Reply {
  const balance = balanceOf(answer)
  if (answer.verdict === 'OK' && balance !== undefined) return reply(200, { balance })
  return refused(refusals.BALANCE[answer.verdict], answer)
}

/** The money is back with the player already, whoever brought it there. */
const nothingToRefund: ReadonlySet<Verdict> = new Set([
  'REFERENCE_ROLLED_BACK',
  'ALREADY_SETTLED',
  'TOMBSTONED',
])

/** What may be staked, in main units with all the currency's decimal places. */
const balanceOf = ({ balanceMinor, currency }: Answer): string | undefined =>
  balanceMinor === undefined || currency === undefined || !isCurrency(currency)
    ? undefined
    : formatDecimal(balanceMinor, currency)

function refused({ status, ...refusal }: Refusal, { verdict, field }: Answer): Reply {
  return reply(status, { ...refusal, details: field === undefined ? verdict : `${verdict}: ${field}` })
}

const reply = (status: number, body: object): Reply => ({ status, text: JSON.stringify(body) })
