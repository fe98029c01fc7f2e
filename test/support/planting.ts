// How rows are chosen and named that a test spoils.

export interface Plant {
  readonly id: string
  /** Of the invariant that this is for. */
  readonly says: string
  readonly spoil: readonly string[]
  /** SQL of the text by which the broken row is named, before it is spoilt. */
  readonly row: string
  /** The ids of all invariants that this breaks. */
  readonly breaks: readonly string[]
}

export const plant = (
  id: string,
  says: string,
  row: string,
  spoil: string | readonly string[],
  also: string[] = [],
): Plant => ({
  id,
  says,
  row,
  spoil: typeof spoil === 'string' ? [spoil] : spoil,
  breaks: [id, ...also].sort((one, other) => numberOf(one) - numberOf(other)),
})

const numberOf = (id: string) => (id.startsWith('I') ? Number(id.slice(1)) : 99)

/** The first row of a kind: the same one whenever it is asked for. */
export const wallet = `select id from wallets order by id limit 1`
export const legPlace = (where: string, order = 'lane, seq, leg') =>
  `select lane, seq, leg from ledger_entries where ${where} order by ${order} limit 1`
export const leg = (where: string) => `(lane, seq, leg) = (${legPlace(where)})`
export const legName = (where: string) =>
  `select format('lane %s seq %s', lane, seq) from (${legPlace(where)}) l`
export const bet = (where: string) => `select id from bets where ${where} order by id limit 1`
export const transaction = (where: string) => `select id from transactions where ${where} order by id limit 1`
export const event = (where: string) =>
  `select lane, seq from journal where ${where} order by lane, seq limit 1`
export const eventName = (where: string) =>
  `select format('lane %s seq %s', lane, seq) from (${event(where)}) j`
export const call = (where: string) => `select id from provider_calls where ${where} order by id limit 1`

export const stray = `'00000000-0000-7000-8000-000000000000'`
export const unchecked = (table: string, name: string) => `alter table ${table} drop constraint ${name}`
export const lostBet = `status = 'SETTLED' and result = 'LOST'`
export const settling = `account = 'HOUSE' and bet_id = (${bet(lostBet)})`
