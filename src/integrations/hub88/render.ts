import { currencyExponent, isCurrency, minorToScaled } from '../../lib/money.ts'
import type { Answer } from '../dialect.ts'
import { integerJson } from '../strict-json.ts'
import { type Request, wireScale } from './operations.ts'
import { type Family, type OperationKind, statusOf } from './statuses.ts'

/** Statuses that carry the balance: it is the caller's own, and true. */
const withBalance: ReadonlySet<string> = new Set([
  'RS_OK',
  'RS_ERROR_NOT_ENOUGH_MONEY',
  'RS_ERROR_LIMIT_REACHED',
  'RS_ERROR_BET_LIMIT_EXCEEDED',
])

/** The reply's text. Pure, and total: it is rendered inside the money transaction. */
export function renderReply(
  request: Request,
  family: Family,
  answer: Answer,
  attemptKey: string | undefined,
): string {
  const status = statusOf(family, kindOf(request), answer)
  // The one reply without a status, when all is well.
  if (request === 'TOKEN_CHECK' && status === 'RS_OK') return JSON.stringify({ token: answer.token })
  const known = withBalance.has(status) && answer.playerExternalId !== undefined
  return JSON.stringify({
    ...(known ? { user: answer.playerExternalId } : {}),
    status,
    ...(attemptKey === undefined ? {} : { request_uuid: attemptKey }),
    ...(known ? balanceOf(answer) : {}),
    ...(known && request === 'USER_INFO' ? detailsOf(answer) : {}),
  })
}

const kindOf = (request: Request): OperationKind =>
  request === 'BET' || request === 'WIN' || request === 'ROLLBACK' ? request : 'READ'

/** Left out for a currency that the wire's scale cannot carry. */
function balanceOf({ balanceMinor, currency }: Answer): object {
  if (balanceMinor === undefined || currency === undefined || !isCurrency(currency)) return {}
  if (currencyExponent(currency) > wireScale) return {}
  return { currency, balance: integerJson(minorToScaled(balanceMinor, wireScale, currency)) }
}

function detailsOf({ country, registeredAt }: Answer): object {
  const day = registeredAt?.toISOString().slice(0, 10)
  return { ...(country ? { country } : {}), ...(day ? { registration_date: day } : {}) }
}
