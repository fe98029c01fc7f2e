import { arrayLiteral } from '../../db/arrays.ts'
import { uuidFloor } from '../../lib/uuid.ts'
import type { Context } from '../context.ts'
import type { OutboundBet } from './engine.ts'

/** A bet with all that its result's command and its provider calls must name. */
export interface EngineBet extends OutboundBet {
  readonly brandId: string
  readonly playerId: string
  readonly roundId: string
  readonly roundKey: string
  readonly status: string
  readonly transactionKey: string
  readonly tokenHash: Buffer
  readonly accountCode: string
  readonly dialect: string
}

const columns = `b.id, b.brand_id as "brandId", b.player_id as "playerId", b.session_id as "sessionId",
  b.round_id as "roundId", b.status, b.transaction_key as "transactionKey", b.currency,
  b.stake_minor as "stakeMinor", b.placed_at as "placedAt", r.round_key as "roundKey", s.token_hash as "tokenHash",
  p.external_id as "playerExternalId", g.code as "gameCode", a.code as "accountCode", a.dialect`

const joins = `join sessions s on s.id = b.session_id join players p on p.id = b.player_id
  join games g on g.id = b.game_id`

export async function findEngineBet(
  ctx: Pick<Context, 'sql'>,
  betId: string,
): Promise<EngineBet | undefined> {
  const [bet] = await ctx.sql.unsafe<EngineBet[]>(
    `/* bets: one as its provider is told of it */
    select ${columns} from bets b join rounds r on r.id = b.round_id ${joins}
    join provider_accounts a on a.id = b.provider_account_id where b.id = $1`,
    [betId],
    { prepare: true },
  )
  return bet
}

export async function openBetsOfRound(ctx: Pick<Context, 'sql'>, roundId: string): Promise<EngineBet[]> {
  return await ctx.sql.unsafe<EngineBet[]>(
    `/* bets: open ones of a round as their provider is told of them */
    select ${columns} from rounds r join bets b on b.round_id = r.id ${joins}
    join provider_accounts a on a.id = b.provider_account_id
    where r.id = $1 and b.status = 'OPEN' order by b.id`,
    [roundId],
    { prepare: true },
  )
}

export interface Waiting {
  /** Placed before this. */
  readonly before: Date
  /** Rounds after this one. */
  readonly after: string
  readonly limit: number
}

/**
 * Open bets of accounts with an engine, of as many rounds as the limit says, the oldest first: fewer bets than that are
 * the last. They are found by their rounds, which have an index of those that are open: one of open bets would have to
 * be kept by every bet.
 */
export async function waitingEngineBets(ctx: Pick<Context, 'sql'>, wish: Waiting): Promise<EngineBet[]> {
  return await ctx.sql.unsafe<EngineBet[]>(
    `/* bets: open ones of game engines */
    select ${columns} from (
      select r.id, r.round_key, r.provider_account_id from rounds r
      where r.status = 'OPEN' and r.id > $1 and r.id < $2
      and r.provider_account_id = any($3::text::uuid[]) and r.brand_id = any($4::text::uuid[])
      and exists (select from bets o where o.round_id = r.id and o.status = 'OPEN')
      order by r.id limit $5::int
    ) r join bets b on b.round_id = r.id ${joins}
    join provider_accounts a on a.id = r.provider_account_id
    where b.status = 'OPEN' order by r.id, b.id`,
    [wish.after, uuidFloor(wish.before), ...(await engineAccounts(ctx)), wish.limit],
    { prepare: true },
  )
}

async function engineAccounts({ sql }: Pick<Context, 'sql'>): Promise<[ids: string, brandIds: string]> {
  const rows = await sql<{ id: string; brand_id: string }[]>`
    /* provider accounts: with an engine */
    select id, brand_id from provider_accounts where engine_url is not null`
  return [arrayLiteral(rows.map(({ id }) => id)), arrayLiteral(rows.map(({ brand_id }) => brand_id))]
}
