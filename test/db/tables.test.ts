import { getTableName, is, SQL } from 'drizzle-orm'
import { getTableConfig, type IndexColumn, PgDialect, PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appRole } from '../../src/db/grants.ts'
import * as audit from '../../src/db/tables/audit.ts'
import * as bets from '../../src/db/tables/bets.ts'
import * as brands from '../../src/db/tables/brands.ts'
import * as figures from '../../src/db/tables/figures.ts'
import * as games from '../../src/db/tables/games.ts'
import * as limits from '../../src/db/tables/limits.ts'
import * as journal from '../../src/db/tables/journal.ts'
import * as money from '../../src/db/tables/money.ts'
import * as operators from '../../src/db/tables/operators.ts'
import * as players from '../../src/db/tables/players.ts'
import * as providers from '../../src/db/tables/providers.ts'
import * as reconciliation from '../../src/db/tables/reconciliation.ts'
import * as retention from '../../src/db/tables/retention.ts'
import * as rounds from '../../src/db/tables/rounds.ts'
import * as seals from '../../src/db/tables/seals.ts'
import * as sessions from '../../src/db/tables/sessions.ts'
import * as wallets from '../../src/db/tables/wallets.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const files = [
  audit,
  bets,
  brands,
  figures,
  games,
  journal,
  limits,
  money,
  operators,
  players,
  providers,
  reconciliation,
  retention,
  rounds,
  seals,
  sessions,
  wallets,
]
const tables = files.flatMap((file) => Object.values<unknown>(file)).filter((one) => is(one, PgTable))
const named = tables.map((table) => [getTableName(table), table] as const)

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.sql`create schema declared`
})
afterAll(() => database.drop())

const dialect = new PgDialect()

/** A condition as it stands in DDL: columns without their table. */
const inline = (condition: SQL) =>
  dialect.sqlToQuery(condition.inlineParams()).sql.replaceAll(/"\w+"\."/g, '"')

const list = (of: readonly { readonly name: string }[]) => of.map((column) => `"${column.name}"`).join(', ')

/** What stands in DDL for a default: a number, a word, or an empty list. */
function fallback(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return ` default '${value}'`
  if (is(value, SQL)) return ` default ${inline(value)}`
  return Array.isArray(value)
    ? ` default '{}'`
    : ` default ${(value as bigint | number | boolean).toString()}`
}

/** The declared table as statements: PostgreSQL itself writes both sides in its own words. */
function ddl(table: PgTable): string {
  const { name, columns, primaryKeys, uniqueConstraints, indexes, checks, foreignKeys } =
    getTableConfig(table)
  const lines = [
    ...columns.map((one) => {
      const unique = one.isUnique ? ` constraint "${one.uniqueName}" unique` : ''
      return `"${one.name}" ${one.getSQLType()}${one.notNull ? ' not null' : ''}${fallback(one.default)}${unique}`
    }),
    ...columns
      .filter((one) => one.primary)
      .map((one) => `constraint "${name}_pkey" primary key ("${one.name}")`),
    ...primaryKeys.map((one) => `constraint "${one.getName()}" primary key (${list(one.columns)})`),
    ...uniqueConstraints.map((one) => {
      const nulls = one.nullsNotDistinct ? ' nulls not distinct' : ''
      return `constraint "${one.getName()}" unique${nulls} (${list(one.columns)})`
    }),
    ...checks.map((one) => `constraint "${one.name}" check (${inline(one.value)})`),
    ...foreignKeys.map((one) => {
      const { columns: own, foreignTable, foreignColumns } = one.reference()
      const target = `public."${getTableName(foreignTable)}" (${list(foreignColumns)})`
      return `constraint "${one.getName()}" foreign key (${list(own)}) references ${target}`
    }),
  ]
  const made = indexes.map(({ config }) => {
    const keys = config.columns
      .map((one) => (is(one, SQL) ? `(${inline(one)})` : `"${(one as IndexColumn).name}"`))
      .join(', ')
    const where = config.where ? ` where ${inline(config.where)}` : ''
    const unique = config.unique ? 'unique ' : ''
    const how = `using ${config.method ?? 'btree'} (${keys})${where}`
    return `create ${unique}index "${config.name}" on declared."${name}" ${how};`
  })
  return `create table declared."${name}" (${lines.join(', ')}); ${made.join(' ')}`
}

/** A definition without the schema it stands in. */
const plain = (text: string) => text.replaceAll(/\b(public|declared)\./g, '').replace('ON ONLY ', 'ON ')

/** What the catalogs say of a table, partitioned or not. */
async function described(schema: string, name: string) {
  const table = `${schema}."${name}"`
  const { sql } = database
  const columns = await sql<
    { name: string; type: string; required: boolean; collation: string; fallback: string }[]
  >`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
      c.collname as collation, pg_get_expr(d.adbin, d.adrelid) as fallback
    from pg_attribute a left join pg_collation c on c.oid = a.attcollation
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped`
  const constraints = await sql<{ name: string; definition: string }[]>`
    select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = ${table}::regclass and contype in ('p', 'u', 'c', 'f')`
  const indexes = await sql<{ definition: string }[]>`
    select pg_get_indexdef(indexrelid) as definition from pg_index where indrelid = ${table}::regclass`
  return {
    columns: Object.fromEntries(columns.map(({ name: column, ...rest }) => [column, rest])),
    constraints: constraints.map((one) => `${one.name} ${plain(one.definition)}`).sort(),
    indexes: indexes.map((one) => plain(one.definition)).sort(),
  }
}

describe('the migrated database is what the tables declare:', () => {
  test('no table is missing or left over', async () => {
    const rows = await database.sql<{ name: string }[]>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`
    const names = rows.map(({ name }) => name).filter((name) => name !== 'pitboss_migrations')
    expect(names.sort()).toEqual(named.map(([name]) => name).sort())
  })

  test.each(named)('%s', async (name, table) => {
    await database.sql.unsafe(ddl(table))
    expect(await described('public', name)).toEqual(await described('declared', name))
  })

  test('and a difference is found', async () => {
    const before = await described('public', 'bets')
    await database.sql`alter table bets alter column result set not null, add check (version > 0)`
    const after = await described('public', 'bets')
    expect(after.columns['result']).not.toEqual(before.columns['result'])
    expect(after.constraints.length).toBe(before.constraints.length + 1)
  })
})

/** Tries a statement as the role. */
const attempt = async (text: string) => {
  try {
    await database.sql.unsafe(`set local role ${appRole}; ${text}`).simple()
    return 'allowed'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe("the server's role", () => {
  const kept = ['journal', 'ledger_entries', 'audit_entries', 'seals']
  const readOnly = ['lane_floors', 'ledger_openings', 'retention_drops']

  test.each(kept)(
    'may read and add to %s, and change nothing in it, in no partition either',
    async (table) => {
      const partitions = await database.sql<{ name: string }[]>`
      select relid::text as name from pg_partition_tree(${table}::regclass) where isleaf`
      const names = new Set([table, ...partitions.map(({ name }) => name)])
      for (const name of names) {
        const column = { audit_entries: 'action', seals: 'chain' }[table] ?? 'currency'
        expect(await attempt(`select 1 from ${name}`)).toBe('allowed')
        expect(await attempt(`update ${name} set ${column} = ''`)).toBe('42501')
        expect(await attempt(`delete from ${name}`)).toBe('42501')
        expect(await attempt(`truncate ${name}`)).toBe('42501')
        expect(await attempt(`alter table ${name} add more int`)).toBe('42501')
      }
    },
  )

  test.each(named.map(([name]) => name).filter((name) => ![...kept, ...readOnly].includes(name)))(
    'cannot empty %s',
    async (name) => {
      expect(await attempt(`delete from ${name} where false`)).toBe('allowed')
      expect(await attempt(`truncate ${name}`)).toBe('42501')
    },
  )

  test.each(readOnly)('may read %s and nothing else', async (name) => {
    expect(await attempt(`select 1 from ${name}`)).toBe('allowed')
    expect(await attempt(`insert into ${name} select from ${name}`)).toBe('42501')
    expect(await attempt(`delete from ${name}`)).toBe('42501')
  })
})
