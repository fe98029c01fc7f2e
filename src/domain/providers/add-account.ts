import { sql } from '../../db/drizzle.ts'
import { arrayLiteral } from '../../db/arrays.ts'
import { build } from '../../db/build.ts'
import { providerAccounts, providers } from '../../db/tables/providers.ts'
import { Problem } from '../../lib/problem.ts'
import { sealText } from '../../lib/sealed-text.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { administer } from '../audit/administer.ts'
import { refuseInput } from '../audit/check.ts'
import { locateBrand } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import { checkAccount, type DialectKnowledge, type NewAccount } from './new-account.ts'

/**
 * Adds a provider's account with a brand and returns its id; ACCOUNT_TAKEN when there is one of that code. Shared
 * secrets need the server's secret, which seals them.
 */
export function addAccount(
  ctx: Context,
  input: NewAccount,
  known: DialectKnowledge,
  serverSecret?: Buffer,
): Promise<string> {
  const { brandCode, provider, code, dialect, publicKeys = [], sharedSecrets = [] } = input
  return administer(ctx, {
    action: 'addProviderAccount',
    permission: 'PROVIDERS_MANAGE',
    async work(tx, at) {
      checkAccount(input, known)
      const brandId = await locateBrand(ctx, brandCode)
      const providerId = await ensureProvider(tx, provider, at)
      const id = uuidv7(at)
      const sealed = seal(sharedSecrets, id, serverSecret)
      const row = { id, brandId, providerId, code, dialect, ...settingsOf(input), createdAt: at }
      const added = await tx.query(
        build
          .insert(providerAccounts)
          .values({
            ...row,
            publicKeys: [...publicKeys],
            // Not by the column: Drizzle writes the bytes of an array as text.
            sharedSecrets: sql`${arrayLiteral(sealed)}::text::bytea[]`,
            status: 'ENABLED',
          })
          .onConflictDoNothing()
          .returning({ id: providerAccounts.id }),
      )
      if (added.length === 0) {
        throw new Problem('ACCOUNT_TAKEN', `there is a provider account ${code} already`, 'code')
      }
      const after = {
        brand: brandCode,
        provider: provider.code,
        code,
        dialect,
        publicKeys: publicKeys.length,
        sharedSecrets: sharedSecrets.length,
        ...settingsOf(input),
      }
      return { result: id, audit: { brandId, subjectType: 'ProviderAccount', subjectId: id, after } }
    },
  })
}

const settingsOf = ({ freeWinsTo = 'CASH', stuckAfterMinutes = 24 * 60, engineUrl }: NewAccount) => ({
  freeWinsTo,
  stuckAfterMinutes,
  engineUrl: engineUrl ?? null,
})

/** Sealed for this account, as its row holds them. */
export function seal(
  texts: readonly string[],
  accountId: string,
  serverSecret: Buffer | undefined,
): Buffer[] {
  if (texts.length === 0) return []
  if (!serverSecret) refuseInput('sharedSecrets', "need the server's secret to be sealed with")
  return texts.map((text) => sealText(serverSecret, text, accountId))
}

async function ensureProvider(
  tx: VerbTransaction,
  { code, name }: NewAccount['provider'],
  at: Date,
): Promise<string> {
  await tx.query(
    build
      .insert(providers)
      .values({ id: uuidv7(at), code, name, createdAt: at })
      .onConflictDoNothing(),
  )
  const [row] = await tx.run(`/* providers: find by code */ select id from providers where code = $1`, [code])
  return String(row?.['id'])
}
