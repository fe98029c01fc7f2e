import type { Command } from '../../domain/money/types.ts'
import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { OpenAccount } from '../../domain/providers/types.ts'
import { fingerprint, sha256 } from '../../lib/fingerprint.ts'
import { Problem } from '../../lib/problem.ts'
import type { Operation } from '../dialect.ts'
import type { Fields } from '../fields.ts'
import { canCount, wireScale } from './amount.ts'

export type Request = 'CHECK' | 'BALANCE' | 'DEBIT' | 'CREDIT' | 'CANCEL' | 'PROMO_PAYOUT'

export const tokenBytesMax = 1024
/** With its kind in front, an id is still short enough for a transaction key. */
const idBytesMax = 120

/** What a request is read with. */
interface Reading {
  readonly fields: Fields
  readonly call: ReceivedCall
  readonly account: OpenAccount
}

/**
 * Each throws a Problem that names the first field at fault.
 *
 * A debit's transaction key is made of its refId, by which credit and cancel name it; the others' of their own id.
 * Each kind has a key space of its own, since a cancel may carry the id of its debit. An id that comes again with
 * another refId is therefore a conflict for credits and cancels; for debits it is not seen. A debit is known by its
 * refId alone, and is the same again under another id.
 */
export const operations: Readonly<Record<Request, (reading: Reading) => Operation>> = {
  CHECK({ fields }) {
    const token = fields.text('sid', tokenBytesMax)
    return { kind: 'CHECK_TOKEN', token, ...holder(fields) }
  },
  BALANCE: ({ fields }) => ({ kind: 'BALANCE', ...holder(fields), currency: fields.currency('currency') }),
  DEBIT(reading) {
    const { refId, roundKey, gameCode, currency, amountMinor } = readMovement(reading.fields)
    const base = commandBase(reading, debitKey(refId), ['BET', roundKey, gameCode, currency, amountMinor])
    const bet = { roundKey, gameCode, currency, amountMinor, closesRound: false } as const
    return moves({ ...base, ...bet, kind: 'BET', betKind: 'REAL' })
  },
  CREDIT(reading) {
    const { id, refId, roundKey, gameCode, currency, amountMinor } = readMovement(reading.fields)
    const terms = ['WIN', roundKey, gameCode, currency, amountMinor, refId]
    const base = commandBase(reading, creditKey(id), terms)
    const win = {
      roundKey,
      currency,
      amountMinor,
      referenceKey: debitKey(refId),
      closesRound: false,
    } as const
    return moves({ ...base, ...win, kind: 'WIN', settlesBet: true, afterSettlement: 'REFUSE' })
  },
  /** Gives back the whole stake: its amount is the debit's, and only tells two calls apart. */
  CANCEL(reading) {
    const { id, refId, roundKey, gameCode, currency, amountMinor } = readMovement(reading.fields)
    const terms = ['ROLLBACK', roundKey, gameCode, currency, amountMinor, refId]
    const base = commandBase(reading, cancelKey(id), terms)
    const rollback = { roundKey, referenceKey: debitKey(refId), closesRound: false } as const
    return moves({ ...base, ...rollback, kind: 'ROLLBACK', afterWin: 'REFUSE', unmatched: 'REFUSE' })
  },
  PROMO_PAYOUT(reading) {
    const { fields, account } = reading
    const promo = fields.object('promoTransaction')
    const currency = readCurrency(fields)
    const amountMinor = promo.amount('amount', currency, wireScale)
    const roundKey = fields.optionalObject('game')?.optionalText('id')
    const terms = ['PROMO', promo.text('type'), currency, amountMinor]
    const base = commandBase(reading, promoKey(promo.text('id', idBytesMax)), terms)
    const round = roundKey === undefined ? {} : { roundKey }
    return moves({ ...base, ...round, kind: 'PROMO', currency, amountMinor, paidTo: account.freeWinsTo })
  },
}

const moves = (command: Command): Operation => ({ kind: 'COMMAND', command })

const debitKey = (refId: string) => `debit:${refId}`
const creditKey = (id: string) => `credit:${id}`
const cancelKey = (id: string) => `cancel:${id}`
const promoKey = (id: string) => `promo:${id}`

/** The keys of every kind that an id or refId may stand in. */
export const transactionKeysOf = (id: string): string[] =>
  [debitKey, creditKey, cancelKey, promoKey].map((keyOf) => keyOf(id))

/** The session and the player that every request names. */
function holder(fields: Fields): { readonly tokenHash: Buffer; readonly playerExternalId: string } {
  return {
    tokenHash: sha256(fields.text('sid', tokenBytesMax)),
    playerExternalId: fields.text('userId'),
  }
}

interface Movement {
  readonly id: string
  readonly refId: string
  readonly roundKey: string
  readonly gameCode: string
  readonly currency: string
  readonly amountMinor: bigint
}

function readMovement(fields: Fields): Movement {
  const game = fields.object('game')
  const transaction = fields.object('transaction')
  const currency = readCurrency(fields)
  return {
    id: transaction.text('id', idBytesMax),
    refId: transaction.text('refId', idBytesMax),
    roundKey: game.text('id'),
    gameCode: game.object('details').object('table').text('id'),
    currency,
    amountMinor: transaction.amount('amount', currency, wireScale),
  }
}

function readCurrency(fields: Fields): string {
  const currency = fields.currency('currency')
  if (canCount(currency)) return currency
  throw new Problem('CURRENCY', `${currency} has more decimal places than this dialect can carry`, 'currency')
}

/** What all commands have; the terms, with the player, are what makes two calls the same call. */
function commandBase(
  { fields, call, account }: Reading,
  transactionKey: string,
  terms: readonly (string | bigint)[],
) {
  const named = holder(fields)
  return {
    scopeId: account.id,
    brandId: account.brandId,
    providerAccountId: account.id,
    providerId: account.providerId,
    transactionKey,
    ...named,
    fingerprint: fingerprint([named.playerExternalId, ...terms]),
    actor: { kind: 'PROVIDER_ACCOUNT', id: account.id },
    trace: call.requestId,
    receivedAt: call.receivedAt,
  } as const
}
