import { eq } from '../../db/drizzle.ts'
import { build } from '../../db/build.ts'
import { providerAccounts } from '../../db/tables/providers.ts'
import { Problem } from '../../lib/problem.ts'
import { checkReason, isExternalKey } from '../audit/check.ts'
import { type Answer, mutate, type Place } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import type { ProviderAccount } from './types.ts'

export interface SetProviderAccountStatusInput {
  readonly idempotencyKey: string
  readonly code: string
  readonly status: ProviderAccount['status']
  readonly reason: string
}

/** Switches a provider account: while it is off, bets and launches are refused, wins and rollbacks still taken. */
export function setProviderAccountStatus(
  ctx: Context,
  input: SetProviderAccountStatusInput,
): Promise<Answer<{ readonly accountId: string }>> {
  const { code, status, reason } = input
  return mutate(ctx, {
    action: 'setProviderAccountStatus',
    permission: 'PROVIDERS_MANAGE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [code, status, reason],
    reason,
    check: () => checkReason(reason),
    locate: () => locateAccount(ctx, code),
    async work(tx, { subjectId: accountId }) {
      const [before] = await tx.run(
        '/* providers: lock an account */ select status from provider_accounts where id = $1::uuid for no key update',
        [accountId],
      )
      if (before?.['status'] === status) {
        throw new Problem('STATUS_UNCHANGED', `the account is ${status} already`, 'status')
      }
      await tx.query(build.update(providerAccounts).set({ status }).where(eq(providerAccounts.id, accountId)))
      return { ids: { accountId }, audit: { before: { status: before?.['status'] }, after: { status } } }
    },
  })
}

async function locateAccount(ctx: Context, code: string): Promise<Place> {
  const [row] = isExternalKey(code)
    ? await ctx.sql<{ id: string; brand_id: string }[]>`
        /* providers: locate an account by code */
        select id, brand_id from provider_accounts where code = ${code}`
    : []
  if (!row || !inScope(ctx.actor, row.brand_id)) {
    throw new Problem('PROVIDER_ACCOUNT_UNKNOWN', 'there is no such provider account', 'code')
  }
  return { brandId: row.brand_id, playerIds: [], subjectType: 'ProviderAccount', subjectId: row.id }
}
