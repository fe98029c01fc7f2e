import type { InferSelectModel } from 'drizzle-orm'
import type { rounds } from '../../db/tables/rounds.ts'

/** The columns that pages read. What the provider reported as the result is heavy: a loader of its own. */
export type Round = Omit<InferSelectModel<typeof rounds>, 'result'>
