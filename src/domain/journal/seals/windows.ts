// Windows of what is written once: where the next one ends, and what its rows hash to. The rows stay in the database:
// it hashes each of them, and then their digests in order.
import { arrayLiteral } from '../../../db/arrays.ts'
import { laneCount } from '../../../db/lane.ts'
import { uuidFloor } from '../../../lib/uuid.ts'
import type { ReadContext } from '../../context.ts'
import { auditEntryDigest, journalRowDigest, legDigest } from './canonical.ts'
import type { Window } from './seal.ts'

type Reading = { readonly sql: Pick<ReadContext['sql'], 'unsafe'> }
type Place = Pick<Window, 'afterKey' | 'lastKey'>

/** The most journal rows, or audit entries, of a window. */
export const windowRows = 10_000

/** Rows that are old enough that none can come before them any more. */
export interface Settled {
  /** A lane has one writer and one batch under way, so that its rows become visible in their order. */
  readonly journalMs: number
  /** An entry's id tells when its request came, and the entry is committed some time after that. */
  readonly auditMs: number
}

/** A window as it is now. `dropped`: retention took its rows away, and nothing can be said of them. */
export type Rehashed = Omit<Window, 'chain'> & { readonly dropped: boolean }

export interface Chain {
  readonly name: string
  /** The key before all others. */
  readonly start: string
  /** The last key of the window after a key; undefined when nothing is settled there. */
  nextEnd(ctx: Reading, after: string, settled: Settled, now: Date): Promise<string | undefined>
  /** The windows as they are now, in one snapshot, in the order of the places. */
  rehash(ctx: Reading, places: readonly Place[]): Promise<Rehashed[]>
}

const stampText = (sql: string) => `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

const digestOfAll = (order: string) =>
  `sha256(coalesce(string_agg(x.digest, ''::bytea order by ${order}), ''::bytea))`

const laneRows = `
  select count(*) filter (where x.leg is null)::int as rows, count(x.leg)::int as legs,
    ${stampText('min(x.at)')} as first_at, ${stampText('max(x.at)')} as last_at,
    ${digestOfAll('x.seq, x.leg nulls first')} as digest
  from (
    select j.seq, null::smallint as leg, j.recorded_at as at, ${journalRowDigest} as digest
    from journal j where j.lane = $1::smallint and j.seq > w.low and j.seq <= w.high
    union all
    select l.seq, l.leg, l.recorded_at, ${legDigest}
    from ledger_entries l where l.lane = $1::smallint and l.seq > w.low and l.seq <= w.high) x`

/** A lane's journal rows and their legs. A window lies within one day, and so within one partition. */
const laneChain = (lane: number): Chain => ({
  name: `lane-${String(lane).padStart(2, '0')}`,
  start: '0',
  async nextEnd({ sql }, after, { journalMs }) {
    const [row] = await sql.unsafe<{ last: bigint | null }[]>(
      `/* seals: the end of a lane's next window */
      select max(w.seq) as last from (
        select j.seq from journal j, lateral (
          select f.seq >> 40 as day from journal f where f.lane = $1::smallint and f.seq > $2::bigint
          order by f.seq limit 1) d
        where j.lane = $1::smallint and j.seq > $2::bigint and j.seq < (d.day + 1) << 40
          and j.recorded_at <= clock_timestamp() - $3::int * interval '1 millisecond'
        order by j.seq limit ${windowRows}) w`,
      [String(lane), after, String(journalMs)],
    )
    return row?.last?.toString()
  },
  async rehash({ sql }, places) {
    const rows = await sql.unsafe<HashedRow[]>(
      `/* seals: hash windows of a lane */
      select d.rows, d.legs, d.first_at, d.last_at, d.digest,
        coalesce(w.high < (select max(below_seq) from retention_drops), false) as dropped
      from unnest($2::text::bigint[], $3::text::bigint[]) with ordinality w(low, high, n)
        cross join lateral (${laneRows}) d
      order by w.n`,
      [String(lane), ...literals(places)],
    )
    return rows.map(toWindow(places))
  },
})

const auditChain: Chain = {
  name: 'audit',
  start: '00000000-0000-0000-0000-000000000000',
  async nextEnd({ sql }, after, { auditMs }, now) {
    const [row] = await sql.unsafe<{ last: string }[]>(
      `/* seals: the end of the next window of audit entries */
      select w.id as last from (
        select a.id from audit_entries a where a.id > $1::uuid and a.id < $2::uuid order by a.id limit ${windowRows}) w
      order by w.id desc limit 1`,
      [after, uuidFloor(new Date(now.getTime() - auditMs))],
    )
    return row?.last
  },
  async rehash({ sql }, places) {
    const rows = await sql.unsafe<HashedRow[]>(
      `/* seals: hash windows of audit entries */
      select d.rows, 0 as legs, d.first_at, d.last_at, d.digest, false as dropped
      from unnest($1::text::uuid[], $2::text::uuid[]) with ordinality w(low, high, n) cross join lateral (
        select count(*)::int as rows, ${stampText('min(x.at)')} as first_at, ${stampText('max(x.at)')} as last_at,
          ${digestOfAll('x.id')} as digest
        from (select a.id, a.at, ${auditEntryDigest} as digest from audit_entries a
          where a.id > w.low and a.id <= w.high) x) d
      order by w.n`,
      literals(places),
    )
    return rows.map(toWindow(places))
  },
}

export const sealChains: readonly Chain[] = [
  ...Array.from({ length: laneCount }, (_, lane) => laneChain(lane)),
  auditChain,
]

interface HashedRow {
  readonly rows: number
  readonly legs: number
  readonly first_at: string | null
  readonly last_at: string | null
  readonly digest: Buffer
  readonly dropped: boolean
}

const literals = (places: readonly Place[]): [string, string] => [
  arrayLiteral(places.map(({ afterKey }) => afterKey)),
  arrayLiteral(places.map(({ lastKey }) => lastKey)),
]

const toWindow =
  (places: readonly Place[]) =>
  ({ first_at, last_at, ...row }: HashedRow, index: number): Rehashed => ({
    afterKey: places[index]?.afterKey ?? '',
    lastKey: places[index]?.lastKey ?? '',
    firstAt: first_at ?? '',
    lastAt: last_at ?? '',
    ...row,
  })
