// Reads by keys that one tick asks for (the players, rounds and sessions of a page of bets) go over one connection,
// one behind the other: one process of PostgreSQL is woken instead of three, and finds warm what it needs. Each is
// planned once per connection: planning costs more than such reads do. So they must be short, since a long one would
// hold up those behind it, and have an index that leads to their rows whatever the keys are.
import { closePools, type DatabaseOptions, openPool, type Sql } from './connection.ts'
import { readValues } from './rows.ts'

/** Enough that one connection with a read that takes its time can be passed by. */
export const linkConnections = 4

interface Line {
  readonly sql: Sql
  waiting: number
}

class LinkReads {
  readonly #lines: readonly Line[]
  #next = 0
  /** Of this tick. */
  #line: Line | undefined

  constructor(pools: readonly Sql[]) {
    this.#lines = pools.map((sql) => ({ sql, waiting: 0 }))
  }

  async run<Answer>(read: (sql: Sql) => Promise<Answer>): Promise<Answer> {
    const line = this.#line ?? this.#freest()
    line.waiting++
    try {
      return await read(line.sql)
    } finally {
      line.waiting--
    }
  }

  #freest(): Line {
    const from = this.#next++ % this.#lines.length
    const turned = [...this.#lines.slice(from), ...this.#lines.slice(0, from)]
    const line = turned.reduce((best, one) => (one.waiting < best.waiting ? one : best))
    this.#line = line
    setImmediate(() => {
      this.#line = undefined
    })
    return line
  }
}

const readsOf = new WeakMap<Sql, LinkReads>()

export function sendLinks(pool: Sql, lines: readonly Sql[]): void {
  readsOf.set(pool, new LinkReads(lines))
}

/** From now on what is read by keys through the pool goes over connections of its own. */
export function openLinkReads(pool: Sql, options: DatabaseOptions) {
  const lines = Array.from({ length: linkConnections }, () =>
    openPool({ ...options, poolMax: 1, plannedOnce: true }),
  )
  sendLinks(pool, lines)
  return { close: () => closePools(lines) }
}

export const readLinks = <Answer>(pool: Sql, read: (sql: Sql) => Promise<Answer>): Promise<Answer> =>
  readsOf.get(pool)?.run(read) ?? read(pool)

/** As readValues. */
export const readLinkValues = (pool: Sql, text: string, parameters: readonly string[]) =>
  readLinks(pool, (sql) => readValues(sql, text, parameters))

/** One of the brands, and no way to the rows: put like this no index can be gone along. */
export const onlyWithin = (column: string, brandIds: string): string =>
  `(${column} = any(${brandIds})) is true`
