// The second burst of a batch: one statement that writes everything with guards, then COMMIT, without waiting in
// between. A table without rows to write has no part in it. Rows that were read change only where their version still
// is what was read; a count that does not match divides by zero and undoes the whole batch.
import type { Statement } from '../../db/lane.ts'
import { type Column, insertRows, StatementBuilder } from '../../db/statement.ts'
import { type Append, appendJournal, guarded, journalGuards } from '../journal/append.ts'
import { auditColumns } from '../audit/columns.ts'
import { insertCalls } from '../providers/insert-calls.ts'
import { betColumns, legColumns, roundColumns, transactionColumns, walletColumns } from './columns.ts'
import type { Pile } from './fold.ts'
import type { State } from './state.ts'

/** The statement that writes a pile through a lane; undefined when there is nothing to write. */
export function write(lane: number, state: State, pile: Pile, now: Date): Statement | undefined {
  if (pile.events.length + pile.providerCalls.length + pile.audits.length === 0) return undefined
  const append = toAppend(lane, state, pile, now)
  const builder = new StatementBuilder()
  const { read } = pile
  appendJournal(builder, append)
  insertPlaced(
    builder,
    'transactions',
    transactionColumns,
    fresh(pile.transactions, read.transactions),
    'scope_id, transaction_key',
  )
  insertPlaced(builder, 'bets', betColumns, fresh(pile.bets, read.bets), 'id')
  insertLegs(builder, pile)
  insertRows(builder, 'wallets', walletColumns, fresh(pile.wallets, read.wallets))
  insertRows(builder, 'rounds', roundColumns, fresh(roundRows(pile), read.rounds))
  insertCalls(builder, lane, pile.providerCalls)
  // So may an audit entry whose id the caller knows.
  insertRows(builder, 'audit_entries', auditColumns, pile.audits, 'on conflict (id) do nothing')
  const guards = [...journalGuards(builder, append), ...updates(builder, pile)]
  return builder.build('money: write a batch', guarded(guards))
}

const roundRows = ({ rounds, roundResults }: Pile) =>
  new Map([...rounds].map(([id, round]) => [id, { ...round, result: roundResults.get(id) ?? null }]))

function toAppend(lane: number, state: State, pile: Pile, now: Date): Append {
  const moved = [...state.players.values()].filter(
    (player) => player.version !== pile.read.players.get(player.id),
  )
  return {
    lane,
    now,
    events: pile.events,
    players: moved.map((player) => ({
      id: player.id,
      from: pile.read.players.get(player.id) ?? 0n,
      to: player.version,
    })),
    lastUs: moved.reduce((max, player) => (player.lastUs > max ? player.lastUs : max), 0n),
  }
}

/** The rows that were not read, so are inserted. */
const fresh = <Row>(rows: ReadonlyMap<string, Row>, read: { has(key: string): boolean }): Row[] =>
  [...rows].filter(([key]) => !read.has(key)).map(([, row]) => row)

/** The rows that were read, so are updated, with the version they had. */
const changed = <Row extends object>(rows: ReadonlyMap<string, Row>, read: ReadonlyMap<string, bigint>) =>
  [...rows].flatMap(([key, row]) => {
    const from = read.get(key)
    return from === undefined ? [] : [{ ...row, from }]
  })

type Columns<Row> = readonly Column<Row>[]

/** Rows that name their journal row: lane and seq come from the base. In key order, so that no two wait crosswise. */
function insertPlaced<Row>(
  builder: StatementBuilder,
  table: string,
  columns: Columns<Row>,
  rows: readonly Row[],
  order: string,
) {
  if (rows.length === 0) return
  const names = columns
    .map((one) => one.name)
    .filter((name) => name !== 'n')
    .join(', ')
  builder.with(
    `insert_${table}`,
    `insert into ${table} (lane, seq, ${names}) select b.lane, b.first + u.n, ${names}
     from base b, ${builder.rows(columns, rows)} order by ${order}`,
  )
}

function insertLegs(builder: StatementBuilder, pile: Pile) {
  if (pile.legs.length === 0) return
  const names = legColumns
    .map((one) => one.name)
    .filter((name) => name !== 'n')
    .join(', ')
  builder.with(
    'insert_ledger_entries',
    `insert into ledger_entries (lane, seq, recorded_at, ${names})
     select b.lane, b.first + u.n, b.at + u.n * interval '1 microsecond', ${names}
     from base b, ${builder.rows(legColumns, pile.legs)}`,
  )
}

/** A result that was told stays when a later change brings none. */
const assignment = (name: string) =>
  name === 'result' ? 'result = coalesce(u.result, t.result)' : `${name} = u.${name}`

/** The guarded updates; returns what must hold of their counts. */
function updates(builder: StatementBuilder, pile: Pile): string[] {
  const from = { name: 'from_version', type: 'bigint', of: (row: { from: bigint }) => row.from }
  const update = <Row extends { from: bigint }>(
    table: string,
    columns: Columns<Row>,
    rows: Row[],
    sets: string[],
  ): string[] => {
    if (rows.length === 0) return []
    const used = columns.filter((one) => one.name === 'id' || sets.includes(one.name))
    builder.with(
      `update_${table}`,
      `update ${table} t set ${sets.map(assignment).join(', ')}
       from ${builder.rows([...used, from as never], rows)}
       where t.id = u.id and t.version = u.from_version returning 1`,
    )
    return [`(select count(*) from update_${table}) = ${builder.value('int', rows.length)}`]
  }
  return [
    ...update('wallets', walletColumns, changed(pile.wallets, pile.read.wallets), [
      'cash_minor',
      'bonus_minor',
      'owed_minor',
      'counted_day',
      'day_staked_minor',
      'day_returned_minor',
      'week_staked_minor',
      'week_returned_minor',
      'month_staked_minor',
      'month_returned_minor',
      'version',
    ]),
    ...update('rounds', roundColumns, changed(roundRows(pile), pile.read.rounds), [
      'status',
      'completed_at',
      'result',
      'version',
    ]),
    ...update('bets', betColumns, changed(pile.bets, pile.read.bets), [
      'status',
      'result',
      'payout_minor',
      'jackpot_minor',
      'late',
      'settled_at',
      'version',
    ]),
    ...reversals(builder, pile),
  ]
}

/** Transactions that were read change only by being reversed, once. */
function reversals(builder: StatementBuilder, pile: Pile): string[] {
  const rows = [...pile.transactions].filter(([key]) => pile.read.transactions.has(key)).map(([, row]) => row)
  if (rows.length === 0) return []
  const marks = transactionColumns.filter((one) =>
    ['scope_id', 'transaction_key', 'reversed_by_id'].includes(one.name),
  )
  builder.with(
    'update_transactions',
    `update transactions t set reversed_by_id = u.reversed_by_id from ${builder.rows(marks, rows)}
     where t.scope_id = u.scope_id and t.transaction_key = u.transaction_key and t.reversed_by_id is null returning 1`,
  )
  return [`(select count(*) from update_transactions) = ${builder.value('int', rows.length)}`]
}
