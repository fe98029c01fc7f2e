// Rows that seldom change and are asked for by nearly every page (games, providers), kept for a moment. They are kept
// without regard to who asks: whoever reads through here decides what of them the caller may see.
import type { Sql } from './connection.ts'

/** How old a row may be: a change by another process is seen after this, one by this process at once. */
export const keptMs = 400
const keptMax = 20_000

export interface KeptRows<Row> {
  byIds(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, Row>>
  /** To be called when a change has been committed. */
  forget(sql: Sql): void
}

interface Kept<Row> {
  /** When its reading began. */
  readonly at: number
  readonly row: Row
}

type ReadRows<Row> = (sql: Sql, ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>

export function keepRows<Row>(read: ReadRows<Row>): KeptRows<Row> {
  /** A memory for each pool, and with it for each database. */
  const memories = new WeakMap<Sql, Map<string, Kept<Row>>>()

  function memoryOf(sql: Sql): Map<string, Kept<Row>> {
    const memory = memories.get(sql) ?? new Map<string, Kept<Row>>()
    memories.set(sql, memory)
    return memory
  }

  return {
    async byIds(sql, ids) {
      const memory = memoryOf(sql)
      const at = performance.now()
      const found = new Map<string, Row>()
      const missing: string[] = []
      for (const id of ids) {
        const kept = memory.get(id)
        if (kept && at - kept.at <= keptMs) found.set(id, kept.row)
        else missing.push(id)
      }
      if (missing.length === 0) return found
      const rows = await read(sql, missing)
      for (const [id, row] of rows) {
        found.set(id, row)
        // If all was forgotten meanwhile, this memory is nobody's any more.
        memory.set(id, { at, row })
      }
      if (memory.size > keptMax) memories.delete(sql)
      return found
    },
    forget: (sql) => void memories.delete(sql),
  }
}
