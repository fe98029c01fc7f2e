import { arrayLiteral } from '../../db/arrays.ts'
import type { Statement } from '../../db/lane.ts'
import type { LockedPlayer } from './verb-lane.ts'

/** What a locked player's row says, with the newest stamp of its journal rows in microseconds. */
export interface PlayerLock extends LockedPlayer {
  readonly lastUs: bigint
}

export const playerColumns = `p.id, p.brand_id, p.external_id, p.status, p.country, p.excluded_until,
  (select b.time_zone from brands b where b.id = p.brand_id) as time_zone, p.version,
  (extract(epoch from p.last_at) * 1000000)::bigint as last_us`

/** Locks players by id, in order. What depends on them is read by later statements only: they see the state then. */
export const lockPlayers = (ids: readonly string[]): Statement => ({
  text: `/* journal: lock players */ select ${playerColumns} from players p
    where p.id = any($1::uuid[]) order by p.id for no key update`,
  parameters: [arrayLiteral(ids)],
})

export function toPlayerLock(row: Record<string, unknown>): PlayerLock {
  return {
    id: row['id'] as string,
    brandId: row['brand_id'] as string,
    externalId: row['external_id'] as string,
    status: row['status'] as PlayerLock['status'],
    country: row['country'] as string,
    excludedUntil: row['excluded_until'] ? new Date(row['excluded_until'] as string) : null,
    timeZone: row['time_zone'] as string,
    version: row['version'] as bigint,
    lastUs: row['last_us'] as bigint,
  }
}
