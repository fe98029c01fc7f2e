import type { InferSelectModel } from 'drizzle-orm'
import type { brands } from '../../db/tables/brands.ts'

export type Brand = InferSelectModel<typeof brands>
