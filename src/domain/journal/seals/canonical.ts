// The bytes that seals are made over. They must come out the same on any PostgreSQL, with any settings, for as long as
// there are seals: so the columns stand here by name, for good. A column that is added later gets into seals only by
// a new form of the row, under a name of its own.

/** As text that no setting changes: numbers, ids and words as they are, times in microseconds since 1970. */
const asText = (column: string) =>
  column.endsWith('_at') || column.endsWith('.at')
    ? `(extract(epoch from ${column}) * 1000000)::bigint::text`
    : `${column}::text`

/** Each value goes with its length, so that no two rows share their bytes; null differs from the empty text. */
const field = (text: string) => `coalesce(length(${text}) || ':' || ${text} || ';', '-;')`

/** SHA-256 of a row, in SQL. */
const digestOf = (form: string, alias: string, columns: string) => {
  const fields = columns.split(' ').map((name) => field(asText(`${alias}.${name}`)))
  return `sha256(convert_to(concat('${form};', ${fields.join(', ')}), 'UTF8'))`
}

export const journalRowDigest = digestOf(
  'journal',
  'j',
  'lane seq prev id type version brand_id player_id player_version session_id game_id provider_account_id round_id ' +
    'bet_id transaction_id amount_minor currency occurred_at recorded_at actor_kind actor_id trace facts',
)

export const legDigest = digestOf(
  'leg',
  'l',
  'lane seq leg brand_id player_id wallet_id transaction_id round_id bet_id account amount_minor currency ' +
    'balance_after wallet_version recorded_at',
)

export const auditEntryDigest = digestOf(
  'audit',
  'a',
  'id at brand_id actor_kind actor_id action outcome code subject_type subject_id reason before after request_id',
)
