// The ledger as one list. It is partitioned by time and has indexes by place, wallet and bet alone: entries of a
// player or a round are found through the journal, whose rows they stand at, those of a transaction behind its first
// row, and all others lane by lane in the order of their places.
import { choicesOf, type TimeRange } from '../../db/conditions.ts'
import { type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import type { DriverKeys } from '../../db/keyset-list.ts'
import { laneCount } from '../../db/lane.ts'
import { withComputed } from '../../db/rows.ts'
import { exactText } from '../../lib/exact-moment.ts'
import { cursorValues, type ListPage } from '../../lib/page.ts'
import type { ScopedContext } from '../context.ts'
import { type Moment, placesAt } from '../journal/lane-places.ts'
import {
  byPlace,
  type LedgerEntryFilter,
  type LedgerList,
  type LedgerSum,
  ledgerEntryShape,
  ofBet,
} from './ledger-queries.ts'
import type { LedgerEntry } from './types.ts'

type Request = PageRequest<LedgerEntryFilter, 'RECORDED_AT'>

interface OfPlayer extends LedgerEntry {
  readonly playerVersion: bigint
}

const byVersion = [
  { sql: 'j.player_version', type: 'int8', of: (row: OfPlayer) => String(row.playerVersion) },
  { sql: 't.leg', type: 'int4', of: (row: OfPlayer) => String(row.leg) },
] as const

const atEvents = 'journal j join ledger_entries t on t.lane = j.lane and t.seq = j.seq'

const ofPlayer: LedgerList<OfPlayer> = {
  ...ofBet,
  from: atEvents,
  shape: withComputed<LedgerEntry, 'playerVersion', bigint>(
    ledgerEntryShape,
    'playerVersion',
    'j.player_version',
  ),
  sorts: { RECORDED_AT: byVersion },
  drivers: [
    ['player', 'j.player_id'],
    ['wallet', 'j.player_id', playersOfWallets],
  ],
}

/** The order of several players: each one's stamps rise with the version. */
const ofPlayers: LedgerList<OfPlayer> = {
  ...ofPlayer,
  sorts: {
    RECORDED_AT: [...byPlace.slice(0, 3).map((one) => ({ ...one, follows: true }) as const), ...byVersion],
  },
}

const ofRound: LedgerList = {
  ...ofBet,
  from: atEvents,
  drivers: [['round', 'j.round_id']],
  always: 't.round_id = j.round_id',
}

/** A command's events stand one behind the other. */
const ofTransaction: LedgerList = {
  ...ofBet,
  from: `transactions x join ledger_entries t on t.lane = x.lane and t.seq >= x.seq and t.transaction_id = x.id
    and t.seq < coalesce((select j.seq from journal j where j.lane = x.lane and j.seq > x.seq
      and j.transaction_id is distinct from x.id order by j.seq limit 1), 9223372036854775807)`,
  drivers: [['transaction', 'x.id']],
}

function playersOfWallets(...[ids]: Parameters<DriverKeys>): string {
  return `array(select distinct x.player_id from wallets x where x.id = any((${ids})::uuid[]))`
}

/** Along what leads to the fewest entries. */
export async function ledgerEntriesPage(
  ctx: ScopedContext,
  request: Request,
): Promise<ListPage<LedgerEntry, LedgerSum>> {
  const { bet, transaction, round, player, wallet } = request.filter ?? {}
  if (choicesOf(bet)) return readPage(ctx, ofBet, request)
  if (choicesOf(transaction)) return readPage(ctx, ofTransaction, request)
  if (choicesOf(round)) return readPage(ctx, ofRound, request)
  const narrowed = choicesOf(player) ?? choicesOf(wallet)
  if (narrowed) return readPage(ctx, narrowed.length > 1 ? ofPlayers : ofPlayer, request)
  return readPage(ctx, await inLanes(ctx, request), request)
}

export const ledgerEntriesByPlayers = (ctx: ScopedContext, playerIds: readonly string[], request: Request) =>
  readPages(ctx, ofPlayer, request, { columns: [['j.player_id', 'uuid']], keys: playerIds.map((id) => [id]) })

/** Within a lane the numbers lead along the time; where it begins and ends in each lane is looked up before. */
async function inLanes(ctx: ScopedContext, { page, filter }: Request): Promise<LedgerList> {
  const { gte, lt }: TimeRange = filter?.recordedAt ?? {}
  const [from, to] = [gte, lt].map((at) => (at ? [{ at: exactText(at), behind: false }] : []))
  const cursors = [page.after, page.before].flatMap((cursor) => {
    const [at] = cursorValues(cursor ?? '')
    return at !== undefined && !Number.isNaN(Date.parse(at)) ? [at] : []
  })
  const moments: Moment[] = [
    ...(from ?? []),
    ...(to ?? []),
    ...cursors.flatMap((at) => [
      { at, behind: false },
      { at, behind: true },
    ]),
  ]
  const places = moments.length === 0 ? [] : await placesAt(ctx, 'ledger_entries', moments)
  const seqs = (wanted: Moment | undefined) =>
    wanted && places[moments.findIndex(({ at, behind }) => at === wanted.at && behind === wanted.behind)]
  return {
    ...ofBet,
    drivers: [],
    start: {
      column: 't.lane',
      keys: () => `array(select n::int2 from generate_series(0, ${laneCount - 1}) n)`,
    },
    sorts: {
      RECORDED_AT: byPlace.map((one, at) => (at < 2 ? ({ ...one, follows: true } as const) : one)),
    },
    always: (parameters) =>
      [
        'true',
        ...[['>=', seqs(from?.[0])] as const, ['<', seqs(to?.[0])] as const].flatMap(([operator, found]) =>
          found ? [`t.seq ${operator} (${parameters.addArray('int8', found)})[p.v0 + 1]`] : [],
        ),
      ].join(' and '),
    reach(operator, [at = ''], parameters) {
      const low = operator.startsWith('>')
      const found = seqs({ at, behind: !low })
      return found ? `t.seq ${low ? '>=' : '<'} (${parameters.addArray('int8', found)})[p.v0 + 1]` : 'true'
    },
  }
}
