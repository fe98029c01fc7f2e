// How a check goes over its data: at once, along the ids of a table, or along the lanes. A check's text gives a row
// for everything that it looks at, with one column, `who`: null, or what is wrong and with whom.
import { type Found, type Look, namedMax } from './types.ts'

type Check = (look: Look) => AsyncIterable<Found>

const idRows = 5_000
const laneRows = 10_000

const nilId = '00000000-0000-0000-0000-000000000000'
const seqMin = -(2n ** 63n)
const seqMax = 2n ** 63n - 1n

/** The seq below which rows of the table do not count any more: they are in what retention left of them. */
const floorOf = (table: string) =>
  `(select coalesce(max(below_seq), ${seqMin}) from retention_drops where table_name = '${table}')`

export const journalFloor = floorOf('journal')
export const ledgerFloor = floorOf('ledger_entries')

/** The rows of a part of a lane, of a table with lane and seq. */
export const inPart = (alias: string) =>
  `${alias}.lane = $1::smallint and ${alias}.seq > $2::bigint and ${alias}.seq <= $3::bigint`

async function look({ sql, name }: Look, text: string, parameters: string[]): Promise<Found> {
  const [row] = await sql.unsafe<{ rows: bigint; broken: bigint; first: string[] | null }[]>(
    `/* verify: ${name} */ select count(*) as rows, count(who) as broken,
       (array_agg(who) filter (where who is not null))[1:${namedMax}] as first
     from (${text}) looked_at`,
    parameters,
  )
  return { rows: Number(row?.rows), broken: Number(row?.broken), first: row?.first ?? [] }
}

/** In one statement. */
export const atOnce = (text: string): Check =>
  async function* (given) {
    yield look(given, text, [])
  }

/** Along the ids of a table: the text looks at `id > $1 and id <= $2`. What is added meanwhile is left out. */
export const byId = (table: string, text: string): Check =>
  async function* (given) {
    const newest = await idAt(given, `select id from ${table} order by id desc limit 1`, [])
    if (newest === undefined) return
    let low = nilId
    do {
      const next = `select id from ${table} where id > $1::uuid and id < $2::uuid order by id offset ${idRows} limit 1`
      const high = (await idAt(given, next, [low, newest])) ?? newest
      yield look(given, text, [low, high])
      low = high
    } while (low !== newest)
  }

async function idAt({ sql, name }: Look, text: string, parameters: string[]): Promise<string | undefined> {
  const [row] = await sql.unsafe<{ id: string }[]>(`/* verify: ${name}, next part */ ${text}`, parameters)
  return row?.id
}

/**
 * Along every lane: the text looks at lane $1, after seq $2, up to $3. A part ends where a transaction ends, and the
 * last one has no end, so that legs beyond the journal's last row are seen too.
 */
export const byLane = (text: string): Check =>
  async function* (given) {
    for (const lane of await lanes(given)) {
      for (let low = seqMin; low < seqMax; ) {
        const high = (await partEnd(given, lane, low)) ?? seqMax
        yield look(given, text, [String(lane), String(low), String(high)])
        low = high
      }
    }
  }

/** The lanes of a table, found without reading all of it. */
const lanesOf = (table: string) => `
  (with recursive known(lane) as (
    (select lane from ${table} order by lane limit 1) union all
    select (select t.lane from ${table} t where t.lane > known.lane order by t.lane limit 1)
    from known where known.lane is not null)
  select lane from known where lane is not null)`

/** The lanes that have rows, whether or not there can be such a lane. */
async function lanes({ sql, name }: Look): Promise<number[]> {
  const union = `${lanesOf('journal')} union ${lanesOf('ledger_entries')}`
  const rows = await sql.unsafe<{ lane: number }[]>(`/* verify: ${name}, lanes */ ${union} order by lane`)
  return rows.map(({ lane }) => lane)
}

async function partEnd({ sql, name }: Look, lane: number, low: bigint): Promise<bigint | undefined> {
  const [row] = await sql.unsafe<{ seq: bigint }[]>(
    `/* verify: ${name}, next part */
    select e.seq from (
      select seq, transaction_id, lead(transaction_id) over (order by seq) as next,
        lead(seq) over (order by seq) as more
      from journal where lane = $1::smallint and seq >= (
        select seq from journal where lane = $1::smallint and seq > $2::bigint order by seq offset ${laneRows} limit 1)
      order by seq limit ${laneRows}) e
    where e.more is not null and (e.transaction_id is null or e.transaction_id is distinct from e.next)
    order by e.seq limit 1`,
    [String(lane), String(low)],
  )
  return row?.seq
}
