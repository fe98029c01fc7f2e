import type { ReadContext } from '../context.ts'

/** What a session says for good, from its opening to its end and after. */
export interface SessionTerms {
  readonly playerId: string
  readonly currency: string
  readonly gameCode: string
}

export interface SessionDirectory {
  /** Of the session of a game token, when it is one of this account's. Rejects when the database cannot be asked. */
  termsByToken(providerAccountId: string, tokenHash: Buffer): Promise<SessionTerms | undefined>
}

const cachedMax = 10_000

/** The terms of sessions, each read once: they never change. A token that opens nothing may do so a moment later. */
export function openSessionDirectory(ctx: Pick<ReadContext, 'sql'>): SessionDirectory {
  const known = new Map<string, SessionTerms>()
  return {
    async termsByToken(providerAccountId, tokenHash) {
      const key = `${providerAccountId} ${tokenHash.toString('hex')}`
      const terms = known.get(key) ?? (await selectTerms(ctx, providerAccountId, tokenHash))
      if (!terms) return undefined
      const oldest = known.keys().next().value
      if (known.size >= cachedMax && oldest !== undefined) known.delete(oldest)
      known.set(key, terms)
      return terms
    },
  }
}

async function selectTerms(
  { sql }: Pick<ReadContext, 'sql'>,
  providerAccountId: string,
  tokenHash: Buffer,
): Promise<SessionTerms | undefined> {
  const [row] = await sql<SessionTerms[]>`
    /* sessions: terms by game token */
    select s.player_id as "playerId", s.currency, g.code as "gameCode"
    from sessions s join games g on g.id = s.game_id
    where s.token_hash = ${tokenHash} and s.provider_account_id = ${providerAccountId}`
  return row
}
