import { Parameters, readRows, shapeOf } from '../../../db/rows.ts'
import { seals } from '../../../db/tables/seals.ts'
import type { ReadContext } from '../../context.ts'
import type { Seal } from './seal.ts'
import { sealChains } from './windows.ts'

type Reading = { readonly sql: ReadContext['sql'] }

const shape = shapeOf(seals)

/** The newest seal of every chain that has one. */
export async function newestSeals(ctx: Reading): Promise<ReadonlyMap<string, Seal>> {
  const parameters = new Parameters()
  const names = parameters.addArray(
    'text',
    sealChains.map(({ name }) => name),
  )
  const text = `/* seals: the newest of every chain */
    select ${shape.columns} from unnest(${names}) c(name)
    cross join lateral (select s.number from seals s where s.chain = c.name order by s.number desc limit 1) n
    join seals t on t.chain = c.name and t.number = n.number`
  const rows = await readRows(ctx.sql, shape, text, parameters.values)
  return new Map(rows.map((row) => [row.chain, row]))
}

/** Seals of a chain after a number, in their order. */
export async function sealsAfter(
  ctx: Reading,
  chain: string,
  number: bigint,
  rowsMax: number,
): Promise<Seal[]> {
  const parameters = new Parameters()
  const text = `/* seals: of a chain after a number */
    select ${shape.columns} from seals t where t.chain = ${parameters.add('text', chain)}
      and t.number > ${parameters.add('bigint', number)} order by t.number limit ${parameters.add('int', rowsMax)}`
  return await readRows(ctx.sql, shape, text, parameters.values)
}
