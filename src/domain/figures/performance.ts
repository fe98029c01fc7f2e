// Reports out of the figures: never a scan of bets. Money is never added up over currencies: a row has one.
import { Parameters, readValues } from '../../db/rows.ts'
import { Problem } from '../../lib/problem.ts'
import type { ScopedContext } from '../context.ts'
import { choicesOf } from '../../db/conditions.ts'
import {
  type Grouping,
  type GroupKey,
  keyColumns,
  keyNames,
  type PerformanceFilter,
  sourceOf,
} from './grouping.ts'
import { addedUp, readSums, sumColumns } from './sums.ts'
import type { Sums } from './types.ts'
import { type Window, type Windows, windowsOf } from './windows.ts'

export type PerformanceSortKey = 'TURNOVER' | 'WINS' | 'GGR' | 'BETS' | 'GROUP'

export interface PerformanceRequest {
  readonly window: Window
  readonly groupBy: readonly GroupKey[]
  readonly filter: PerformanceFilter
  readonly first: number
  readonly sort?: { readonly key: PerformanceSortKey; readonly direction: 'ASC' | 'DESC' } | undefined
}

export interface PerformanceRow extends Sums {
  readonly currency: string
  /** What the row is told apart by, where the report is grouped by it; an unknown country or device is empty. */
  readonly keys: ReadonlyMap<GroupKey, string>
  /** Turnover by the declared return of each game, in millionths; null where a game that was played declares none. */
  readonly declaredMicro: bigint | null
  /** Who had at least one settled real-money bet. One statement for all rows of the report, when first asked for. */
  activePlayers(): Promise<bigint>
}

export interface Performance extends Pick<Windows, 'asOf' | 'since'> {
  /** From the first moment of the window on, before the last one, over all brands. */
  readonly from: Date | null
  readonly to: Date | null
  readonly rows: readonly PerformanceRow[]
  /** How many rows there are, with those beyond the first ones. */
  readonly rowCount: number
  /** One row a currency, over all rows. */
  totals(): Promise<readonly PerformanceRow[]>
}

export const rowsMax = 1000

const sortedBy: Readonly<Record<Exclude<PerformanceSortKey, 'GROUP'>, string>> = {
  TURNOVER: 'f.stake_minor',
  WINS: 'f.win_minor',
  GGR: 'f.stake_minor - f.win_minor',
  BETS: 'f.bets',
}

export async function performance(ctx: ScopedContext, request: PerformanceRequest): Promise<Performance> {
  const { first, filter } = request
  if (first < 1 || first > rowsMax)
    throw new Problem('BAD_USER_INPUT', `first must be 1 to ${rowsMax}, not ${first}`, 'first')
  const chosen = choicesOf(filter.brand) ?? [...ctx.actor.brandIds]
  const windows = await windowsOf(ctx, request.window, chosen)
  const { brands, asOf, since } = windows
  const grouping: Grouping = { groupBy: [...new Set(request.groupBy)], filter, brands }
  const { rows, rowCount } = await rowsOf(ctx, grouping, request)
  const times = brands.flatMap(({ from, to }) => [from.getTime(), to.getTime()])
  let totals: Promise<readonly PerformanceRow[]> | undefined
  return {
    asOf,
    since,
    from: times.length === 0 ? null : new Date(Math.min(...times)),
    to: times.length === 0 ? null : new Date(Math.max(...times)),
    rows,
    rowCount,
    totals: () => (totals ??= totalsOf(ctx, { ...grouping, groupBy: [] })),
  }
}

const totalsOf = async (ctx: ScopedContext, grouping: Grouping): Promise<readonly PerformanceRow[]> =>
  (await rowsOf(ctx, grouping, { first: rowsMax })).rows

type Order = Pick<PerformanceRequest, 'first' | 'sort'>

async function rowsOf(
  ctx: ScopedContext,
  grouping: Grouping,
  { first, sort }: Order,
): Promise<Pick<Performance, 'rows' | 'rowCount'>> {
  if (grouping.brands.length === 0) return { rows: [], rowCount: 0 }
  const { groupBy } = grouping
  const { key, direction } = sort ?? usualSort(groupBy)
  const [currency = '', ...names] = keyNames(groupBy)
  const keys = [currency, ...names].join(', ')
  const value = key === 'GROUP' ? '0' : `coalesce(sum(${sortedBy[key]}) filter (where g.kind = 'REAL'), 0)`
  const order =
    key === 'GROUP' ? names.map((name) => `r.${name} ${direction}`) : [`r.s ${direction}`, ...names]
  const parameters = new Parameters()
  const text = `/* figures: performance */
select r.*, count(*) over ()::int4 from (
select ${keys}, ${value} as s, trunc(coalesce(sum(f.declared) filter (where g.kind = 'REAL'), 0) * 1000000)::text,
  coalesce(bool_or(f.undeclared) filter (where g.kind = 'REAL'), false), ${sumColumns}
from (
select ${keyColumns(groupBy)}, g.kind, ${addedUp}, sum(f.stake_minor * m.declared_rtp) as declared,
  bool_or(m.declared_rtp is null and f.stake_minor <> 0) as undeclared
${sourceOf(grouping, 'ROLLUPS', parameters)}
group by ${keys}, g.kind) f cross join lateral (select f.kind) g
group by ${keys}) r
order by ${[`r.${currency}`, ...order].join(', ')}
limit ${parameters.add('int4', first)}`
  const found = await readValues(ctx.sql, text, parameters.values, false)
  const active = activeOnce(ctx, grouping)
  const rows = found.map((values) => toRow(values, groupBy, active))
  return { rows, rowCount: Number(found[0]?.at(-1) ?? 0) }
}

/** Times in their order; else what turned over most first. */
const usualSort = (groupBy: readonly GroupKey[]) =>
  groupBy.includes('HOUR') || groupBy.includes('DAY')
    ? ({ key: 'GROUP', direction: 'ASC' } as const)
    : ({ key: 'TURNOVER', direction: 'DESC' } as const)

type Active = () => Promise<ReadonlyMap<string, bigint>>

function toRow(values: readonly unknown[], groupBy: readonly GroupKey[], active: Active): PerformanceRow {
  const keys = values.slice(0, groupBy.length + 1).map(String)
  const [, declared, undeclared] = values.slice(groupBy.length + 1)
  return {
    ...readSums(values, groupBy.length + 4),
    currency: keys[0] ?? '',
    keys: new Map(groupBy.map((one, n) => [one, keys[n + 1] ?? ''])),
    declaredMicro: undeclared === true ? null : BigInt(String(declared)),
    activePlayers: async () => (await active()).get(nameOf(keys)) ?? 0n,
  }
}

const nameOf = (keys: readonly unknown[]): string => JSON.stringify(keys)

function activeOnce(ctx: ScopedContext, grouping: Grouping): Active {
  let found: Promise<ReadonlyMap<string, bigint>> | undefined
  return () => (found ??= activePlayers(ctx, grouping))
}

/** Told apart by player, which no sum can: out of the players' hours. */
async function activePlayers(ctx: ScopedContext, grouping: Grouping): Promise<ReadonlyMap<string, bigint>> {
  const names = keyNames(grouping.groupBy)
  const parameters = new Parameters()
  const text = `/* figures: active players */
select ${names.join(', ')}, count(*)::text from (
select ${keyColumns(grouping.groupBy)}, f.player_id
${sourceOf(grouping, 'PLAYERS', parameters)} and g.kind = 'REAL'
group by ${names.join(', ')}, f.player_id having sum(f.bets) > 0) p
group by ${names.join(', ')}`
  const rows = await readValues(ctx.sql, text, parameters.values, false)
  return new Map(rows.map((row) => [nameOf(row.slice(0, -1)), BigInt(String(row.at(-1)))]))
}
