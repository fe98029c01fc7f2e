// What the planner does with a statement of a list when it may not read whole tables and should not sort: so an index
// that gives the order is taken wherever there is one, however few the rows of a test are.
import { expect } from 'vitest'
import type { Sql } from '../../src/db/connection.ts'
import type { ScopedContext } from '../../src/domain/context.ts'

export interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Node[]
}

/** Reading all of these brands. */
export const readerOf = (sql: unknown, ...brandIds: string[]) =>
  ({
    sql,
    actor: { kind: 'OPERATOR', id: null, permissions: new Set(), brandIds: new Set(brandIds) },
  }) as never

/** The plan of the one statement that is read with; it finds nothing. */
export async function planOf(
  sql: Sql,
  brandId: string,
  read: (ctx: ScopedContext) => Promise<unknown>,
): Promise<Node> {
  const plans: Node[] = []
  const unsafe = (text: string, parameters: string[]) => ({
    async values() {
      plans.push(await explain(sql, { text, parameters }))
      return []
    },
  })
  await read(readerOf({ unsafe }, brandId))
  const [plan] = plans
  return plan ?? expect.fail('nothing was read')
}

export interface Asked {
  readonly text: string
  readonly parameters: readonly string[]
  /** It is planned once, for whatever values. */
  readonly link?: boolean
}

/** What the planner should not do: go along another order than is asked for, */
const sorting = ['seqscan', 'bitmapscan', 'sort', 'incremental_sort']
/** or join by reading the whole of one side, which over few rows costs nothing, however well an index leads to them. */
export const wholeSides = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'material', 'memoize']

export function explain(sql: Sql, { text, parameters }: Asked, without = sorting): Promise<Node> {
  return planFor(
    sql,
    without,
    text.replace(/\$(\d+)/g, (_, at) => quoted(parameters[Number(at) - 1] ?? '')),
  )
}

/** The plan that the statement has whatever its values are. */
export function explainAnyValues(sql: Sql, { text, parameters }: Asked, without = sorting): Promise<Node> {
  const values = parameters.length > 0 ? `(${parameters.map(quoted).join(', ')})` : ''
  const prepared = `deallocate all; set plan_cache_mode = force_generic_plan; prepare asked as ${text}`
  return planFor(sql, without, `execute asked${values}`, prepared)
}

async function planFor(sql: Sql, without: readonly string[], statement: string, before = ''): Promise<Node> {
  const off = without.map((one) => `set enable_${one} = off`).join('; ')
  const explained = `explain (costs off, format json) ${statement}`
  const all = await sql.unsafe(`reset all; ${off}; ${before}; ${explained}`).simple()
  const rows = (all as unknown as { 'QUERY PLAN': { Plan: Node }[] }[][]).at(-1) ?? []
  const [plan] = rows.flatMap((row) => row['QUERY PLAN'].map(({ Plan }) => Plan))
  return plan ?? expect.fail('there is no plan')
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** By the names of partitions and of their indexes: what they are parts of. */
export async function wholesOf(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ part: string; whole: string }[]>`
    select inhrelid::regclass::text as part, inhparent::regclass::text as whole from pg_inherits`
  return new Map(rows.map(({ part, whole }) => [part, whole]))
}

/** What a plan reads: the indexes that it goes along, the whole of what it has no condition for, what it sorts. */
export function readingOf(plan: Node, wholes: ReadonlyMap<string, string>): string[] {
  const whole = (name = '') => wholes.get(name) ?? name
  const scans = below(plan).flatMap((node) => {
    if (node['Relation Name'] === undefined) return []
    const index = whole(node['Index Name'])
    if (index === '') return [`all of ${whole(node['Relation Name'])}`]
    return [node['Index Cond'] === undefined ? `the whole of ${index}` : index]
  })
  return [...new Set(scans)].toSorted()
}

/** The scans of a table in a plan. */
export const scansOf = (plan: Node, table: string): readonly Node[] =>
  below(plan).filter((node) => node['Relation Name'] === table)

/** How a page is found: along which index of the table, and whether what it leads to is sorted before the limit. */
export function wayOf(plan: Node, table: string): string {
  const scans = scansOf(plan, table).map((node) => node['Index Name'] ?? node['Node Type'])
  const sorts = below(plan).some(
    (node) => node['Node Type'] === 'Sort' && unlimited(node).some((one) => one['Relation Name'] === table),
  )
  return `${sorts ? 'sorted after' : 'along'} ${scans.join(' and ')}`
}

const below = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(below)]

/** Everything that is reached without passing a limit. */
const unlimited = (node: Node): readonly Node[] =>
  node['Node Type'] === 'Limit' ? [] : [node, ...(node.Plans ?? []).flatMap(unlimited)]
