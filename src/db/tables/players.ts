import { check, date, index, jsonb, pgTable, sql, text, unique } from '../drizzle.ts'
import { brands } from './brands.ts'
import { id, int8, key, moment, stamp } from './columns.ts'

/**
 * A player's row is the lock for everything that is the player's: wallets, sessions, rounds, bets, limits.
 * Kept narrow, since every batch of commands updates it; personal data lives in player_profiles.
 * version counts the player's journal rows and guards every write; last_at is the stamp of the newest one.
 */
export const players = pgTable(
  'players',
  {
    id: id().primaryKey(),
    brandId: id('brand_id')
      .notNull()
      .references(() => brands.id),
    externalId: key('external_id').notNull(),
    status: text('status', { enum: ['ACTIVE', 'BLOCKED'] }).notNull(),
    country: text('country').notNull(),
    /** Self-exclusion: no bet before this moment. */
    excludedUntil: moment('excluded_until'),
    version: int8('version').notNull(),
    lastAt: stamp('last_at').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    unique('players_external').on(t.brandId, t.externalId),
    index('players_brand').on(t.brandId, t.id),
    check('players_status', sql`${t.status} in ('ACTIVE', 'BLOCKED')`),
  ],
)

/** What names and addresses are searched by: small letters in byte order, so that an index finds how they begin. */
export const profileKeys = {
  NAME: `(lower(name) collate "C")`,
  LAST_NAME: String.raw`(lower(regexp_replace(name, '^.*\s', '')) collate "C")`,
  EMAIL: `(lower(email) collate "C")`,
} as const

/**
 * Personal data, apart from everything that must be kept: a player can be forgotten by emptying this row. Its brand
 * stands here too, so that a search by name walks along the names of one brand alone.
 */
export const playerProfiles = pgTable(
  'player_profiles',
  {
    playerId: id('player_id')
      .primaryKey()
      .references(() => players.id),
    brandId: id('brand_id').notNull(),
    name: text('name'),
    email: text('email'),
    phone: text('phone'),
    birthDate: date('birth_date', { mode: 'string' }),
    blockedReason: text('blocked_reason'),
    blockedAt: moment('blocked_at'),
    excludedReason: text('excluded_reason'),
    excludedAt: moment('excluded_at'),
  },
  (t) => [
    index('player_profiles_name').on(t.brandId, sql.raw(profileKeys.NAME)),
    index('player_profiles_last_name').on(t.brandId, sql.raw(profileKeys.LAST_NAME)),
    index('player_profiles_email').on(t.brandId, sql.raw(profileKeys.EMAIL)),
  ],
)

export const activities = pgTable(
  'activities',
  {
    id: id().primaryKey(),
    brandId: id('brand_id').notNull(),
    playerId: id('player_id')
      .notNull()
      .references(() => players.id),
    sessionId: id('session_id'),
    type: text('type').notNull(),
    occurredAt: moment('occurred_at').notNull(),
    recordedAt: moment('recorded_at').notNull(),
    ip: text('ip'),
    device: text('device'),
    country: text('country'),
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index('activities_player').on(t.playerId, t.id), index('activities_brand').on(t.brandId, t.id)],
)
