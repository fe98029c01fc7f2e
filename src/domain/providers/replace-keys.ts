import { arrayLiteral } from '../../db/arrays.ts'
import { build } from '../../db/build.ts'
import { eq, sql } from '../../db/drizzle.ts'
import { providerAccounts } from '../../db/tables/providers.ts'
import { Problem } from '../../lib/problem.ts'
import { administer } from '../audit/administer.ts'
import type { Context } from '../context.ts'
import { seal } from './add-account.ts'
import { checkKeys, type DialectKnowledge, type NewAccount } from './new-account.ts'

export type ReplaceKeysInput = Pick<NewAccount, 'code' | 'publicKeys' | 'sharedSecrets'>

type Texts = [string, string, string]

/**
 * What an account's calls are verified with from now on: the old and the new one while a provider changes over, then
 * the new one alone. Shared secrets are sealed anew, so that this is also the way to another secret of the servers.
 */
export function replaceKeys(
  ctx: Context,
  { code, publicKeys = [], sharedSecrets = [] }: ReplaceKeysInput,
  known: DialectKnowledge,
  serverSecret?: Buffer,
): Promise<void> {
  return administer(ctx, {
    action: 'replaceProviderKeys',
    permission: 'PROVIDERS_MANAGE',
    async work(tx) {
      const [row] = await tx.run(
        `/* providers: lock an account with its keys */ select id::text, brand_id::text, dialect,
          cardinality(public_keys) as public_keys, cardinality(shared_secrets) as shared_secrets
        from provider_accounts where code = $1 for no key update`,
        [code],
      )
      if (!row) throw new Problem('PROVIDER_ACCOUNT_UNKNOWN', 'there is no such provider account', 'code')
      const [id, brandId, dialect] = [row['id'], row['brand_id'], row['dialect']].map(String) as Texts
      const before = { publicKeys: row['public_keys'], sharedSecrets: row['shared_secrets'] }
      checkKeys({ dialect, publicKeys, sharedSecrets }, known)
      const sealed = arrayLiteral(seal(sharedSecrets, id, serverSecret))
      await tx.query(
        build
          .update(providerAccounts)
          .set({ publicKeys: [...publicKeys], sharedSecrets: sql`${sealed}::text::bytea[]` })
          .where(eq(providerAccounts.id, id)),
      )
      const after = { publicKeys: publicKeys.length, sharedSecrets: sharedSecrets.length }
      return {
        result: undefined,
        audit: { brandId, subjectType: 'ProviderAccount', subjectId: id, before, after },
      }
    },
  })
}
