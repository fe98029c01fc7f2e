import type { ReadContext } from '../context.ts'
import { apiTokenHash, isApiToken } from './token.ts'
import { type GrantRow, toViewer, type Viewer } from './viewer.ts'

export interface Authenticator {
  /** Whose token it is; undefined when it is unknown, ended or revoked, or its operator disabled. */
  authenticate(token: string): Promise<Viewer | undefined>
  /** The viewers of these tokens as they are now; what is missing has ended. */
  refresh(tokenIds: readonly string[]): Promise<ReadonlyMap<string, Viewer>>
  /** Forgets what is known of a token: it was revoked. */
  forget(tokenId: string): void
}

/** How long an answer is kept: a revocation on another process must hold within a second. */
const keptMs = 400
const keptMax = 10_000
const lastUsedEveryMs = 60_000

interface Kept {
  readonly at: number
  readonly viewer: Promise<Viewer | undefined>
}

type FoundRow = GrantRow & { readonly last_used_at: Date | null }

/** Answers from memory for a moment: many requests of one caller ask the database once. */
export function openAuthenticator(ctx: ReadContext): Authenticator {
  const kept = new Map<string, Kept>()
  const revoked = new Set<string>()

  return {
    async authenticate(token) {
      if (!isApiToken(token)) return undefined
      const hash = apiTokenHash(token)
      const key = hash.toString('base64')
      const now = performance.now()
      let known = kept.get(key)
      if (!known || now - known.at > keptMs) {
        known = { at: now, viewer: find(ctx, hash) }
        kept.delete(key)
        kept.set(key, known)
        trim(kept)
        known.viewer.catch(() => kept.delete(key))
      }
      const viewer = await known.viewer
      if (!viewer || revoked.has(viewer.tokenId) || viewer.expiresAt <= ctx.clock.now()) return undefined
      return viewer
    },
    async refresh(tokenIds) {
      const rows = await ctx.sql<GrantRow[]>`
        /* operators: refresh tokens */
        ${grants(ctx)} and t.id = any(${tokenIds})`
      return new Map(rows.map((row) => [row.token_id, toViewer(row)]))
    },
    forget(tokenId) {
      revoked.add(tokenId)
      const [oldest] = revoked
      if (revoked.size > keptMax && oldest !== undefined) revoked.delete(oldest)
    },
  }
}

/** The tokens that hold now, with what they may do. */
const grants = ({ sql, clock }: ReadContext) => sql`
  select t.id as token_id, t.operator_id, o.name, o.role, t.permissions, t.expires_at, t.last_used_at,
    array(
      select b.brand_id from operator_brands b
      where b.operator_id = o.id and (t.brand_ids is null or b.brand_id = any(t.brand_ids))
    ) as brand_ids
  from api_tokens t join operators o on o.id = t.operator_id
  where t.revoked_at is null and t.expires_at > ${clock.now()} and o.status = 'ACTIVE'`

async function find(ctx: ReadContext, hash: Buffer): Promise<Viewer | undefined> {
  const [row] = await ctx.sql<FoundRow[]>`
    /* operators: authenticate */
    ${grants(ctx)} and t.token_hash = ${hash}`
  if (!row) return undefined
  noteUse(ctx, row)
  return toViewer(row)
}

/** To the minute, and never in the way of the request. */
function noteUse(ctx: ReadContext, row: FoundRow): void {
  const now = ctx.clock.now()
  if (row.last_used_at && now.getTime() - row.last_used_at.getTime() < lastUsedEveryMs) return
  const noted = ctx.sql`
    /* operators: note the use of a token */
    update api_tokens set last_used_at = ${now} where id = ${row.token_id}`
  noted.catch((error: unknown) => ctx.log.debug({ err: error }, 'the use of a token was not noted'))
}

function trim(kept: Map<string, Kept>): void {
  const [oldest] = kept.keys()
  if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
}
