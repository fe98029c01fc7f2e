// From what a report is read, and by what its rows are told apart. The coarsest figures that can answer are taken: days
// where the window is whole days, groups without country and device where nobody asks for these.
import { type ChoiceFilter, choice } from '../../db/conditions.ts'
import type { Parameters } from '../../db/rows.ts'
import type { BrandWindow } from './windows.ts'

export type GroupKey =
  | 'BRAND'
  | 'PROVIDER'
  | 'GAME'
  | 'CATEGORY'
  | 'COUNTRY'
  | 'DEVICE'
  | 'PLAYER'
  | 'HOUR'
  | 'DAY'

export interface PerformanceFilter {
  readonly brand?: ChoiceFilter | null
  readonly provider?: ChoiceFilter | null
  readonly game?: ChoiceFilter | null
  readonly category?: ChoiceFilter | null
  readonly country?: ChoiceFilter | null
  readonly device?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly currency?: ChoiceFilter | null
}

export interface Grouping {
  readonly groupBy: readonly GroupKey[]
  readonly filter: PerformanceFilter
  readonly brands: readonly BrandWindow[]
}

/** Figures go by f, their groups by g, accounts by a, games by m, the windows of brands by w. */
const keys: Readonly<Record<GroupKey, string>> = {
  BRAND: 'g.brand_id',
  PROVIDER: 'a.provider_id',
  GAME: 'g.game_id',
  CATEGORY: 'm.category',
  COUNTRY: 'g.country',
  DEVICE: 'g.device',
  PLAYER: 'f.player_id',
  HOUR: 'extract(epoch from f.starts_at)::int8',
  DAY: '(f.starts_at at time zone w.time_zone)::date',
}

const conditions = {
  brand: choice('g.brand_id', 'uuid'),
  provider: choice('a.provider_id', 'uuid'),
  game: choice('g.game_id', 'uuid'),
  category: choice('m.category'),
  country: choice('g.country'),
  device: choice('g.device'),
  player: choice('f.player_id', 'uuid'),
  currency: choice('g.currency'),
} satisfies Record<keyof PerformanceFilter, unknown>

/** The currency and the keys, as texts. */
export const keyColumns = (groupBy: readonly GroupKey[]): string =>
  ['g.currency', ...groupBy.map((one) => keys[one])]
    .map((sql, n) => `(${sql})::text collate "C" as k${n}`)
    .join(', ')

export const keyNames = (groupBy: readonly GroupKey[]): string[] => [
  'k0',
  ...groupBy.map((_, n) => `k${n + 1}`),
]

type Source = 'ROLLUPS' | 'PLAYERS'

/** `from … where …`. Players' hours answer everything; rollups all but players, and hours of a country or a device. */
export function sourceOf(grouping: Grouping, source: Source, parameters: Parameters): string {
  const { brands, filter } = grouping
  const byPlace = needsPlace(grouping)
  const players = source === 'PLAYERS' || needsPlayers(grouping) || (byPlace && !ofDays(grouping))
  const level = players || byPlace ? 'PLACE' : 'GAME'
  const table = players ? 'player_figures' : 'figures'
  const grain = players ? '' : ` and f.grain = '${ofDays(grouping) ? 'DAY' : 'HOUR'}'`
  const said = Object.entries(conditions).flatMap(([name, condition]) => {
    const given = filter[name as keyof PerformanceFilter]
    return given ? condition(given, parameters) : []
  })
  const times = brands.flatMap(({ from, to }) => [from.getTime(), to.getTime()])
  const [first, last] = [Math.min(...times), Math.max(...times)].map((time) =>
    parameters.add('timestamptz', new Date(time).toISOString()),
  )
  return `from unnest(${parameters.addArray(
    'uuid',
    brands.map(({ brandId }) => brandId),
  )},
  ${parameters.addArray(
    'text',
    brands.map(({ timeZone }) => timeZone),
  )},
  ${parameters.addArray(
    'timestamptz',
    brands.map(({ from }) => from),
  )},
  ${parameters.addArray(
    'timestamptz',
    brands.map(({ to }) => to),
  )}) as w(brand_id, time_zone, low, high)
join figure_groups g on g.brand_id = w.brand_id and g.level = '${level}'
join ${table} f on f.group_id = g.id${grain} and f.starts_at >= w.low and f.starts_at < w.high
  and f.starts_at >= ${first} and f.starts_at < ${last}
join provider_accounts a on a.id = g.provider_account_id
join games m on m.id = g.game_id
where ${['true', ...said].join(' and ')}`
}

const needsPlayers = ({ groupBy, filter }: Grouping): boolean =>
  groupBy.includes('PLAYER') || Boolean(filter.player)

const needsPlace = ({ groupBy, filter }: Grouping): boolean =>
  groupBy.includes('COUNTRY') || groupBy.includes('DEVICE') || Boolean(filter.country ?? filter.device)

const ofDays = ({ groupBy, brands }: Grouping): boolean =>
  !groupBy.includes('HOUR') && brands.every(({ wholeDays }) => wholeDays)
