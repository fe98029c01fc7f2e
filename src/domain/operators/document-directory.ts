import type { ReadContext } from '../context.ts'

/** The documents that were loaded, by the SHA-256 of their text in hexadecimal. */
export interface DocumentDirectory {
  find(hash: string): Promise<string | undefined>
}

/** How long an answer is kept: what is removed holds on no process for more than a second. */
const keptMs = 800
const keptMax = 1000

interface Kept {
  readonly at: number
  readonly text: Promise<string | undefined>
}

/** Answers from memory for a moment. What is not there is asked for again each time, and so found once it is. */
export function openDocumentDirectory(ctx: ReadContext): DocumentDirectory {
  const kept = new Map<string, Kept>()

  async function read(hash: string): Promise<string | undefined> {
    const [row] = await ctx.sql<{ text: string }[]>`
      /* operators: trusted document by hash */
      select d.text from trusted_documents d where d.hash = ${hash}`
    if (!row) kept.delete(hash)
    return row?.text
  }

  return {
    find(hash) {
      const now = performance.now()
      const known = kept.get(hash)
      if (known && now - known.at <= keptMs) return known.text
      const text = read(hash)
      kept.delete(hash)
      kept.set(hash, { at: now, text })
      text.catch(() => kept.delete(hash))
      const [oldest] = kept.keys()
      if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
      return text
    },
  }
}
