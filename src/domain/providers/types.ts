import type { InferInsertModel, InferSelectModel } from 'drizzle-orm'
import type { providerAccounts, providerCalls, providers } from '../../db/tables/providers.ts'

export type Provider = InferSelectModel<typeof providers>
export type ProviderAccount = Omit<InferSelectModel<typeof providerAccounts>, 'sharedSecrets'>
/** An account as its calls need it: the secrets shared with the provider are open, and never leave the process. */
export type OpenAccount = ProviderAccount & { readonly secrets: readonly string[] }
export type NewProviderCall = InferInsertModel<typeof providerCalls>
type Heavy = 'requestDigest' | 'requestBody' | 'requestHeaders' | 'replyBody'
/** A provider call without its heavy columns. */
export type ProviderCall = Omit<InferSelectModel<typeof providerCalls>, Heavy>
/** The heavy columns, read only when asked for. */
export type ProviderCallBody = Pick<InferSelectModel<typeof providerCalls>, 'id' | Heavy>
