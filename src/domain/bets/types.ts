import type { InferSelectModel } from 'drizzle-orm'
import type { bets } from '../../db/tables/bets.ts'

export type Bet = InferSelectModel<typeof bets>
