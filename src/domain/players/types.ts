import type { InferSelectModel } from 'drizzle-orm'
import type { limits } from '../../db/tables/limits.ts'
import type { activities, playerProfiles, players } from '../../db/tables/players.ts'

/** A player without personal data. */
export type Player = Omit<InferSelectModel<typeof players>, 'lastAt'>
/** Personal data, read only when asked for. */
export type PlayerProfile = InferSelectModel<typeof playerProfiles>
/** Of a limit what a bet is held to. */
export type Limit = Omit<LimitRow, 'version'>
export type LimitRow = InferSelectModel<typeof limits>
export type LimitKind = Limit['kind']
/** Whom a limit is for: one player, every player of a brand, or whoever plays one game of a brand. */
export type LimitLevel = 'PLAYER' | 'BRAND' | 'GAME'
export type Activity = InferSelectModel<typeof activities>
