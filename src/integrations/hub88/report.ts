// The list of transactions as Hub88 gives it to operators: amounts are integers of 10^-5 of the main unit.
import type { ReportedTransaction, ToldKind, ToldStatus } from '../../domain/reconciliation/types.ts'
import { isCurrency, scaledToMinor } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import { isKey, type Report, type ReportRecord } from '../report.ts'
import { wireScale } from './operations.ts'
import { providerTime } from './provider-time.ts'

const keyColumn = 'transaction_uuid'

/** What a negative bet is in our books is not known: its kind is not compared. */
const kinds: ReadonlyMap<string, ToldKind> = new Map([
  ['TK_BET', 'BET'],
  ['TK_FREE_BET', 'BET'],
  ['TK_NEG_BET', 'OTHER'],
  ['TK_WIN', 'WIN'],
  ['TK_FREE_WIN', 'WIN'],
  ['TK_JP_WIN', 'WIN'],
  ['TK_BONUS_WIN', 'WIN'],
  ['TK_ROLLBACK', 'ROLLBACK'],
])

const statuses: ReadonlyMap<string, ToldStatus> = new Map([
  ['TS_SUCCESS', 'SUCCESS'],
  ['TS_DECLINED', 'DECLINED'],
  ['TS_ROLLEDBACK', 'ROLLED_BACK'],
  ['TS_RETRY_ATTEMPTS_LIMIT_EXCEEDED', 'UNDELIVERED'],
])

const currencyPattern = /^[A-Za-z0-9]{2,12}$/

export const hub88Report: Report = {
  columns: [keyColumn, 'kind', 'status', 'user', 'round', 'currency', 'amount', 'created_at'],
  // A rollback carries no money, and what belongs to no round names none.
  optional: ['user', 'round', 'currency', 'amount'],
  keyColumn,
  read(record) {
    const kind = known(record, 'kind', kinds)
    const currency = kind === 'ROLLBACK' ? (record.get('currency') ?? null) : text(record, 'currency')
    if (currency !== null && !currencyPattern.test(currency)) throw fault('currency', 'is no currency code')
    const key = text(record, keyColumn)
    if (!isKey(key)) throw fault(keyColumn, 'is too long or not well-formed')
    const at = providerTime(text(record, 'created_at'))
    if (!at) throw fault('created_at', 'is not a moment')
    return {
      transactionKey: key,
      kind,
      status: known(record, 'status', statuses),
      ...amountOf(record, kind, currency),
      currency,
      round: short(record, 'round'),
      player: short(record, 'user'),
      game: short(record, 'game_code'),
      at,
    }
  },
}

type Amount = Pick<ReportedTransaction, 'amount' | 'amountMinor'>

/** Exact, also when the currency cannot hold it: then it differs from every amount of ours. */
function amountOf(record: ReportRecord, kind: ToldKind, currency: string | null): Amount {
  const written = record.get('amount')
  if (written === undefined && kind === 'ROLLBACK') return { amount: null, amountMinor: null }
  if (written === undefined || !/^-?(?:0|[1-9]\d{0,22})$/.test(written)) {
    throw fault('amount', 'is not an integer in units of 0.00001')
  }
  const scaled = BigInt(written)
  const holds = currency !== null && isCurrency(currency)
  return {
    amount: decimalOf(scaled),
    amountMinor: holds ? (scaledToMinor(scaled, wireScale, currency) ?? null) : null,
  }
}

/** `356000n` -> `3.56` */
function decimalOf(scaled: bigint): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(wireScale + 1, '0')
  const fraction = digits.slice(-wireScale).replace(/0{1,3}$/, '')
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -wireScale)}.${fraction}`
}

function text(record: ReportRecord, name: string): string {
  const value = record.get(name)
  if (value === undefined) throw fault(name, 'is missing')
  return value
}

function known<T>(record: ReportRecord, name: string, among: ReadonlyMap<string, T>): T {
  const written = text(record, name)
  const value = among.get(written)
  if (value === undefined) throw fault(name, `${JSON.stringify(written.slice(0, 40))} is not known`)
  return value
}

/** What is shown to people and compared with nothing: PostgreSQL's JSON takes neither NUL nor half a character. */
const short = (record: ReportRecord, name: string): string | null =>
  record.get(name)?.slice(0, 128).replaceAll('\0', '').toWellFormed() ?? null

const fault = (name: string, what: string) => new Problem('REPORT_LINE', `${name} ${what}`, name)
