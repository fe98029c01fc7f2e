// Bets and the events that change figures as bare rows: at any time, in any zone, and with a list of what each event
// adds, for adding up by hand.
import type { Sql } from '../../src/db/connection.ts'
import { seqFloorOf } from '../../src/db/partitions.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'

/** A brand with two providers, each with two games; the first game of each declares what it returns. */
export interface PlayedBrand {
  readonly id: string
  readonly timeZone: string
  readonly games: readonly PlayedGame[]
}

export interface PlayedGame {
  readonly id: string
  readonly providerId: string
  readonly accountId: string
  readonly category: string
  readonly declared: string | null
}

export interface PlayedBet {
  readonly brand: PlayedBrand
  readonly game: PlayedGame
  readonly playerId: string
  readonly currency: string
  readonly kind: 'REAL' | 'FREE' | 'PROMO'
  readonly country: string | null
  readonly device: string | null
  readonly stakeMinor: bigint
  readonly bonusStakeMinor: bigint
  readonly settledAt: Date
  readonly win?: { readonly at: Date; readonly minor: bigint; readonly jackpotMinor: bigint } | undefined
  readonly rolledBackAt?: Date | undefined
}

/** What one event adds. */
export interface Entry extends PlayedBet {
  readonly at: Date
  readonly bets: bigint
  readonly stake: bigint
  readonly bonus: bigint
  readonly paid: bigint
  readonly jackpot: bigint
}

export function entriesOf(bet: PlayedBet): Entry[] {
  const { stakeMinor: stake, bonusStakeMinor: bonus, settledAt, win, rolledBackAt } = bet
  const nothing = { ...bet, bets: 0n, stake: 0n, bonus: 0n, paid: 0n, jackpot: 0n }
  return [
    { ...nothing, at: settledAt, bets: 1n, stake, bonus },
    ...(win
      ? [{ ...nothing, at: win.at, paid: win.minor - win.jackpotMinor, jackpot: win.jackpotMinor }]
      : []),
    ...(rolledBackAt ? [{ ...nothing, at: rolledBackAt, bets: -1n, stake: -stake, bonus: -bonus }] : []),
  ]
}

export async function layBrand(sql: Sql, code: string, timeZone: string): Promise<PlayedBrand> {
  const id = uuidv7()
  const at = new Date()
  await sql`insert into brands (id, code, name, time_zone, currency, created_at)
    values (${id}, ${code}, ${code}, ${timeZone}, 'EUR', ${at})`
  const games: PlayedGame[] = []
  for (const [n, category] of ['SLOT', 'LIVE'].entries()) {
    const [providerId, accountId] = [uuidv7(), uuidv7()]
    await sql`insert into providers (id, code, name, created_at) values (${providerId}, ${`${code}-${n}`}, 'P', ${at})`
    await sql`insert into provider_accounts (id, brand_id, provider_id, code, dialect, public_keys, status, created_at)
      values (${accountId}, ${id}, ${providerId}, ${`${code}-${n}`}, 'hub88', '{}', 'ENABLED', ${at})`
    for (const declared of ['0.955', null]) {
      const game = { id: uuidv7(), providerId, accountId, category, declared }
      games.push(game)
      await sql`insert into games (id, provider_id, code, name, category, declared_rtp, status, created_at)
        values (${game.id}, ${providerId}, ${game.id}, 'G', ${category}, ${declared}, 'ENABLED', ${at})`
    }
  }
  return { id, timeZone, games }
}

interface LaidEvent {
  readonly type: string
  readonly at: Date
  readonly amount: bigint
  readonly facts: Record<string, unknown>
  readonly bet: PlayedBet
  readonly betId: string
}

/** Writes the bets, a session for each, and their events to some lanes, in the order of their times. */
export async function layBets(sql: Sql, bets: readonly PlayedBet[]): Promise<void> {
  const laid = bets.map((bet) => ({ bet, id: uuidv7(), sessionId: uuidv7() }))
  const played = ({ brand, game, playerId, currency }: PlayedBet) => ({
    brand_id: brand.id,
    player_id: playerId,
    game_id: game.id,
    provider_account_id: game.accountId,
    wallet_id: playerId,
    currency,
  })
  const sessions = laid.map(({ bet, sessionId }) => ({
    ...played(bet),
    id: sessionId,
    token_hash: sha256(sessionId),
    status: 'CLOSED',
    country: bet.country,
    device: bet.device,
    opened_at: bet.settledAt,
    expires_at: bet.settledAt,
  }))
  const rows = laid.map(({ bet, id, sessionId }) => ({
    ...played(bet),
    id,
    session_id: sessionId,
    round_id: id,
    transaction_id: id,
    transaction_key: id,
    status: bet.rolledBackAt ? 'ROLLED_BACK' : 'SETTLED',
    result: bet.win ? 'WON' : 'LOST',
    kind: bet.kind,
    stake_minor: bet.stakeMinor,
    bonus_stake_minor: bet.bonusStakeMinor,
    payout_minor: bet.win?.minor ?? 0n,
    jackpot_minor: bet.win?.jackpotMinor ?? 0n,
    late: false,
    placed_at: bet.settledAt,
    settled_at: bet.settledAt,
    version: 1n,
    lane: 0,
    seq: 0n,
  }))
  await sql`insert into sessions ${sql(sessions as never)}`
  await sql`insert into bets ${sql(rows as never)}`
  await layEvents(
    sql,
    laid.flatMap(({ bet, id }) => eventsOf(bet, id)),
  )
}

function eventsOf(bet: PlayedBet, betId: string): LaidEvent[] {
  const { stakeMinor, settledAt, win, rolledBackAt } = bet
  const jackpot = win && win.jackpotMinor > 0n ? { jackpotMinor: String(win.jackpotMinor) } : {}
  const of = { bet, betId, facts: {} }
  return [
    { ...of, type: win ? 'BetSettled' : 'LossRecorded', at: settledAt, amount: win?.minor ?? stakeMinor },
    ...(win ? [{ ...of, type: 'WinRecorded', at: win.at, amount: win.minor, facts: jackpot }] : []),
    ...(rolledBackAt
      ? [{ ...of, type: 'BetRolledBack', at: rolledBackAt, amount: stakeMinor, facts: { late: true } }]
      : []),
  ]
}

const lanes = [3, 17, 40]

async function layEvents(sql: Sql, events: readonly LaidEvent[]): Promise<void> {
  const [row] = await sql<
    { seq: bigint }[]
  >`select coalesce(max(seq), ${seqFloorOf(new Date())}) as seq from journal`
  const first = (row?.seq ?? 0n) + 1n
  const sorted = events.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const rows = sorted.map(({ type, at, amount, facts, bet, betId }, n) => ({
    lane: lanes[n % lanes.length],
    seq: first + BigInt(n),
    prev: 0n,
    id: uuidv7(),
    type,
    version: 1,
    brand_id: bet.brand.id,
    player_id: bet.playerId,
    bet_id: betId,
    round_id: betId,
    transaction_id: uuidv7(),
    amount_minor: amount,
    currency: bet.currency,
    occurred_at: at,
    recorded_at: at,
    actor_kind: 'SYSTEM',
    trace: 'test',
    facts: sql.json(facts as never),
  }))
  await sql`insert into journal ${sql(rows as never)}`
}
