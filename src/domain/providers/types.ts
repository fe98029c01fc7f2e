import type { InferInsertModel, InferSelectModel } from 'drizzle-orm'
import type { providerAccounts, providerCalls, providers } from '../../db/tables/providers.ts'

export type Provider = InferSelectModel<typeof providers>
export type ProviderAccount = InferSelectModel<typeof providerAccounts>
export type NewProviderCall = InferInsertModel<typeof providerCalls>
type Heavy = 'requestDigest' | 'requestBody' | 'requestHeaders' | 'replyBody'
/** A provider call without its heavy columns. */
export type ProviderCall = Omit<InferSelectModel<typeof providerCalls>, Heavy>
/** The heavy columns, read only when asked for. */
export type ProviderCallBody = Pick<InferSelectModel<typeof providerCalls>, 'id' | Heavy>
