// The Hub88 wallet dialect and that of Caleta, who speaks the same at other paths: JSON over POST, RSA signatures over
// the raw body, integers of 10^-5 of the main unit, HTTP 200 with a status whatever happens.
import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto'
import { signBody } from '../../integrations/hub88/sign.ts'
import { currencyExponent, minorToScaled, scaledToMinor } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import { type Body, Digits, digits, readObject } from '../wire-json.ts'
import type { KitDialect, Reply, Seat, Situation, Speaker, Transaction, Variant } from './dialect.ts'
import type { WireRequest, WireResponse } from './dialect.ts'
import { acceptedByCaleta, acceptedByHub88 } from './hub88-words.ts'

type Family = 'HUB88' | 'CALETA'

const scale = 5

const paths = {
  HUB88: { BALANCE: '/user/balance', BET: '/transaction/bet', WIN: '/transaction/win' },
  CALETA: { BALANCE: '/wallet/balance', BET: '/wallet/bet', WIN: '/wallet/win' },
} as const
const rollbackPaths = { HUB88: '/transaction/rollback', CALETA: '/wallet/rollback' } as const
const signatureHeaders = { HUB88: 'X-Hub88-Signature', CALETA: 'X-Auth-Signature' } as const

const shared = {
  keyIs: "the provider's RSA private key in PEM",
  rollbackAfterWin: 'REVERSES',
  fundsTellsBalance: true,
  winNamesBet: true,
  freePlay: 'FREE_BET',
  freeWins: 'PAY',
  notApplicable: { 29: 'a call of this dialect is one action' },
  ours: [7],
} as const

export const hub88: KitDialect = {
  ...shared,
  name: 'hub88',
  open: (key) => open('HUB88', privateKey(key)),
  accepts: acceptedByHub88,
}

export const caleta: KitDialect = {
  ...shared,
  name: 'caleta',
  open: (key) => open('CALETA', privateKey(key)),
  accepts: acceptedByCaleta,
}

function privateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Problem('FILE', 'this is not a private key in PEM', 'key')
  }
}

function open(family: Family, key: KeyObject): Speaker {
  /** The body as it is sent, and the text that is signed where that is another. */
  const post = (path: string, body: string, signed = body): WireRequest => ({
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/json', [signatureHeaders[family]]: signBody(signed, key) },
    body,
  })
  const pathOf = ({ kind }: Transaction) =>
    kind === 'BET' || kind === 'WIN' ? paths[family][kind] : rollbackPaths[family]

  const variant = (what: string, expected: Situation, bet: Transaction, write: Write): Variant => {
    const { body, signed } = write(JSON.stringify(fieldsOf(family, bet)), fieldsOf(family, bet))
    return { what, expected, request: post(pathOf(bet), body, signed ?? body) }
  }

  return {
    balance(seat, gameCode) {
      const attemptId = randomUUID()
      const fields = { ...subjectOf(family, seat), request_uuid: attemptId, game_code: gameCode }
      return { ...post(paths[family].BALANCE, JSON.stringify(fields)), attemptId }
    },
    send(transaction) {
      const fields = fieldsOf(family, transaction)
      return {
        ...post(pathOf(transaction), JSON.stringify(fields)),
        attemptId: String(fields['request_uuid']),
      }
    },
    read: (request, response, currency) => read(request, response, currency),
    forged: (bet) => [
      variant('one byte of the body changed', 'signature', bet(), changedByte),
      variant('signed before the body was formatted anew', 'signature', bet(), reformatted),
      unsigned(variant('no signature', 'signature', bet(), plain), family),
    ],
    unusual(bet) {
      const transaction = bet()
      return [{ transaction, variant: variant('signed with blanks in the body', 'ok', transaction, spaced) }]
    },
    broken: (bet) => [
      variant('half a JSON text', 'syntax', bet(), (text) => ({ body: text.slice(0, text.length / 2) })),
      variant('an amount in quotes', 'types', bet(), amountAs('"100000"')),
      variant('an amount with a fraction', 'types', bet(), amountAs('100000.5')),
      variant('an amount below zero', 'types', bet(), amountAs('-100000')),
    ],
  }
}

type Write = (text: string, fields: Body) => { readonly body: string; readonly signed?: string }

const plain: Write = (text) => ({ body: text })
const spaced: Write = (_text, fields) => ({ body: JSON.stringify(fields, null, 2) })
/** Says the same, in bytes that nobody signed. */
const reformatted: Write = (text, fields) => ({ body: JSON.stringify(fields, null, 1), signed: text })
/** The first digit of the amount: still JSON, still a bet. */
const changedByte: Write = (text) => ({ body: text.replace(/("amount":)\d/, '$19'), signed: text })
const amountAs =
  (json: string): Write =>
  (_text, fields) => ({ body: JSON.stringify({ ...fields, amount: digits(json) }) })

function unsigned({ request, ...variant }: Variant, family: Family): Variant {
  const { [signatureHeaders[family]]: _signature, ...headers } = request.headers
  return { ...variant, request: { ...request, headers } }
}

/** Hub88 names the player by the operator's id, Caleta by an alias of the provider's. */
const subjectOf = (family: Family, { user, token }: Seat) =>
  family === 'HUB88' ? { user, token } : { supplier_user: user, token }

function fieldsOf(family: Family, transaction: Transaction): Body {
  const { seat, kind, names, amountMinor, currency } = transaction
  return {
    ...subjectOf(family, seat),
    request_uuid: randomUUID(),
    transaction_uuid: transaction.id,
    ...(names ? { reference_transaction_uuid: names.id } : {}),
    round: transaction.roundId,
    round_closed: transaction.closesRound,
    game_code: transaction.gameCode,
    is_free: transaction.isFree,
    ...(kind === 'ROLLBACK'
      ? {}
      : { amount: digits(minorToScaled(amountMinor, scale, currency).toString()), currency }),
  }
}

function read(request: WireRequest, { status: http, text }: WireResponse, currency: string): Reply {
  const body = readObject(text)
  const status = body?.['status']
  if (http !== 200 || typeof status !== 'string') {
    const said = `HTTP ${http} ${text.slice(0, 80)}`.trim()
    return { said, words: [], malformed: 'it is not HTTP 200 with a status' }
  }
  const known = { said: status, words: [status] }
  const balance = balanceOf(body?.['balance'], currency)
  if (typeof balance === 'string') return { ...known, malformed: balance }
  const malformed = faultOf(request, body ?? {}, currency)
  return {
    ...known,
    ...(balance === undefined ? {} : { balanceMinor: balance }),
    ...(malformed === undefined ? {} : { malformed }),
  }
}

/** The balance; nothing when none is told; a text when it is not one that the currency can hold. */
function balanceOf(value: unknown, currency: string): bigint | string | undefined {
  if (value === undefined) return undefined
  if (!(value instanceof Digits) || !/^-?\d+$/.test(value.text)) return 'the balance is not an integer'
  const minor = scaledToMinor(BigInt(value.text), scale, currency)
  return minor ?? `the balance ${value.text} is finer than ${currencyExponent(currency)} decimal places`
}

function faultOf({ attemptId }: WireRequest, body: Body, currency: string): string | undefined {
  if (attemptId !== undefined && body['request_uuid'] !== attemptId) return 'request_uuid is not echoed'
  const told = body['currency']
  return told === undefined || told === currency ? undefined : `the currency told is ${JSON.stringify(told)}`
}
