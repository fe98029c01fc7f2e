// The wallet dialect that is known as Evolution's One Wallet, as publicly documented: JSON over POST, a token in the
// query, decimal amounts, HTTP 200 with a status but for a wrong token and a wrong field. A refId ties a debit to the
// one credit or cancel that ends it; nothing ends a round.
import type { Dialect, Route } from '../dialect.ts'
import { canCount } from './amount.ts'
import { type Request, transactionKeysOf } from './operations.ts'
import { echoOf, parseCall } from './parse.ts'
import { renderReply } from './render.ts'
import { canVerify, verifyCall } from './verify.ts'

const route = (request: Request): Route => ({
  operation: request,
  verify: verifyCall,
  parse: (call, account) => parseCall(request, call, account),
  echoOf: (call) => echoOf(call.body),
  render: (answer, attemptKey) => renderReply(request, answer, attemptKey),
})

const routes: ReadonlyMap<string, Route> = new Map([
  ['/check', route('CHECK')],
  ['/balance', route('BALANCE')],
  ['/debit', route('DEBIT')],
  ['/credit', route('CREDIT')],
  ['/cancel', route('CANCEL')],
  ['/promo_payout', route('PROMO_PAYOUT')],
])

export const evolution: Dialect = {
  name: 'evolution',
  headers: ['content-type', 'user-agent'],
  signatureHeaders: [],
  canCount,
  verifiesWith: 'SHARED_SECRET',
  canVerify,
  transactionKeysOf,
  route: (method, path) => (method === 'POST' ? routes.get(path) : undefined),
}
