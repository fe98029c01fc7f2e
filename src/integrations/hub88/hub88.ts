// The wallet dialect of Hub88 and Caleta as they document it publicly: JSON over POST, RSA signatures over the raw
// body, integer amounts of 10^-5 of the main unit, HTTP 200 with a status whatever happens.
import { currencyExponent, isCurrency } from '../../lib/money.ts'
import type { Dialect, Route } from '../dialect.ts'
import { type Request, wireScale } from './operations.ts'
import { echoOf, parseCall } from './parse.ts'
import { renderReply } from './render.ts'
import type { Family } from './statuses.ts'
import { publicKey, signatureHeaders, verifyCall } from './verify.ts'

function route(request: Request, family: Family): Route {
  return {
    operation: request,
    verify: verifyCall,
    parse: (call, account) => parseCall(request, family, call, account),
    echoOf: (call) => echoOf(call.body),
    render: (answer, attemptKey) => ({
      status: 200,
      text: renderReply(request, family, answer, attemptKey),
    }),
  }
}

const routes: ReadonlyMap<string, Route> = new Map([
  ['/user/info', route('USER_INFO', 'HUB88')],
  ['/user/balance', route('BALANCE', 'HUB88')],
  ['/transaction/bet', route('BET', 'HUB88')],
  ['/transaction/win', route('WIN', 'HUB88')],
  ['/transaction/rollback', route('ROLLBACK', 'HUB88')],
  ['/wallet/check', route('TOKEN_CHECK', 'CALETA')],
  ['/wallet/balance', route('BALANCE', 'CALETA')],
  ['/wallet/bet', route('BET', 'CALETA')],
  ['/wallet/win', route('WIN', 'CALETA')],
  ['/wallet/rollback', route('ROLLBACK', 'CALETA')],
])

export const hub88: Dialect = {
  name: 'hub88',
  headers: ['content-type', 'user-agent', 'x-msg-timestamp'],
  signatureHeaders,
  canCount: (currency) => isCurrency(currency) && currencyExponent(currency) <= wireScale,
  verifiesWith: 'PUBLIC_KEY',
  canVerify: (text) => publicKey(text) !== undefined,
  route: (method, path) => (method === 'POST' ? routes.get(path) : undefined),
}
