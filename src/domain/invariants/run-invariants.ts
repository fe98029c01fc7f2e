// Runs the invariants over a database that is at work: one after the other, each part in a statement of its own, so
// that no snapshot is held for long.
import { Problem } from '../../lib/problem.ts'
import type { ReadContext } from '../context.ts'
import { invariants } from './list.ts'
import { type Found, type Invariant, type Look, namedMax } from './types.ts'

export interface RunOptions {
  /** Only these ids; all when absent. */
  readonly only?: readonly string[]
  /** Where seals were exported to. */
  readonly sealsDir?: string | undefined
  /** The keys that seals must be signed with; any when absent. */
  readonly sealKeys?: readonly Buffer[] | undefined
  /** Called when an invariant begins, and after each part of it. */
  onProgress?(progress: Progress): void
}

/** How far an invariant is. */
export interface Progress {
  readonly invariant: Invariant
  readonly rows: number
  /** About how many rows there are, as the server's statistics say; 0 when they say nothing. */
  readonly estimate: number
  readonly ms: number
}

export interface InvariantResult extends Found {
  readonly id: string
  readonly says: string
  /** UNCHECKED: the check itself could not be done, and `first` tells why. */
  readonly verdict: 'HOLDS' | 'BROKEN' | 'UNCHECKED'
  readonly ms: number
}

type Reading = { readonly sql: Pick<ReadContext['sql'], 'unsafe'> }

/**
 * The result of every invariant, in the order of their ids. Once the database is away, the rest is UNCHECKED. Throws a
 * Problem when one of `only` is unknown.
 */
export async function runInvariants(ctx: Reading, options: RunOptions = {}): Promise<InvariantResult[]> {
  const results: InvariantResult[] = []
  let away: string | undefined
  for (const invariant of chosen(options.only)) {
    const { error, ...result } =
      away === undefined ? await run(ctx, invariant, options) : skipped(invariant, away)
    if (isAway(error)) away = (error as Error).message
    results.push(result)
  }
  return results
}

type Ran = InvariantResult & { readonly error?: unknown }

const skipped = ({ id, says }: Invariant, reason: string): Ran => {
  return { id, says, verdict: 'UNCHECKED', rows: 0, broken: 0, first: [reason], ms: 0 }
}

/** The connection's errors, not those of a statement: to ask again would only wait, longer each time. */
const isAway = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(CONNECT|E[A-Z]{3}|57P0|08|53|28|3D)/.test(String(error.code))

function chosen(only: readonly string[] | undefined): readonly Invariant[] {
  if (!only) return invariants
  const unknown = only.find((id) => !invariants.some((one) => one.id === id))
  if (unknown !== undefined) {
    const known = [...new Set(invariants.map(({ id }) => id))].join(', ')
    throw new Problem('UNKNOWN_INVARIANT', `only has ${unknown}, which is not one of ${known}`, 'only')
  }
  return invariants.filter(({ id }) => only.includes(id))
}

async function run({ sql }: Reading, invariant: Invariant, options: RunOptions): Promise<Ran> {
  const { id, says } = invariant
  const start = performance.now()
  let sum: Found = { rows: 0, broken: 0, first: [] }
  const result = (verdict: InvariantResult['verdict'], found: Found): InvariantResult => {
    return { id, says, verdict, ...found, ms: Math.round(performance.now() - start) }
  }
  try {
    const estimate = await estimated(sql, invariant.over)
    const tell = () =>
      options.onProgress?.({ invariant, rows: sum.rows, estimate, ms: performance.now() - start })
    tell()
    const look: Look = { sql, name: id, sealsDir: options.sealsDir, sealKeys: options.sealKeys }
    for await (const found of invariant.check(look)) {
      sum = added(sum, found)
      tell()
    }
    return result(sum.broken > 0 ? 'BROKEN' : 'HOLDS', sum)
  } catch (error) {
    if (sum.broken > 0) return { ...result('BROKEN', sum), error }
    const reason = error instanceof Error ? error.message : String(error)
    return { ...result('UNCHECKED', { ...sum, first: [reason] }), error }
  }
}

const added = (sum: Found, found: Found): Found => ({
  rows: sum.rows + found.rows,
  broken: sum.broken + found.broken,
  first: [...sum.first, ...found.first].slice(0, namedMax),
})

async function estimated(sql: Look['sql'], over: string | undefined): Promise<number> {
  if (over === undefined) return 0
  const [row] = await sql.unsafe<{ estimate: number }[]>(
    `/* verify: estimate */ select coalesce(sum(greatest(c.reltuples, 0)), 0)::float8 as estimate from pg_class c
     where c.relkind = 'r' and coalesce(pg_partition_root(c.oid), c.oid) = to_regclass($1::text)`,
    [over],
  )
  return row?.estimate ?? 0
}
