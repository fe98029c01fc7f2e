import type { InferSelectModel } from 'drizzle-orm'
import type { sessions } from '../../db/tables/sessions.ts'

export type Session = Omit<InferSelectModel<typeof sessions>, 'tokenHash'>
