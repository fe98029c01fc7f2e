import type { Context } from '../context.ts'
import { type SessionPlace, sessionUnknown } from './locate-session.ts'

/** A session with what its bets are placed by. */
export interface LaunchPlace extends SessionPlace {
  readonly tokenHash: Buffer
  readonly accountCode: string
}

export async function launchOf(ctx: Pick<Context, 'sql'>, place: SessionPlace): Promise<LaunchPlace> {
  const [row] = await ctx.sql<Pick<LaunchPlace, 'tokenHash' | 'accountCode'>[]>`
    /* sessions: launch by id */
    select s.token_hash as "tokenHash", a.code as "accountCode"
    from sessions s join provider_accounts a on a.id = s.provider_account_id where s.id = ${place.sessionId}`
  if (!row) throw sessionUnknown()
  return { ...place, ...row }
}
