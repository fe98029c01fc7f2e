// Accounts whose bets are placed from here and played by a game engine. It calls nobody's wallet, so there is no path
// to call; what goes out is in the client beside.
import { isCurrency } from '../../lib/money.ts'
import type { Dialect } from '../dialect.ts'

export const engine: Dialect = {
  name: 'engine',
  headers: [],
  signatureHeaders: [],
  canCount: isCurrency,
  verifiesWith: 'SHARED_SECRET',
  canVerify: (secret) => secret !== '',
  callsEngine: true,
  route: () => undefined,
}
