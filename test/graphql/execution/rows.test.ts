// The whole schema over a real database, access rules in front: what graphql-js answers out of whole rows is what the
// planned execution answers out of those columns that the query looks at, for roles that may see more and less.
import {
  execute,
  type ExecutionResult,
  getNamedType,
  GraphQLError,
  isLeafType,
  parse,
  validate,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/db/connection.ts'
import { type Role, rolePermissions } from '../../../src/domain/operators/permissions.ts'
import { chooseColumns } from '../../../src/graphql/choose-columns.ts'
import { openErrorPresenter } from '../../../src/graphql/errors.ts'
import { executableSchema } from '../../../src/graphql/executable.ts'
import { openExecutor } from '../../../src/graphql/execution/executor.ts'
import { resolvers, typeDefs } from '../../../src/graphql/schema.ts'
import { globalId } from '../../../src/lib/global-id.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { Factory, type MadeBet } from '../../support/factory.ts'
import { type Graph, graphContext, openGraph } from '../../support/graph.ts'
import { seeded } from '../../support/random.ts'
import { randomQuery, samplesWith } from '../../support/random-query.ts'
import { shown } from '../../support/shown-result.ts'

const schema = executableSchema({ typeDefs, resolvers })
const planned = openExecutor(schema, chooseColumns)
const errors = openErrorPresenter({ log: silentLog, statementTimeoutMs: 10_000 })

let testDatabase: TestDatabase
let database: ReturnType<typeof openDatabase>
let graph: Graph
let bet: MadeBet
let ids: string[]

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  const factory = new Factory(testDatabase.sql)
  const seat = factory.seat(factory.brand('demo'), { externalId: 'ann' })
  bet = factory.bet(seat, { outcome: 'WON', stakeMinor: 100n, payoutMinor: 250n })
  factory.bet(seat)
  factory.bet(factory.seat(seat.brand, { externalId: 'bob' }), { outcome: 'LOST' })
  const foreign = factory.bet(factory.seat(factory.brand('other'), { externalId: 'ann' }))
  await factory.save()
  ids = [
    globalId('Bet', bet.id),
    globalId('Round', bet.roundId),
    globalId('Player', seat.playerId),
    globalId('Session', seat.sessionId),
    globalId('Wallet', seat.walletId),
    globalId('Brand', seat.brand.id),
    globalId('Bet', foreign.id),
    'nothing',
  ]
  const { target } = testDatabase
  database = openDatabase({ target, poolMax: 4, statementTimeoutMs: 10_000, applicationName: 'pitboss test' })
  graph = openGraph(testDatabase, [seat.brand.id])
  // Both are asked at the same moment: some fields count from now.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date() })
})

afterAll(async () => {
  vi.useRealTimers()
  await graph?.close()
  await database?.close()
  await testDatabase?.drop()
})

const samples = () => samplesWith(ids, ['ann', 'bob', 'demo'])

/** As they leave the process, but for the number of an error. */
const presented = (result: ExecutionResult) =>
  shown({
    data: JSON.parse(JSON.stringify(result.data ?? null)),
    ...(result.errors && { errors: result.errors.map(asCode) }),
  })

function asCode(error: GraphQLError): GraphQLError {
  const { message, path, extensions } = errors.present(error)
  return new GraphQLError(`${message} ${String(extensions?.['code'])}`, { path })
}

test('the columns that are read follow the fields that are asked for', async () => {
  const columnsOf = async (selection: string): Promise<string[]> => {
    const texts: string[] = []
    const context = graphContext(database, [bet.seat.brand.id], [], rolePermissions.ADMIN)
    const sql = new Proxy(context.sql, {
      get: (target, name) => (name === 'unsafe' ? noted : Reflect.get(target, name)),
    })
    const noted = (text: string, ...rest: []) => {
      texts.push(text)
      return context.sql.unsafe(text, ...rest)
    }
    const document = parse(`{ bets(first: 1, sort: { key: STAKE, direction: ASC }) { ${selection} } }`)
    const { errors: found } = await planned({ document, contextValue: { ...context, sql } })
    expect(found).toBeUndefined()
    return [...(texts[0] ?? '').matchAll(/ t\.(\w+) as c\d/g)].map(([, name]) => name ?? '')
  }
  // The id is there always, and what the page is sorted by, since cursors are made of it.
  const sorted = ['id', 'currency', 'stake_minor']
  expect(await columnsOf('nodes { status }')).toEqual(['id', 'status', 'stake_minor'])
  expect(await columnsOf('nodes { stake { amount } } edges { cursor }')).toEqual(sorted)
})

describe('a planned query over rows in part gives what graphql-js gives over whole ones', () => {
  const roles: readonly Role[] = ['ADMIN', 'SUPPORT', 'AUDITOR', 'GAME_OPS']
  for (const [at, role] of roles.entries()) {
    test(`to ${role}`, async () => {
      const context = () => graphContext(database, [bet.seat.brand.id], [], rolePermissions[role])
      for (let seed = at * 1000, valid = 0; valid < 60; seed++) {
        const { query, variables } = randomQuery(schema, seeded(seed), samples())
        const document = parse(query)
        if (validate(schema, document).length > 0) continue
        valid++
        const args = { document, variableValues: variables }
        const theirs = presented(await execute({ schema, ...args, contextValue: context() }))
        const ours = presented(await planned({ ...args, contextValue: context() }))
        expect(ours.data, `seed ${seed}: ${query}`).toBe(theirs.data)
        expect(ours.blanked, `seed ${seed}: ${query}`).toEqual(theirs.blanked)
      }
    })
  }
})

describe('every field alone gives what it gives among all others', () => {
  for (const type of ['Bet', 'Player', 'Round', 'Session']) {
    test(type, async () => {
      const id = ids.find((one) => Buffer.from(one, 'base64url').toString().startsWith(`${type}:`))
      const object = schema.getType(type)
      if (!object || !('getFields' in object)) throw new Error(`there is no type ${type}`)
      const leaves = Object.values(object.getFields()).filter(({ args }) => args.length === 0)
      const parts = leaves.map(({ name, type: of }) =>
        isLeafType(getNamedType(of)) ? name : `${name} { __typename }`,
      )
      const ask = async (selection: string) => {
        const query = `query ($id: ID!) { node(id: $id) { ... on ${type} { ${selection} } } }`
        const answer = await graph.ask(query, { id })
        expect(answer.errors, selection).toEqual([])
        return (answer.data as { node: Record<string, unknown> }).node
      }
      const whole = await ask(parts.join(' '))
      expect(Object.keys(whole)).toHaveLength(leaves.length)
      for (const [at, { name }] of leaves.entries()) {
        expect(await ask(parts[at] ?? '')).toEqual({ [name]: whole[name] })
      }
    })
  }
})
