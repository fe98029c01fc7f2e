import { fingerprint } from '../../lib/fingerprint.ts'
import { uuidFloor } from '../../lib/uuid.ts'
import type { Context } from '../context.ts'
import type { ResolveRoundCommand, Submit } from './types.ts'

/** A sweep that finds more goes on with the next one. */
const roundsMax = 500

interface QuietRound {
  readonly id: string
  readonly brandId: string
  readonly playerId: string
  readonly version: bigint
}

/**
 * Completes the rounds that their provider never closes: open for longer than its account calls stuck, without an open
 * bet and without a new one in that time. Returns how many. Any number of processes may do so at once.
 */
export async function sweepQuietRounds(ctx: Context, submit: Submit): Promise<number> {
  const rounds = await findQuiet(ctx)
  const outcomes = await Promise.all(rounds.map((round) => submit({ command: commandOf(ctx, round) })))
  return outcomes.filter(({ verdict }) => verdict === 'OK').length
}

interface Stale {
  readonly id: string
  readonly minutes: number
}

async function findQuiet(ctx: Context): Promise<QuietRound[]> {
  const accounts = await ctx.sql<Stale[]>`
    /* provider accounts: when their rounds are stuck */
    select id, stuck_after_minutes as minutes from provider_accounts`
  const now = ctx.clock.now().getTime()
  const found: QuietRound[] = []
  for (const [minutes, group] of Map.groupBy(accounts, (account) => account.minutes)) {
    const floor = uuidFloor(new Date(now - minutes * 60_000))
    found.push(...(await findQuietOf(ctx, group, floor, roundsMax - found.length)))
  }
  return found
}

async function findQuietOf(
  ctx: Context,
  accounts: readonly Stale[],
  floor: string,
  limit: number,
): Promise<QuietRound[]> {
  return await ctx.sql<QuietRound[]>`
    /* rounds: open ones without an open bet, and old */
    select r.id, r.brand_id as "brandId", r.player_id as "playerId", r.version from rounds r
    where r.status = 'OPEN' and r.id < ${floor} and r.provider_account_id = any(${accounts.map(({ id }) => id)})
      and not exists (select from bets b where b.round_id = r.id and (b.status = 'OPEN' or b.id >= ${floor}))
    order by r.id limit ${limit}`
}

const commandOf = (ctx: Context, { id, brandId, playerId, version }: QuietRound): ResolveRoundCommand => ({
  kind: 'CLOSE_ROUND',
  scopeId: brandId,
  brandId,
  playerId,
  roundId: id,
  whenQuiet: true,
  // A round that is opened again may become quiet again.
  transactionKey: `quiet-round:${id}:${version}`,
  fingerprint: fingerprint(['CLOSE_ROUND', id]),
  actor: { kind: ctx.actor.kind, id: ctx.actor.id },
  trace: ctx.requestId,
  receivedAt: ctx.clock.now(),
})
