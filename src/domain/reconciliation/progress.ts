import type { ReadContext } from '../context.ts'
import { isAbandoned } from './staging.ts'
import type { Bucket } from './types.ts'

/** What a comparison has come to so far. */
export interface Progress {
  readonly linesRead: number
  /** How many of our transactions, of all accounts, were walked through. */
  readonly booksRead: number
  readonly matched: number
  readonly counts: Readonly<Partial<Record<Bucket, number>>>
}

/** Writes down how far a comparison has come; false when it was given up meanwhile. */
export async function noteProgress(
  sql: ReadContext['sql'],
  id: string,
  status: 'READING' | 'COMPARING',
  { linesRead, booksRead, matched, counts }: Progress,
  at: Date,
): Promise<boolean> {
  const rows = await sql`
    /* reconciliation: note progress */
    update reconciliations set status = ${status}, books_read = ${booksRead}, matched = ${matched},
      counts = ${JSON.stringify(counts)}::text::jsonb, lines_read = ${linesRead},
      read_at = case when lines_read < ${linesRead} then ${at} else read_at end
    where id = ${id} and status in ('READING', 'COMPARING') returning id`
  return rows.length === 1
}

/** Ends a comparison that cannot go on; nothing of it becomes an item. */
export async function giveUp(ctx: ReadContext, id: string, failure: string): Promise<void> {
  await ctx.sql`
    /* reconciliation: give up */
    update reconciliations set status = 'FAILED', failure = ${failure}, finished_at = ${ctx.clock.now()}
    where id = ${id} and status in ('READING', 'COMPARING')`
}

/** Ends the comparisons whose process died over them; returns how many. */
export async function giveUpAbandoned(ctx: ReadContext): Promise<number> {
  const rows = await ctx.sql.unsafe(
    `/* reconciliation: give up what is abandoned */
    with running as materialized (select id from reconciliations where status in ('READING', 'COMPARING')),
    abandoned as materialized (select id from running where ${isAbandoned})
    update reconciliations set status = 'FAILED', failure = 'its process ended before it was done', finished_at = $1
    where id in (select id from abandoned) and status in ('READING', 'COMPARING') returning id`,
    [ctx.clock.now()],
  )
  return rows.length
}
