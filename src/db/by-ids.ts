// Reads of rows by what names them, for loaders: one statement for any number of keys, always within the caller's
// brands, so that a row outside them is as unknown as one that does not exist.
import { type KeysetScope, wantedShape } from './keyset-list.ts'
import { onlyWithin, readLinkRows } from './link-reads.ts'
import { Parameters, type Shape } from './rows.ts'

export interface Source<Row> {
  /** Stands in the comments of statements. */
  readonly name: string
  /** `bets t` */
  readonly from: string
  readonly shape: Shape<Row>
  readonly brandColumn: string
}

export async function readByIds<Row extends { readonly id: string }>(
  scope: KeysetScope,
  source: Source<Row>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const shape = wantedShape(scope, source)
  const rows = await readByKeys(scope, { ...source, shape }, 't.id', ids)
  const found = new Map<string, Row>()
  for (const row of rows) found.set(row.id, row)
  return found
}

/** All rows whose column is one of the keys; the order, when given, is within the whole. */
export function readByKeys<Row>(
  scope: KeysetScope,
  source: Source<Row>,
  column: string,
  keys: readonly string[],
  order?: string,
  type = 'uuid',
): Promise<Row[]> {
  const parameters = new Parameters()
  const text = `/* ${source.name}: by ${column.replace('t.', '')} */
select ${source.shape.columns} from ${source.from}
where ${column} = any(${parameters.addArray(type, keys)})
and ${onlyWithin(source.brandColumn, parameters.addArray('uuid', [...scope.actor.brandIds]))}${
    order ? ` order by ${order}` : ''
  }`
  return readLinkRows(scope.sql, source.shape, text, parameters.values)
}
