import { readByIds } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  choice,
  flag,
  type MinorRange,
  minor,
  related,
  type TextFilter,
  type TimeRange,
  text,
  time,
  timeOfId,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import { onlyWithin, readLinkRows } from '../../db/link-reads.ts'
import { Parameters, readValues, shapeOf } from '../../db/rows.ts'
import { playerProfiles, players } from '../../db/tables/players.ts'
import type { ScopedContext } from '../context.ts'
import type { Player, PlayerProfile } from './types.ts'

export interface PlayerFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly externalId?: TextFilter | null
  readonly status?: ChoiceFilter | null
  readonly country?: TextFilter | null
  readonly registeredAt?: TimeRange | null
  readonly blockedAt?: TimeRange | null
  readonly excluded?: boolean | null
  readonly cash?: MinorRange | null
  readonly bonus?: MinorRange | null
  readonly owes?: boolean | null
  readonly played?: boolean | null
}

export type PlayerSortKey = 'REGISTERED_AT' | 'EXTERNAL_ID'
export type PlayerRequest = PageRequest<PlayerFilter, PlayerSortKey>

const byId = { sql: 't.id', type: 'uuid', of: (row: Player) => row.id } as const

const walletsOf = 'select x.player_id from wallets x'

/** What their wallets hold. */
export type PlayerSum = 'count' | 'cashMinor' | 'bonusMinor' | 'owedMinor'

const list: ListShape<Player, PlayerFilter, PlayerSortKey, PlayerSum> = {
  name: 'players',
  from: 'players t',
  shape: shapeOf(players, ['lastAt']),
  brandColumn: 't.brand_id',
  sorts: {
    REGISTERED_AT: [byId],
    EXTERNAL_ID: [{ sql: 't.external_id', type: 'text', of: (row) => row.externalId }, byId],
  },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    externalId: text('t.external_id'),
    status: choice('t.status'),
    country: text('t.country'),
    registeredAt: timeOfId('t.id'),
    blockedAt: related('t.id', 'select x.player_id from player_profiles x', time('x.blocked_at')),
    excluded: flag(`coalesce(t.excluded_until > now(), false)`),
    cash: related('t.id', walletsOf, minor('x.cash_minor', 'x.currency')),
    bonus: related('t.id', walletsOf, minor('x.bonus_minor', 'x.currency')),
    owes: flag(`exists (${walletsOf} where x.player_id = t.id and x.owed_minor < 0)`),
    played: flag('exists (select 1 from bets x where x.player_id = t.id)'),
  },
  drivers: [['id', 't.id']],
  totals: {
    currency: 's.currency',
    join: 'join wallets s on s.player_id = t.id',
    sums: {
      count: 'count(*)',
      cashMinor: 'sum(s.cash_minor)',
      bonusMinor: 'sum(s.bonus_minor)',
      owedMinor: 'sum(s.owed_minor)',
    },
  },
}

const profileShape = shapeOf(playerProfiles)

export const playersByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, list, ids)

export interface ExternalKey {
  readonly brandCode: string
  readonly externalId: string
}

/** The ids of players by the platform's ids, in the order of the keys. */
export async function playerIdsByExternalKeys(
  ctx: ScopedContext,
  keys: readonly ExternalKey[],
): Promise<(string | undefined)[]> {
  const parameters = new Parameters()
  const codes = parameters.addArray(
    'text',
    keys.map(({ brandCode }) => brandCode),
  )
  const ids = parameters.addArray(
    'text',
    keys.map(({ externalId }) => externalId),
  )
  const text = `/* players: ids by external keys */
select p.ord, t.id from unnest(${codes}, ${ids}) with ordinality as p(code, external_id, ord)
join brands b on b.code = p.code join players t on t.brand_id = b.id and t.external_id = p.external_id
where b.id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})`
  const rows = await readValues(ctx.sql, text, parameters.values)
  const found = new Map(rows.map(([ord, id]) => [Number(ord) - 1, String(id)]))
  return keys.map((_, index) => found.get(index))
}

/** Personal data of players that were found in scope before. */
export async function profilesByPlayers(
  ctx: ScopedContext,
  playerIds: readonly string[],
): Promise<ReadonlyMap<string, PlayerProfile>> {
  const parameters = new Parameters()
  const text = `/* players: profiles */
select ${profileShape.columns} from player_profiles t
join players p on p.id = t.player_id
where t.player_id = any(${parameters.addArray('uuid', playerIds)})
and ${onlyWithin('p.brand_id', parameters.addArray('uuid', [...ctx.actor.brandIds]))}`
  const rows = await readLinkRows(ctx.sql, profileShape, text, parameters.values)
  return new Map(rows.map((row) => [row.playerId, row]))
}

export const playersPage = (ctx: ScopedContext, request: PlayerRequest) => readPage(ctx, list, request)

export const playersByBrands = (ctx: ScopedContext, brandIds: readonly string[], request: PlayerRequest) =>
  readPages(ctx, list, request, {
    columns: [['t.brand_id', 'uuid']],
    keys: brandIds.map((id) => [id]),
  })
