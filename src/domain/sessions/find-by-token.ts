import type { ReadContext } from '../context.ts'

/** What a provider may read of a session: whose it is, and the money behind it. */
export interface TokenSession {
  readonly sessionId: string
  readonly playerId: string
  readonly playerExternalId: string
  readonly currency: string
  readonly cashMinor: bigint
  readonly bonusMinor: bigint
  /** Closed, or past its end: no bets, but still a balance. */
  readonly over: boolean
}

/** The session of a game token, when it is one of this provider account's. */
export async function findSessionByToken(
  ctx: Pick<ReadContext, 'sql' | 'clock'>,
  by: { readonly providerAccountId: string; readonly tokenHash: Buffer },
): Promise<TokenSession | undefined> {
  const [row] = await ctx.sql<TokenSession[]>`
    /* sessions: by game token, with its wallet */
    select s.id as "sessionId", s.player_id as "playerId", p.external_id as "playerExternalId", w.currency,
      w.cash_minor as "cashMinor", w.bonus_minor as "bonusMinor",
      (s.status = 'CLOSED' or s.expires_at <= ${ctx.clock.now()}) as over
    from sessions s join players p on p.id = s.player_id join wallets w on w.id = s.wallet_id
    where s.token_hash = ${by.tokenHash} and s.provider_account_id = ${by.providerAccountId}`
  return row
}
