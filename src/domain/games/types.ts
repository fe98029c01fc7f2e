import type { InferSelectModel } from 'drizzle-orm'
import type { games } from '../../db/tables/games.ts'

export type Game = InferSelectModel<typeof games>
