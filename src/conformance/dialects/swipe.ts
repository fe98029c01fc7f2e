// The Swipe Games integration dialect: GET and POST, amounts as decimal text, an HMAC over the canonical JSON of the
// body or of the query, HTTP status codes that say what happened.
import { createHmac, randomUUID } from 'node:crypto'
import { currencyExponent, formatDecimal } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import { type Body, digits, exactMinor, readObject } from '../wire-json.ts'
import type { KitDialect, Reply, Situation, Speaker, Transaction, Variant } from './dialect.ts'
import type { WireRequest, WireResponse } from './dialect.ts'

const ok = ['200']
const refused = ['4xx']
const retried = ['4xx', '5xx']

export const swipe: KitDialect = {
  name: 'swipe',
  keyIs: 'the integration key, as text',
  open: (key) => open(secretOf(key)),
  rollbackAfterWin: 'EITHER',
  fundsTellsBalance: false,
  winNamesBet: false,
  freePlay: 'FREE_BET',
  freeWins: 'EITHER',
  notApplicable: {
    15: 'calls of this dialect carry no currency',
    29: 'a call of this dialect is one action',
  },
  ours: [3, 5, 10],
  accepts: {
    ok,
    betAgain: ok,
    winAgain: ok,
    conflict: ['400'],
    winUnknown: retried,
    rollbackUnknown: ok,
    betAfterRollback: refused,
    rollbackAgain: ok,
    rollbackTwice: ok,
    rollbackAfterWin: ok,
    winAfterRollback: refused,
    betExpired: ['session_expired'],
    funds: ['insufficient_funds'],
    blocked: ['account_blocked'],
    currency: ['currency_not_supported'],
    signature: ['401'],
    // The signature is defined over JSON: of what is not JSON, a wallet may say either.
    syntax: ['400', '401'],
    types: ['400'],
    winAfterClose: ok,
    secondWin: ok,
    promoAgain: ok,
    limit: ['bet_limit', 'loss_limit', 'time_limit'],
    rollbackOfDeclined: ok,
    betIdAsWin: ['400'],
    winOfAnother: refused,
    rollbackOfRollback: ok,
    betAfterClose: ok,
  },
}

function secretOf(text: string): string {
  const secret = text.trim()
  if (secret === '') throw new Problem('FILE', 'this holds no integration key', 'key')
  return secret
}

/** The canonical JSON of a flat object: keys in order, no blanks, numbers as JavaScript writes them. */
export const canonical = (fields: Body): string => JSON.stringify(fields, Object.keys(fields).toSorted())

export const signCanonical = (text: string, secret: string): string =>
  createHmac('sha256', secret).update(text).digest('hex')

const paths = { BET: '/bet', WIN: '/win', ROLLBACK: '/refund', PROMO: '/win' } as const

function open(secret: string): Speaker {
  const post = (path: string, body: string, signed = body): WireRequest => ({
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/json', 'X-REQUEST-SIGN': signCanonical(signed, secret) },
    body,
  })
  const variant = (what: string, expected: Situation, body: string, signed = body): Variant => ({
    what,
    expected,
    request: post(paths.BET, body, signed),
  })

  return {
    balance({ token }) {
      const query = new URLSearchParams({ sessionID: token }).toString()
      const sign = signCanonical(canonical({ sessionID: token }), secret)
      return { method: 'GET', path: `/balance?${query}`, headers: { 'X-REQUEST-SIGN': sign }, body: '' }
    },
    send: (transaction) => post(paths[transaction.kind], written(transaction)),
    read: (_request, response, currency) => read(response, currency),
    forged(bet) {
      const [changed, unsigned] = [written(bet()), written(bet())]
      const { request } = variant('', 'signature', unsigned)
      return [
        variant(
          'one byte of the body changed',
          'signature',
          changed.replace(/("amount":")\d/, '$19'),
          changed,
        ),
        {
          what: 'no signature',
          expected: 'signature',
          request: { ...request, headers: { 'Content-Type': 'application/json' } },
        },
      ]
    },
    unusual: () => [],
    broken: (bet) => [
      variant('half a JSON text', 'syntax', written(bet()).slice(0, 40)),
      variant('an amount without quotes', 'types', written(bet(), { amount: digits('1') })),
      variant('an amount below zero', 'types', written(bet(), { amount: '-1.00' })),
      variant('an amount that is a word', 'types', written(bet(), { amount: 'one' })),
    ],
  }
}

const written = (bet: Transaction, given: object = {}) => canonical({ ...fieldsOf(bet), ...given })

function fieldsOf({ kind, seat, id, roundId, amountMinor, currency, isFree, names }: Transaction): Body {
  const amount = formatDecimal(kind === 'ROLLBACK' ? (names?.amountMinor ?? 0n) : amountMinor, currency)
  const base = { sessionID: seat.token, txID: id, roundID: roundId, amount: shortest(amount) }
  if (kind === 'ROLLBACK') return { ...base, origTxID: names?.id ?? randomUUID() }
  return { ...base, type: isFree ? 'free' : 'regular', ...(isFree ? { frID: roundId } : {}) }
}

/** A lost round is closed by a win of "0". */
const shortest = (amount: string) => (/^0\.?0*$/.test(amount) ? '0' : amount)

function read({ status, text }: WireResponse, currency: string): Reply {
  const body = readObject(text)
  const code = typeof body?.['code'] === 'string' ? body['code'] : undefined
  const said = code === undefined ? String(status) : `${status} ${code}`
  const words = [String(status), `${String(status).slice(0, 1)}xx`, ...(code === undefined ? [] : [code])]
  if (status !== 200) {
    const wellFormed = typeof body?.['message'] === 'string'
    return { said, words, ...(wellFormed ? {} : { malformed: 'the error has no message' }) }
  }
  const balance = body?.['balance']
  const balanceMinor =
    typeof balance === 'string' ? exactMinor(balance, currencyExponent(currency)) : undefined
  const walletId = body?.['txID']
  if (balanceMinor === undefined) {
    return { said, words, malformed: `the balance is not a decimal text that ${currency} can hold` }
  }
  return { said, words, balanceMinor, ...(typeof walletId === 'string' ? { walletId } : {}) }
}
