// The Evolution-style One Wallet dialect: JSON over POST, a token in the query, amounts as JSON numbers with decimals,
// a refId that ties a debit to the one credit or cancel that settles it.
import { randomUUID } from 'node:crypto'
import { currencyExponent, formatDecimal } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import { type Body, Digits, digits, exactMinor, readObject } from '../wire-json.ts'
import type { KitDialect, Reply, Seat, Situation, Speaker, Transaction, Variant } from './dialect.ts'
import type { WireRequest, WireResponse } from './dialect.ts'

const ok = ['OK']
const settled = ['BET_ALREADY_SETTLED']
const unknown = ['BET_DOES_NOT_EXIST']
const invalid = ['INVALID_PARAMETER']

export const evolution: KitDialect = {
  name: 'evolution',
  keyIs: 'the authToken, as text',
  open: (key) => open(tokenOf(key)),
  rollbackAfterWin: 'REFUSES',
  fundsTellsBalance: false,
  winNamesBet: true,
  freePlay: 'PROMO_PAYOUT',
  freeWins: 'PAY',
  notApplicable: { 29: 'a call of this dialect is one action' },
  ours: [3, 31],
  accepts: {
    ok,
    betAgain: ['OK', 'BET_ALREADY_EXIST'],
    winAgain: ['BET_ALREADY_SETTLED', 'OK'],
    conflict: invalid,
    winUnknown: unknown,
    rollbackUnknown: unknown,
    betAfterRollback: ['FINAL_ERROR_ACTION_FAILED'],
    // The same cancel under its id: as with a credit that comes again, either is safe.
    rollbackAgain: [...settled, ...ok],
    rollbackTwice: settled,
    rollbackAfterWin: settled,
    winAfterRollback: settled,
    betExpired: ['INVALID_SID'],
    funds: ['INSUFFICIENT_FUNDS'],
    blocked: ['ACCOUNT_LOCKED'],
    currency: invalid,
    signature: ['401'],
    syntax: ['400'],
    types: ['400'],
    winAfterClose: settled,
    // One refId is settled once.
    secondWin: settled,
    promoAgain: ['OK', 'BET_ALREADY_EXIST', 'BET_ALREADY_SETTLED'],
    limit: ['TURNOVER', 'SESSION_TIME', 'STAKE', 'LOSS'].map((what) => `CASINO_LIMIT_EXCEEDED_${what}`),
    rollbackOfDeclined: unknown,
    betIdAsWin: invalid,
    winOfAnother: unknown,
    rollbackOfRollback: unknown,
    // With the refId of a bet that is settled it may as well be taken for that bet again.
    betAfterClose: [...settled, 'BET_ALREADY_EXIST'],
  },
}

function tokenOf(text: string): string {
  const token = text.trim()
  if (token === '') throw new Problem('FILE', 'this holds no authToken', 'key')
  return token
}

const paths = { BET: '/debit', WIN: '/credit', ROLLBACK: '/cancel', PROMO: '/promo_payout' } as const

function open(authToken: string): Speaker {
  const post = (path: string, body: string, token: string | undefined = authToken): WireRequest => ({
    method: 'POST',
    path: token === '' ? path : `${path}?${new URLSearchParams({ authToken: token }).toString()}`,
    headers: { 'Content-Type': 'application/json' },
    body,
  })
  const variant = (what: string, expected: Situation, body: string, token?: string): Variant => ({
    what,
    expected,
    request: post(paths.BET, body, token),
  })
  const send = (transaction: Transaction): WireRequest => {
    const fields = fieldsOf(transaction)
    return { ...post(paths[transaction.kind], JSON.stringify(fields)), attemptId: String(fields['uuid']) }
  }

  return {
    balance(seat, gameCode, currency) {
      const attemptId = randomUUID()
      const game = { id: randomUUID(), type: 'live', details: { table: { id: gameCode, vid: gameCode } } }
      const fields = { ...subjectOf(seat), uuid: attemptId, currency, game }
      return { ...post('/balance', JSON.stringify(fields)), attemptId }
    },
    send,
    read,
    forged: (bet) => [
      variant('one byte of the authToken changed', 'signature', text(bet()), changed(authToken)),
      variant('no authToken', 'signature', text(bet()), ''),
    ],
    unusual: () => [],
    broken: (bet) => [
      variant('half a JSON text', 'syntax', text(bet()).slice(0, 40)),
      variant('an amount that is a word', 'types', text(bet(), '"one"')),
      variant('an amount below zero', 'types', text(bet(), '-1.00')),
      variant('no userId', 'types', JSON.stringify({ ...fieldsOf(bet()), userId: undefined })),
    ],
  }
}

const changed = (token: string) => `${token.slice(0, -1)}${token.endsWith('x') ? 'y' : 'x'}`

const text = (bet: Transaction, amount?: string) => JSON.stringify(fieldsOf(bet, amount))

const subjectOf = ({ user, token }: Seat) => ({ sid: token, userId: user })

function fieldsOf(transaction: Transaction, amount?: string): Body {
  const { kind, seat, id, roundId, amountMinor, currency, gameCode, names } = transaction
  const minor = kind === 'ROLLBACK' ? (names?.amountMinor ?? 0n) : amountMinor
  const number = digits(amount ?? formatDecimal(minor, currency))
  const base = { ...subjectOf(seat), uuid: randomUUID(), currency }
  const game = { id: roundId, type: 'live', details: { table: { id: gameCode, vid: gameCode } } }
  if (kind === 'PROMO') {
    return { ...base, game, promoTransaction: { type: 'FreeRoundPlayableSpent', id, amount: number } }
  }
  return { ...base, game, transaction: { id, refId: tieOf(transaction), amount: number } }
}

/** A bet's own refId; that of the bet which is named; the id of whatever else is named, which is no bet's refId. */
const tieOf = ({ tie, names }: Transaction) =>
  names === undefined ? tie : names.kind === 'BET' ? names.tie : names.id

function read({ attemptId }: WireRequest, { status: http, text }: WireResponse, currency: string): Reply {
  const body = readObject(text)
  const status = typeof body?.['status'] === 'string' ? body['status'] : undefined
  const said = http === 200 && status ? status : `${http} ${status ?? text.slice(0, 80)}`.trim()
  if (http === 401 || http === 400) {
    return { said, words: [String(http), ...(http === 400 && status ? [status] : [])] }
  }
  if (http !== 200 || !status) return { said, words: [], malformed: 'it is not HTTP 200 with a status' }
  const known = { said, words: [status] }
  const echoed = body?.['uuid'] === undefined || attemptId === undefined || body['uuid'] === attemptId
  if (!echoed) return { ...known, malformed: 'another uuid is echoed' }
  if (body?.['balance'] === undefined && status !== 'OK') return known
  // The money that can be played with is told in two parts.
  const [cash, bonus] = [minorOf(body?.['balance'], currency), minorOf(body?.['bonus'] ?? zero, currency)]
  return cash === undefined || bonus === undefined
    ? { ...known, malformed: `the balance is not a number that ${currency} can hold` }
    : { ...known, balanceMinor: cash + bonus }
}

const zero = new Digits('0')

const minorOf = (value: unknown, currency: string): bigint | undefined =>
  value instanceof Digits ? exactMinor(value.text, currencyExponent(currency)) : undefined
