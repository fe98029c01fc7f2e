import type { InferSelectModel } from 'drizzle-orm'
import type { activities, playerProfiles, players } from '../../db/tables/players.ts'

/** A player without personal data. */
export type Player = Omit<InferSelectModel<typeof players>, 'lastAt'>
/** Personal data, read only when asked for. */
export type PlayerProfile = InferSelectModel<typeof playerProfiles>
export type Activity = InferSelectModel<typeof activities>
