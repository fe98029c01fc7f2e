// A small operator over a real database: two brands, one provider with an account at each, games. What stands here
// before the verbs is laid down by plain inserts; players, sessions and money are made by the verbs themselves.
import { openDatabase } from '../../src/db/connection.ts'
import { appRole } from '../../src/db/grants.ts'
import type { Actor, Context } from '../../src/domain/context.ts'
import { openVerbLane } from '../../src/domain/journal/open-verb-lane.ts'
import { openStreams } from '../../src/domain/money/streams.ts'
import type { Submit } from '../../src/domain/money/types.ts'
import { type Role, rolePermissions } from '../../src/domain/operators/permissions.ts'
import type { SessionSettings } from '../../src/domain/sessions/open-session.ts'
import { currencyExponent } from '../../src/lib/money.ts'
import { silentLog } from '../../src/lib/log.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export interface House {
  readonly sql: TestDatabase['sql']
  readonly target: TestDatabase['target']
  readonly brandId: string
  readonly otherBrandId: string
  readonly submit: Submit
  readonly settings: SessionSettings
  /** The time that verbs see: the real one, until it is set. */
  readonly clock: { now(): Date; at: Date | null }
  /** A new operator of this role, who may act in these brands (the first one when none are named). */
  operator(role: Role, ...brandIds: string[]): Actor
  /** What a verb gets when this actor calls it. */
  as(actor: Actor): Context
  /** Another process on the same database. */
  secondProcess(): Pick<House, 'as' | 'submit'>
  close(): Promise<void>
}

export const system: Actor = { kind: 'SYSTEM', id: null, permissions: new Set(), brandIds: new Set() }

/** Hub88's kind counts in hundred-thousandths. */
const canCount = (_dialect: string, currency: string) => currencyExponent(currency) <= 5

export async function openHouse(): Promise<House> {
  const testDatabase = await createTestDatabase()
  const brands = { brandId: uuidv7(), otherBrandId: uuidv7() }
  await furnish(testDatabase.sql, brands.brandId, brands.otherBrandId)
  const clock = { at: null as Date | null, now: () => clock.at ?? new Date() }
  const closers: (() => Promise<void>)[] = []
  let requests = 0

  function openProcess(): Pick<House, 'as' | 'submit'> {
    const { target } = testDatabase
    const role = appRole
    const options = { target, role, poolMax: 4, statementTimeoutMs: 5000, applicationName: 'pitboss test' }
    const database = openDatabase(options)
    const verbs = openVerbLane(target, { role })
    const streams = openStreams(target, { log: silentLog, clock, role })
    closers.push(
      () => verbs.close(),
      () => streams.close(),
      () => database.close(),
    )
    return {
      submit: streams.submit,
      as: (actor) => {
        requests += 1
        const { sql, db } = database
        return { sql, db, clock, log: silentLog, actor, verbs, requestId: `request-${requests}` }
      },
    }
  }

  return {
    ...brands,
    ...openProcess(),
    sql: testDatabase.sql,
    target: testDatabase.target,
    clock,
    settings: { tokenKey: Buffer.alloc(32, 7), lifetimeMs: 3_600_000, canCount },
    operator: (role, ...brandIds) => ({
      kind: 'OPERATOR',
      id: uuidv7(),
      permissions: new Set(rolePermissions[role]),
      brandIds: new Set(brandIds.length > 0 ? brandIds : [brands.brandId]),
    }),
    secondProcess: openProcess,
    async close() {
      await Promise.all(closers.map((close) => close()))
      await testDatabase.drop()
    },
  }
}

async function furnish(sql: TestDatabase['sql'], brandId: string, otherBrandId: string): Promise<void> {
  await sql`insert into brands (id, code, name, time_zone, currency, created_at) values
    (${brandId}, 'demo', 'Demo', 'Europe/Malta', 'EUR', now()),
    (${otherBrandId}, 'other', 'Other', 'Europe/Malta', 'EUR', now())`
  const providerId = await furnishGames(sql, brandId)
  await sql`insert into provider_accounts
      (id, brand_id, provider_id, code, dialect, public_keys, status, created_at) values
    (${uuidv7()}, ${otherBrandId}, ${providerId}, 'other-spinwell', 'hub88', '{}', 'ENABLED', now())`
}

/** A provider with the games "book" and, disabled, "gone"; accounts "demo-spinwell" and, disabled, "demo-off". */
export async function furnishGames(sql: TestDatabase['sql'], brandId: string): Promise<string> {
  const providerId = uuidv7()
  await sql`insert into providers (id, code, name, created_at) values (${providerId}, 'spinwell', 'Spinwell', now())`
  await sql`insert into provider_accounts
      (id, brand_id, provider_id, code, dialect, public_keys, status, created_at) values
    (${uuidv7()}, ${brandId}, ${providerId}, 'demo-spinwell', 'hub88', '{}', 'ENABLED', now()),
    (${uuidv7()}, ${brandId}, ${providerId}, 'demo-off', 'hub88', '{}', 'DISABLED', now())`
  await sql`insert into games (id, provider_id, code, name, category, status, created_at) values
    (${uuidv7()}, ${providerId}, 'book', 'Book of Tests', 'SLOT', 'ENABLED', now()),
    (${uuidv7()}, ${providerId}, 'gone', 'Gone Fishing', 'SLOT', 'DISABLED', now())`
  return providerId
}

const worldTables = ['players', 'player_profiles', 'wallets', 'activities', 'sessions', 'journal'] as const
const moneyTables = ['transactions', 'ledger_entries', 'bets', 'rounds'] as const

/** A digest of everything that a verb may change: equal before and after a refusal. */
export async function digestOf(house: House): Promise<string> {
  const digests = [...worldTables, ...moneyTables].map(async (table) => {
    const [row] = await house.sql.unsafe<{ digest: string | null }[]>(
      `select md5(string_agg(t::text, ';' order by t::text)) as digest from ${table} t`,
    )
    return `${table}:${row?.digest ?? 'empty'}`
  })
  return (await Promise.all(digests)).join(' ')
}

export interface EntryRow {
  readonly id: string
  readonly brand_id: string | null
  readonly actor_id: string | null
  readonly action: string
  readonly outcome: string
  readonly code: string | null
  readonly subject_type: string | null
  readonly subject_id: string | null
  readonly reason: string | null
  readonly before: unknown
  readonly after: unknown
  readonly request_id: string
}

/** The audit entries of one actor, oldest first. */
export const entriesOf = (house: House, actor: Actor): Promise<EntryRow[]> =>
  house.sql<EntryRow[]>`
    select id, brand_id, actor_id, action, outcome, code, subject_type, subject_id, reason, before, after, request_id
    from audit_entries where actor_id is not distinct from ${actor.id} order by id`.then((rows) => [...rows])

/** The types of a player's events, oldest first, with their facts. */
export const eventsOf = (house: House, playerId: string): Promise<{ type: string; facts: unknown }[]> =>
  house.sql<{ type: string; facts: unknown }[]>`
    select type, facts from journal where player_id = ${playerId} order by player_version`.then((rows) => [
    ...rows,
  ])
