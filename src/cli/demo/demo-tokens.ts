import { sha256 } from '../../lib/fingerprint.ts'
import type { Context } from '../../domain/context.ts'
import { createToken } from '../../domain/operators/create-token.ts'
import { tokenLifetimeMaxMs } from '../../domain/operators/new-token.ts'
import type { Role } from '../../domain/operators/permissions.ts'
import { allOperators, tokensByOperators } from '../../domain/operators/queries.ts'
import { apiToken, tokenBytes } from '../../domain/operators/token.ts'
import { demoOperators } from './demo-data.ts'
import { seeingAll } from './lay-demo.ts'
import { derived } from './secret.ts'

/** Left after this much of a token's life, the next one is made. */
const remainingMinMs = 7 * 86_400_000
const generationsMax = 1_000

/**
 * A token for each role, made of the folder's secret and stored as hash only, so that it is the same at every start.
 * One that was revoked or has run out is followed by the next of its line.
 */
export async function demoTokens(system: Context, secret: Buffer): Promise<ReadonlyMap<Role, string>> {
  const ctx = await seeingAll(system)
  const operators = new Map((await allOperators(ctx)).map(({ login, id }) => [login, id]))
  const known = await tokensByOperators(ctx, [...operators.values()])
  const now = ctx.clock.now().getTime()
  const tokens = new Map<Role, string>()
  for (const { login, role } of demoOperators) {
    const theirs = new Map((known.get(operators.get(login) ?? '') ?? []).map((one) => [one.hint, one]))
    for (let generation = 1; generation <= generationsMax; generation += 1) {
      const bytes = derived(secret, `token ${login} ${generation}`, tokenBytes)
      const token = apiToken(bytes)
      const found = theirs.get(sha256(token).toString('hex').slice(0, 8))
      if (found && (found.revokedAt || found.expiresAt.getTime() - now < remainingMinMs)) continue
      if (!found) {
        const expiresAt = new Date(now + tokenLifetimeMaxMs - 60_000)
        await createToken(ctx, { login, name: 'development token', expiresAt, bytes })
      }
      tokens.set(role, token)
      break
    }
  }
  return tokens
}
