// A provider's own list of what it sent, as Hub88 gives it to operators.
export interface ReportRow {
  readonly transaction_uuid: string
  readonly reference_transaction_uuid: string | null
  readonly kind: string
  readonly status: string
  readonly user: string
  readonly round: string
  readonly game_code: string
  readonly currency: string
  readonly amount: number
  readonly created_at: string
}

export const reportColumns = [
  'transaction_uuid',
  'reference_transaction_uuid',
  'kind',
  'status',
  'user',
  'round',
  'game_code',
  'currency',
  'amount',
  'created_at',
] as const

const cell = (value: string | number | null) => {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const csvLine = (row: ReportRow): string => reportColumns.map((name) => cell(row[name])).join(',')

export const csvReport = (rows: readonly ReportRow[]): string =>
  [reportColumns.join(','), ...rows.map(csvLine), ''].join('\r\n')

/** The fields of a call that a report repeats. */
interface Sent {
  readonly transaction_uuid: string
  readonly reference_transaction_uuid?: string
  readonly user: string
  readonly round: string
  readonly game_code: string
  readonly amount?: number
  readonly currency?: string
}

/** What the provider remembers of a call it sent. */
export const reportRow = (sent: Sent, kind: string, status = 'TS_SUCCESS'): ReportRow => ({
  transaction_uuid: sent.transaction_uuid,
  reference_transaction_uuid: sent.reference_transaction_uuid ?? null,
  kind,
  status,
  user: sent.user,
  round: sent.round,
  game_code: sent.game_code,
  currency: sent.currency ?? 'EUR',
  amount: sent.amount ?? 0,
  created_at: new Date().toISOString(),
})
