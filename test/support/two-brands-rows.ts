// What no verb writes in a moment: a comparison of reports, columns that are seldom filled, an event of every type.
import type { Sql } from '../../src/db/connection.ts'
import { type EventType, eventTypes } from '../../src/domain/journal/types.ts'
import { stampText } from '../../src/lib/stamp.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { seedToken, type TestOperator } from './app.ts'
import type { Seat } from './factory-rows.ts'

interface Furnished {
  readonly id: string
  readonly code: string
  readonly admin: TestOperator
  readonly seat: Seat
}

const ofBets: readonly EventType[] = [
  'RoundStarted',
  'RoundCompleted',
  'BetPlaced',
  'BetSettled',
  'BetRolledBack',
  'BetVoided',
  'WinRecorded',
  'WinRolledBack',
  'LossRecorded',
  'DebtRecorded',
  'RollbackRecorded',
  'ResultRecorded',
  'TransactionDeclined',
]

/** What events of these types note, as far as fields of theirs tell it. */
const facts: Partial<Record<EventType, object>> = {
  BetPlaced: { kind: 'REAL' },
  ResultRecorded: { kind: 'WIN' },
  PlayerExcluded: { until: '2030-01-01T00:00:00.000Z' },
  PromoRecorded: { paidTo: 'BONUS' },
  TransactionDeclined: {
    kind: 'BET',
    verdict: 'LIMIT',
    limitLevel: 'PLAYER',
    limitKind: 'STAKE',
    limitPeriod: 'DAY',
    limitMinor: '1000',
    usedMinor: '950',
  },
}

/** What the steps above leave empty, so that every column has something in it. */
export async function complete(sql: Sql, { id, code, seat, admin }: Furnished): Promise<void> {
  const now = new Date()
  await sql`update games set declared_deviation = 0.01 where id = ${seat.gameId}`
  await sql`update rounds set result = ${sql.json({ symbols: code })} where brand_id = ${id}`
  await sql`update activities set session_id = ${seat.sessionId} where brand_id = ${id}`
  await sql`update provider_calls set attempt_key = 'attempt', provider_time = ${now} where brand_id = ${id}`
  await sql`update transactions set reference_key = 'reference', provider_time = ${now}, jackpot_minor = 1,
    bonus_minor = 1,    reversed_by_id = id where brand_id = ${id}`
  const { tokenId } = await seedToken(sql, admin.operatorId, { permissions: ['BETS_READ'] })
  await sql`update api_tokens set revoked_at = ${now}, brand_ids = array[${id}]::uuid[] where id = ${tokenId}`
}

/** A comparison with an item that has everything an item can have. */
export async function reconcile(sql: Sql, { id, code, seat, admin }: Furnished): Promise<void> {
  const [bet] = await sql<{ id: string; transactionId: string; key: string }[]>`
    select id, transaction_id as "transactionId", transaction_key as key from bets
    where brand_id = ${id} and status = 'SETTLED' order by id limit 1`
  if (!bet) throw new Error('the brand has no settled bet')
  const reconciliationId = uuidv7()
  const now = new Date()
  const what = { kind: 'BET', status: 'SUCCESS', amount: '1.00', currency: 'EUR', game: 'book' }
  const told = { ...what, at: now.toISOString(), round: `${code} round`, player: `${code} player` }
  const account = { brand_id: id, provider_account_id: seat.accountId }
  const report = { format: 'CSV', from_at: now, to_at: now, margin_ms: 0, lines_read: 1n, books_read: 1n }
  const outcome = { status: 'DONE', failure: `${code} failure`, matched: 0n, counts: { AMOUNT: 1 } }
  const times = { started_at: now, read_at: now, finished_at: now }
  const actor = { actor_kind: 'OPERATOR', actor_id: admin.operatorId }
  await insert(sql, 'reconciliations', { id: reconciliationId }, account, report, outcome, times, actor)
  const previousId = uuidv7()
  for (const itemId of [previousId, uuidv7()]) {
    const item = { id: itemId, reconciliation_id: reconciliationId, bucket: 'AMOUNT', line: 1n, reason: code }
    const links = { transaction_key: bet.key, transaction_id: bet.transactionId, bet_id: bet.id }
    const said = { theirs: told, ours: { ...told, amount: '2.00' } }
    const resolved = { state: 'RESOLVED', resolution: 'ACCEPTED', note: `${code} note`, resolved_at: now }
    const people = { player_id: seat.playerId, owner_id: admin.operatorId, resolved_by_id: admin.operatorId }
    const previous = { previous_id: itemId === previousId ? null : previousId }
    await insert(sql, 'reconciliation_items', item, account, links, said, resolved, people, previous)
  }
}

/** An event of every type with all the links that an event can have, in a lane that nobody writes. */
export async function recordEveryEvent(sql: Sql, { id, seat, admin }: Furnished): Promise<void> {
  const [bet] = await sql<{ id: string; round: string; transaction: string; version: bigint }[]>`
    select b.id, b.round_id as round, b.transaction_id as transaction, p.version
    from bets b join players p on p.id = b.player_id
    where b.player_id = ${seat.playerId} and b.status = 'SETTLED' order by b.id limit 1`
  const [free] = await sql<{ lane: number }[]>`select coalesce(max(lane), 0) + 1 as lane from journal`
  if (!bet || !free) throw new Error('the player has no settled bet')
  const day = BigInt(Math.floor(Date.now() / 86_400_000)) << 40n
  const us = BigInt(Date.now() + 1000) * 1000n
  const operator = { actor_kind: 'OPERATOR', actor_id: admin.operatorId }
  const provider = { actor_kind: 'PROVIDER_ACCOUNT', actor_id: seat.accountId }
  for (const [at, type] of eventTypes.entries()) {
    const seq = day + BigInt(at)
    const place = { lane: free.lane, seq, prev: seq - 1n, id: uuidv7(), type, version: 1, trace: 'test' }
    const whose = { brand_id: id, player_id: seat.playerId, player_version: bet.version + BigInt(at) + 1n }
    const where = { session_id: seat.sessionId, game_id: seat.gameId, provider_account_id: seat.accountId }
    const money = { transaction_id: bet.transaction, amount_minor: 100n, currency: 'EUR' }
    const ofBet = ofBets.includes(type) ? { bet_id: bet.id, round_id: bet.round } : {}
    const what = {
      facts: facts[type] ?? {},
      occurred_at: new Date(),
      recorded_at: stampText(us + BigInt(at)),
    }
    const actor = type === 'WinRecorded' ? provider : operator
    await insert(sql, 'journal', place, whose, where, money, ofBet, what, actor)
  }
  const last = stampText(us + BigInt(eventTypes.length))
  await sql`update players set version = version + ${eventTypes.length}, last_at = ${last} where id = ${seat.playerId}`
}

const insert = (sql: Sql, table: string, ...parts: readonly object[]) =>
  sql`insert into ${sql(table)} ${sql(Object.assign({}, ...parts) as never)}`
