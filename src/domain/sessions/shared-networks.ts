import { type ChoiceFilter, choicesOf } from '../../db/conditions.ts'
import { Parameters, readValues } from '../../db/rows.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidFloor } from '../../lib/uuid.ts'
import type { ScopedContext } from '../context.ts'

export type Sharing = 'IP' | 'DEVICE' | 'IP_AND_DEVICE'

export interface SharedNetworkFilter {
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
}

export interface SharingRequest {
  readonly by: Sharing
  readonly from: Date
  readonly to: Date
  readonly filter: SharedNetworkFilter
  readonly playersMin: number
  readonly first: number
}

export interface SharedNetwork {
  readonly ip: string | null
  readonly device: string | null
  readonly playerCount: number
  readonly sessionCount: number
  readonly firstOpenedAt: Date
  readonly lastOpenedAt: Date
  /** In order, at most so many as are shown. */
  readonly playerIds: readonly string[]
}

export interface SharedNetworks extends Pick<SharingRequest, 'from' | 'to'> {
  readonly networks: readonly SharedNetwork[]
  readonly networkCount: number
}

const dayMs = 86_400_000
const daysMax = 31
const networksMax = 100
const playersShown = 100

const keysOf: Readonly<Record<Sharing, readonly string[]>> = {
  IP: ['s.ip'],
  DEVICE: ['s.device'],
  IP_AND_DEVICE: ['s.ip', 's.device'],
}

/** Ids are made of times, so that the sessions of a window lie together in the index of the brand. */
export async function sharedNetworks(ctx: ScopedContext, request: SharingRequest): Promise<SharedNetworks> {
  const { by, from, to, filter, playersMin, first } = request
  checkRequest(request)
  const keys = keysOf[by]
  const shown = (key: string) => (keys.includes(key) ? key : 'null')
  const brands = choicesOf(filter.brand)?.filter((id) => ctx.actor.brandIds.has(id))
  const players = choicesOf(filter.player)
  const parameters = new Parameters()
  const text = `/* sessions: networks that players share */
select ${shown('s.ip')}, ${shown('s.device')}, count(distinct s.player_id)::int4, count(*)::int4,
  (extract(epoch from min(s.opened_at)) * 1000)::int8::text,
  (extract(epoch from max(s.opened_at)) * 1000)::int8::text,
  array_to_string((array_agg(distinct s.player_id))[1:${playersShown}], ','), count(*) over ()::int4
from sessions s
where s.brand_id = any(${parameters.addArray('uuid', brands ?? [...ctx.actor.brandIds])})
  and s.id >= ${parameters.add('uuid', uuidFloor(from))} and s.id < ${parameters.add('uuid', uuidFloor(to))}
  and ${keys.map((key) => `${key} is not null`).join(' and ')}
group by ${keys.join(', ')}
having count(distinct s.player_id) >= ${parameters.add('int4', playersMin)}
${players ? `and bool_or(s.player_id = any(${parameters.addArray('uuid', players)}))` : ''}
order by 3 desc, max(s.opened_at) desc, ${keys.join(', ')} limit ${parameters.add('int4', first)}`
  const rows = await readValues(ctx.sql, text, parameters.values, false)
  return { from, to, networks: rows.map(toNetwork), networkCount: Number(rows[0]?.at(-1) ?? 0) }
}

function checkRequest({ from, to, playersMin, first }: SharingRequest): void {
  if (to <= from) refuse('window', 'ends before it begins')
  if (to.getTime() - from.getTime() > daysMax * dayMs) refuse('window', `is more than ${daysMax} days`)
  if (playersMin < 2) refuse('playersMin', `must be 2 or more, not ${playersMin}`)
  if (first < 1 || first > networksMax) refuse('first', `must be 1 to ${networksMax}, not ${first}`)
}

function refuse(field: string, message: string): never {
  throw new Problem('BAD_USER_INPUT', `${field} ${message}`, field)
}

function toNetwork([ip, device, players, sessions, firstAt, lastAt, ids]: readonly unknown[]): SharedNetwork {
  return {
    ip: ip as string | null,
    device: device as string | null,
    playerCount: Number(players),
    sessionCount: Number(sessions),
    firstOpenedAt: new Date(Number(firstAt)),
    lastOpenedAt: new Date(Number(lastAt)),
    playerIds: String(ids).split(','),
  }
}
