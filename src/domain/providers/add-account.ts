import { build } from '../../db/build.ts'
import { providerAccounts, providers } from '../../db/tables/providers.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { administer } from '../audit/administer.ts'
import { checkText, refuseInput } from '../audit/check.ts'
import { locateBrand } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

export interface NewAccount {
  readonly brandCode: string
  /** The provider; added when there is none of that code. */
  readonly provider: { readonly code: string; readonly name: string }
  /** Stands in the callback URL; unique over all brands. */
  readonly code: string
  readonly dialect: string
  /** The provider's public keys (PEM), any of which may sign. */
  readonly publicKeys: readonly string[]
}

/** What the process knows about dialects. */
export interface DialectKnowledge {
  readonly names: readonly string[]
  /** Whether the dialect can verify with this public key. */
  readonly canVerify: (dialect: string, publicKey: string) => boolean
}

const codePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const publicKeysMax = 4

/** Adds a provider's account with a brand and returns its id; ACCOUNT_TAKEN when there is one of that code. */
export function addAccount(ctx: Context, input: NewAccount, known: DialectKnowledge): Promise<string> {
  const { brandCode, provider, code, dialect } = input
  return administer(ctx, {
    action: 'addProviderAccount',
    permission: 'PROVIDERS_MANAGE',
    async work(tx, at) {
      check(input, known)
      const brandId = await locateBrand(ctx, brandCode)
      const providerId = await ensureProvider(tx, provider, at)
      const id = uuidv7(at)
      const publicKeys = [...input.publicKeys]
      const row = {
        id,
        brandId,
        providerId,
        code,
        dialect,
        publicKeys,
        status: 'ENABLED' as const,
        createdAt: at,
      }
      const added = await tx.query(
        build
          .insert(providerAccounts)
          .values(row)
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
      }
      return { result: id, audit: { brandId, subjectType: 'ProviderAccount', subjectId: id, after } }
    },
  })
}

function check({ provider, code, dialect, publicKeys }: NewAccount, known: DialectKnowledge): void {
  if (!codePattern.test(provider.code))
    refuseInput('provider', 'is not 1 to 64 letters, digits, ".", "_" and "-"')
  checkText('providerName', provider.name, 200)
  if (!codePattern.test(code)) refuseInput('code', 'is not 1 to 64 letters, digits, ".", "_" and "-"')
  if (!known.names.includes(dialect)) refuseInput('dialect', `is not one of ${known.names.join(', ')}`)
  if (publicKeys.length === 0 || publicKeys.length > publicKeysMax) {
    refuseInput('publicKeys', `are not 1 to ${publicKeysMax}`)
  }
  if (!publicKeys.every((pem) => known.canVerify(dialect, pem))) {
    refuseInput('publicKeys', `has one that is not a public key in PEM which ${dialect} can use`)
  }
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
