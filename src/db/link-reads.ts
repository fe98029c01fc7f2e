// Reads by keys that one tick asks for (the players, rounds and sessions of a page of bets) go over one connection,
// one behind the other: one process of PostgreSQL is woken instead of three, and finds warm what it needs. Each is
// planned once per connection: planning costs more than such reads do. So they must be short, since a long one would
// hold up those behind it, and have an index that leads to their rows whatever the keys are.
import type { DatabaseOptions, Sql } from './connection.ts'
import { LinkLine } from './link-line.ts'
import { readValues, type Shape } from './rows.ts'

/** Enough that one connection with a read that takes its time can be passed by. */
export const linkConnections = 4

/** All values of all rows, as `readValues` gives them. */
export type ReadLink = (
  text: string,
  parameters: readonly string[],
) => Promise<readonly (readonly unknown[])[]>

interface Line {
  readonly read: ReadLink
  waiting: number
}

class LinkReads {
  readonly #lines: readonly Line[]
  #next = 0
  /** Of this tick. */
  #line: Line | undefined

  constructor(reads: readonly ReadLink[]) {
    this.#lines = reads.map((read) => ({ read, waiting: 0 }))
  }

  async read(...asked: Parameters<ReadLink>): ReturnType<ReadLink> {
    const line = this.#line ?? this.#freest()
    line.waiting++
    try {
      return await line.read(...asked)
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

export function sendLinks(pool: Sql, reads: readonly ReadLink[]): void {
  readsOf.set(pool, new LinkReads(reads))
}

/** From now on what is read by keys through the pool goes over connections of its own. */
export function openLinkReads(pool: Sql, options: DatabaseOptions) {
  const lines = Array.from({ length: linkConnections }, () => new LinkLine(pool, options))
  sendLinks(
    pool,
    lines.map((line) => line.read.bind(line)),
  )
  return {
    ready: Promise.all(lines.map((line) => line.open())),
    close: async () => lines.forEach((line) => line.close()),
  }
}

/** As readValues. */
export const readLinkValues = (pool: Sql, text: string, parameters: readonly string[]) =>
  readsOf.get(pool)?.read(text, parameters) ?? readValues(pool, text, parameters)

/** As readRows. */
export async function readLinkRows<Row>(
  pool: Sql,
  shape: Shape<Row>,
  text: string,
  parameters: readonly string[],
): Promise<Row[]> {
  const rows = await readLinkValues(pool, text, parameters)
  return rows.map((values) => shape.decode(values, 0))
}

/** One of the brands, and no way to the rows: put like this no index can be gone along. */
export const onlyWithin = (column: string, brandIds: string): string =>
  `(${column} = any(${brandIds})) is true`
