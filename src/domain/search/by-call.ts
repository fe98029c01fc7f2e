import { Parameters, readValues } from '../../db/rows.ts'
import { isUuid, uuidFloor } from '../../lib/uuid.ts'
import type { Found, SearchContext, Wish } from './types.ts'

/** A request's calls are written so soon before and after its id was made. */
const beforeMs = 1_000
const afterMs = 10_000

/**
 * By the id of the request, when Pitboss made it: the id tells the moment, and the calls of that moment are looked
 * through along each account's index.
 */
export async function findByRequestId(ctx: SearchContext, { text, limit }: Wish): Promise<Found[]> {
  const requestId = text.toLowerCase()
  if (!isUuid(requestId) || requestId.charAt(14) !== '7') return []
  const madeMs = Number.parseInt(requestId.slice(0, 8) + requestId.slice(9, 13), 16)
  const parameters = new Parameters()
  const floor = (ms: number) => parameters.add('uuid', uuidFloor(new Date(Math.max(0, ms))))
  const scope = parameters.addArray('uuid', [...ctx.actor.brandIds])
  const [from, below] = [floor(madeMs - beforeMs), floor(madeMs + afterMs)]
  const statement = `/* search: calls by request id */
select r.id from provider_accounts a cross join lateral (
  select t.id from provider_calls t
  where t.provider_account_id = a.id and t.id >= ${from} and t.id < ${below}
  and t.request_id = ${parameters.add('text', requestId)} and t.brand_id = any(${scope})
  order by t.id limit ${parameters.add('int4', limit)}
) r where a.brand_id = any(${scope}) order by r.id`
  const rows = await readValues(ctx.sql, statement, parameters.values)
  return rows.map(([id]) => call(String(id), 'REQUEST_ID', requestId))
}

/** The newest first. */
export async function findByAttempt(ctx: SearchContext, { text, limit }: Wish): Promise<Found[]> {
  const parameters = new Parameters()
  const statement = `/* search: calls by attempt */
select t.id from provider_calls t where t.attempt_key = ${parameters.add('text', text)}
and t.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})
order by t.id desc limit ${parameters.add('int4', limit)}`
  const rows = await readValues(ctx.sql, statement, parameters.values)
  return rows.map(([id]) => call(String(id), 'ATTEMPT_KEY', text))
}

const call = (id: string, matched: Found['matched'], value: string): Found => ({
  type: 'ProviderCall',
  id,
  matched,
  value,
  exact: true,
})
