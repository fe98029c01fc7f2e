// Every list below another thing, and every lookup of the search: which indexes the statements go along that read it.
import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { idsOfBrand } from '../support/brand-ids.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import { type Asked, explain, explainAnyValues, readingOf, wholeSides, wholesOf } from '../support/plans.ts'
import { seedTwoBrands } from '../support/two-brands.ts'

let pitboss: TestApp
let graph: Graph
let ids: ReadonlyMap<string, readonly string[]>
let wholes: ReadonlyMap<string, string>
let asked: Asked[] = []

beforeAll(async () => {
  pitboss = await startTestApp()
  await seedTwoBrands(pitboss)
  ids = await idsOfBrand(pitboss.database.sql, pitboss.brandId)
  // Of these there are so many (of the brand's, but for bets) that an index with another order is no way to a few.
  const { sql } = pitboss.database
  for (const [table, keys] of [
    ['audit_entries', ['id', 'subject_id', 'actor_id']],
    ['transactions', ['id', 'transaction_key', 'round_id']],
    ['rounds', ['id', 'player_id', 'session_id', 'round_key']],
    ['bets', ['id', 'brand_id', 'player_id', 'session_id', 'round_id', 'game_id', 'transaction_key']],
  ] as const) {
    const changed = keys.map((key) => `'${key}', gen_random_uuid()`).join(', ')
    await sql.unsafe(`insert into ${table} select (jsonb_populate_record(t, jsonb_build_object(${changed}))).*
      from ${table} t, generate_series(1, 100)`)
  }
  await sql`analyze audit_entries, transactions, rounds, bets`
  graph = openGraph(pitboss.database, [pitboss.brandId], (one) => asked.push(one))
  wholes = await wholesOf(sql)
})

afterAll(async () => {
  await graph?.close()
  await pitboss?.close()
})

/** How things are reached that are no nodes, and whose lists are read for themselves. */
const reached: Readonly<Record<string, (list: string) => string>> = {
  WalletStatement: (list) =>
    `... on Wallet { statement(from: "2026-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z") { ${list} } }`,
  ProviderHealth: (list) => `... on ProviderAccount { health { ${list} } }`,
}
const owners: Readonly<Record<string, string>> = {
  WalletStatement: 'Wallet',
  ProviderHealth: 'ProviderAccount',
}

/** Read with their parents, or parts of roots that have tests of their own. */
const notRead = ['Activity.facts', 'AuditEntry.changes', 'Reconciliation.counts']
const ofRoots = [
  'Query',
  'Performance',
  'SearchResult',
  'SharedNetworks',
  'SharedNetwork',
  'MoneyPreview',
  'Viewer',
]

function nestedLists(schema: GraphQLSchema) {
  const isList = ({ type }: GraphQLField<unknown, unknown>) =>
    getNamedType(type).name.endsWith('Connection') ||
    (isListType(getNullableType(type)) && isCompositeType(getNamedType(type)))
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || /^__|(Connection|Edge|Payload)$/.test(type.name)) return []
    if (ofRoots.some((one) => one === type.name)) return []
    return Object.values(type.getFields())
      .filter(isList)
      .map((field) => ({ type: type.name, field, place: `${type.name}.${field.name}` }))
      .filter(({ place }) => !notRead.some((one) => one === place))
  })
}

/** Tables that hold a row for each brand, provider, operator and the like: whole ones are read at will. */
const small = [
  'brands',
  'providers',
  'provider_accounts',
  'operators',
  'operator_brands',
  'games',
  'api_tokens',
]

async function readings(query: string, variables: object): Promise<string[]> {
  asked = []
  const { errors } = await graph.ask(query, variables)
  expect(errors).toEqual([])
  const lines: string[] = []
  for (const one of asked) {
    const name = /\/\* (.*?) \*\//.exec(one.text)?.[1] ?? one.text
    const reading = readingOf(await explain(pitboss.database.sql, one, wholeSides), wholes)
    const bounded = reading.filter((part) => {
      const of = /^(?:all|the whole) of (.*)$/.exec(part)?.[1]
      return of !== undefined && !small.some((table) => of === table || of.startsWith(`${table}_`))
    })

    expect(bounded, name).toEqual([])
    if (one.link) {
      const anyhow = await explainAnyValues(pitboss.database.sql, one, wholeSides)
      expect(readingOf(anyhow, wholes), `${name}, whatever the values`).toEqual(reading)
    }
    lines.push(`  ${name}: ${reading.join(', ')}`)
  }
  return [...new Set(lines)]
}

const how = 'a change that is meant is accepted by: npm test -- test/db/nested-plans.test.ts -u'

test('every list below another thing is found along indexes', async () => {
  const lines: string[] = []
  for (const { type, field, place } of nestedLists(graph.schema)) {
    const paged = field.args.some(({ name }) => name === 'first')
    const rows = getNamedType(field.type).name.endsWith('Connection')
    const below = rows ? '{ nodes { __typename } }' : '{ __typename }'
    const list = `${field.name}${paged ? '(first: 20)' : ''} ${below}`
    const within = reached[type]?.(list) ?? `... on ${type} { ${list} }`
    const id = ids.get(owners[type] ?? type)?.[0] ?? expect.fail(`no ${type}`)
    const read = await readings(`query ($id: ID!) { node(id: $id) { ${within} } }`, { id })
    lines.push(place, ...read)
  }
  await expect(`${lines.join('\n')}\n`, how).toMatchFileSnapshot('nested-plans.golden.txt')
})

test('every lookup of the search goes along an index', async () => {
  const query = 'query ($text: String!) { search(text: $text, first: 20) { hits { value } } }'
  const lines = new Set<string>()
  for (const text of ['demo-key', 'ab', uuidv7(), globalId('Bet', uuidv7())]) {
    for (const line of await readings(query, { text })) lines.add(line)
  }
  await expect(`${[...lines].join('\n')}\n`, how).toMatchFileSnapshot('search-plans.golden.txt')
})

const filters: Readonly<Record<string, readonly string[]>> = {
  transactions: ['id', 'round', 'bet', 'player', 'session', 'wallet'],
  ledgerEntries: ['transaction', 'round', 'bet', 'player', 'wallet'],
  providerCalls: ['id', 'round', 'player', 'providerAccount'],
  rounds: ['id', 'session', 'player'],
  sessions: ['id', 'player'],
  activities: ['id', 'player'],
  auditEntries: ['id', 'actor', 'subject'],
  reconciliationItems: ['id', 'reconciliation', 'owner'],
}

/** What the ids of a filter are ids of, where its name does not say it. */
const typesOf: Readonly<Record<string, string>> = {
  'transactions.id': 'Transaction',
  'providerCalls.id': 'ProviderCall',
  'rounds.id': 'Round',
  'sessions.id': 'Session',
  'activities.id': 'Activity',
  'auditEntries.id': 'AuditEntry',
  'reconciliationItems.id': 'ReconciliationItem',
  'auditEntries.actor': 'Operator',
  'auditEntries.subject': 'Player',
  'reconciliationItems.owner': 'Operator',
}

test('every filter that leads to few rows is gone along an index', async () => {
  const lines: string[] = []
  for (const [list, fields] of Object.entries(filters)) {
    for (const field of fields) {
      const type = typesOf[`${list}.${field}`] ?? `${field.charAt(0).toUpperCase()}${field.slice(1)}`
      const id = ids.get(type)?.[0] ?? expect.fail(`no ${type}`)
      const found = `${list}(first: 20, filter: { ${field}: { eq: $id } }) { nodes { __typename } }`
      lines.push(`${list} by ${field}`, ...(await readings(`query ($id: ID!) { ${found} }`, { id })))
    }
  }
  await expect(`${lines.join('\n')}\n`, how).toMatchFileSnapshot('filter-plans.golden.txt')
})
