import { choice, flag, minorIfAny, time } from '../../db/conditions.ts'
import type { Conditions } from '../../db/filter.ts'
import type { EventWish } from './filter.ts'

/** Whether the event notes that it is late; never null. */
export const lateText = (alias: string): string => `coalesce(${alias}.facts -> 'late' = 'true', false)`

/** Of the journal under this alias. */
export const wishConditions = (alias: string): Conditions<EventWish> => ({
  type: choice(`${alias}.type`),
  brand: choice(`${alias}.brand_id`, 'uuid'),
  player: choice(`${alias}.player_id`, 'uuid'),
  session: choice(`${alias}.session_id`, 'uuid'),
  game: choice(`${alias}.game_id`, 'uuid'),
  providerAccount: choice(`${alias}.provider_account_id`, 'uuid'),
  round: choice(`${alias}.round_id`, 'uuid'),
  bet: choice(`${alias}.bet_id`, 'uuid'),
  transaction: choice(`${alias}.transaction_id`, 'uuid'),
  amount: minorIfAny(`${alias}.amount_minor`, `${alias}.currency`),
  late: flag(lateText(alias)),
  recordedAt: time(`${alias}.recorded_at`),
})
