// The wallet dialect of Swipe Games as publicly documented: JSON over POST and one GET, HMAC over canonical JSON,
// amounts as decimal texts in main units, HTTP statuses. A call names neither currency nor game: its session does.
import { isCurrency } from '../../lib/money.ts'
import type { Dialect, Route } from '../dialect.ts'
import { roundKeyStartOf } from './commands.ts'
import { parseBalance, parseMovement } from './parse.ts'
import { renderBalance, renderMovement } from './render.ts'
import type { Movement } from './terms.ts'
import { signatureHeader, verifyBody, verifyQuery } from './verify.ts'

/** Nothing of a call tells its repetitions apart. */
const echoOf = () => undefined

const moves = (movement: Movement): Route => ({
  operation: movement,
  verify: verifyBody,
  parse: (call, account) => parseMovement(movement, call, account),
  echoOf,
  render: (answer) => renderMovement(movement, answer),
})

const routes: ReadonlyMap<string, Route> = new Map([
  [
    'GET /balance',
    { operation: 'BALANCE', verify: verifyQuery, parse: parseBalance, echoOf, render: renderBalance },
  ],
  ['POST /bet', moves('BET')],
  ['POST /win', moves('WIN')],
  ['POST /refund', moves('ROLLBACK')],
])

export const swipe: Dialect = {
  name: 'swipe',
  headers: ['content-type', 'user-agent'],
  signatureHeaders: [signatureHeader],
  canCount: isCurrency,
  verifiesWith: 'SHARED_SECRET',
  canVerify: (secret) => secret !== '',
  roundKeyStartOf,
  route: (method, path) => routes.get(`${method} ${path}`),
}
