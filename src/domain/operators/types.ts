import type { InferSelectModel } from 'drizzle-orm'
import type { apiTokens, operators } from '../../db/tables/operators.ts'

export type Operator = InferSelectModel<typeof operators>
/** A token as it may be shown: of its hash only a hint. */
export type Token = Omit<InferSelectModel<typeof apiTokens>, 'tokenHash'> & {
  /** The first eight hexadecimal digits of the hash. */
  readonly hint: string
}
