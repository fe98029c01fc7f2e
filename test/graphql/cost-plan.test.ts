import { makeExecutableSchema } from '@graphql-tools/schema'
import { execute, getNamedType, getOperationAST, isObjectType, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { costPlan } from '../../src/graphql/cost-plan.ts'
import { carriedLists } from '../../src/graphql/cost-values.ts'
import { resolvers, typeDefs } from '../../src/graphql/schema.ts'
import { examples } from '../support/examples.ts'

const schema = makeExecutableSchema({ typeDefs, resolvers })

function plan(text: string) {
  const document = parse(text)
  expect(validate(schema, document).map(({ message }) => message)).toEqual([])
  return costPlan(schema, document, getOperationAST(document) ?? expect.fail('no operation'))
}

const requested = (text: string, variables = {}) => plan(text).requested(variables)

describe('an operation can cost at most', () => {
  test.for<[string, string, number]>([
    ['nothing for scalars', '{ __typename }', 0],
    ['nothing to read the schema', '{ __schema { types { name fields { name } } } }', 0],
    ['one an object', '{ viewer { name role } }', 1],
    [
      'what is within each other together',
      '{ bet(by: { byId: "x" }) { id player { id } stake { amount } } }',
      3,
    ],
    ['two and the rows of the page for a connection', '{ bets(first: 50) { nodes { id } } }', 52],
    ['the same with last', '{ bets(last: 50) { nodes { id } } }', 52],
    [
      'the same through edges',
      '{ bets(first: 50) { edges { cursor node { id } } pageInfo { hasNextPage } } }',
      52,
    ],
    [
      'what is beneath a row for each row',
      '{ bets(first: 50) { nodes { player { id } game { id } } } }',
      152,
    ],
    [
      'pages within pages times each other',
      '{ bets(first: 10) { nodes { ledgerEntries(first: 20) { nodes { amount { amount } } } } } }',
      2 + 10 + 10 * (2 + 20 + 20),
    ],
    [
      'as many as the schema says where no size is given',
      '{ search(text: "demo") { hits { node { id } } } }',
      requested('{ search(text: "demo", first: 20) { hits { node { id } } } }'),
    ],
    [
      'as many hits as are asked for, once',
      '{ search(text: "demo", first: 30) { hits { node { id } } } }',
      1 + 30 * (1 + 1),
    ],
    [
      'as many rows of a report as are asked for, and ten for its totals',
      '{ performance(window: { lastDays: 7 }, first: 1000) { rows { game { id } } totals { bets } } }',
      1 + 1000 * (1 + 1) + 10,
    ],
    [
      'as many parts as a window has when it is not named, for each of ten accounts',
      '{ providerHealth { buckets { calls } } }',
      10 * (1 + 60),
    ],
    [
      'as many parts as the window has, and one that it may be widened by',
      `{ providerHealth(bucket: HOUR, window: { gte: "2026-01-01T00:00:00Z", lt: "2026-01-03T00:00:00Z" }) {
        buckets { calls } } }`,
      10 * (1 + 49),
    ],
    [
      'the parts that a window has at most',
      `{ providerHealth(window: { gte: "2026-01-01T00:00:00Z", lt: "2027-01-01T00:00:00Z" }) { buckets { calls } } }`,
      10 * (1 + 1440),
    ],
    [
      'ten rows for a list without pages',
      '{ bets(first: 2) { nodes { timeline { stage } } } }',
      2 + 2 + 2 * 10,
    ],
    ['one for each id that is asked for', '{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
    [
      'ten for a mutation',
      'mutation { closeSession(input: { idempotencyKey: "k", session: { byId: "x" } }) { replayed } }',
      10,
    ],
    [
      'once for what is asked for twice',
      '{ viewer { name } ...V } fragment V on Query { viewer { role } }',
      1,
    ],
    ['for each alias', '{ a: viewer { name } b: viewer { name } }', 2],
    [
      'the dearest of the kinds that can come',
      '{ node(id: "x") { id ... on Bet { player { id } game { id } } ... on Player { brand { code } } } }',
      1 + 2,
    ],
    [
      'the larger page of two kinds with a list of the same name',
      '{ node(id: "x") { ... on Player { list: bets(first: 3) { totalCount: __typename } } ' +
        '... on Session { list: bets(first: 7) { totalCount: __typename } } } }',
      1 + 2 + 7,
    ],
  ])('%s', ([, text, cost]) => {
    expect(requested(text)).toBe(cost)
  })

  test('the page that the variables say, or else their defaults', () => {
    const text = 'query ($first: Int = 20, $last: Int) { bets(first: $first, last: $last) { nodes { id } } }'
    expect(requested(text)).toBe(22)
    expect(requested(text, { first: 7 })).toBe(9)
    expect(requested(text, { first: null, last: 5 })).toBe(7)
  })

  test('nothing for a page that will be refused', () => {
    const text = 'query ($first: Int) { bets(first: $first) { nodes { player { id } } } }'
    for (const first of [undefined, null, 0, -1, 'x', { deep: 1 }]) expect(requested(text, { first })).toBe(2)
    expect(requested(text, { first: 1e9 })).toBe(2 + 100 + 100)
  })

  test('by the list that it stands for, of every field with a size that is no connection', () => {
    const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) ? Object.values(type.getFields()) : [],
    )
    const sized = fields.filter(
      ({ args, type }) =>
        args.some(({ name }) => name === 'first') && !getNamedType(type).name.endsWith('Connection'),
    )
    for (const { name, type } of sized) {
      const lists = carriedLists.filter((one) => one.startsWith(`${getNamedType(type).name}.`))
      expect(lists, name).toHaveLength(1)
    }
  })

  test('nothing for what is not included', () => {
    const text = `query ($with: Boolean! = true) {
      viewer { name }
      bet(by: { byId: "x" }) @include(if: $with) { id }
      ... @skip(if: $with) { node(id: "x") { id } }
    }`
    expect(requested(text)).toBe(2)
    expect(requested(text, { with: false })).toBe(2)
    expect(requested(`query { viewer @include(if: false) { name } }`)).toBe(0)
  })

  test.for(examples)('no more than the limit for the example $file', ({ text }) => {
    expect(requested(text)).toBeLessThan(10_000)
  })
})

describe('an answer costs', () => {
  const bet = { player: { id: 'p' }, timeline: [{ stage: 'a' }, { stage: 'b' }] }

  test('what came of what was asked', () => {
    const costs = plan('{ bets(first: 50) { nodes { player { id } timeline { stage } } } viewer { name } }')
    expect(costs.actual({ bets: { nodes: [bet, { ...bet, player: null }] }, viewer: null })).toBe(
      2 + 2 + 3 + 2,
    )
    expect(costs.actual({ bets: null, viewer: { name: 'x' } })).toBe(1)
    expect(costs.actual(null)).toBe(0)
    expect(costs.actual(undefined)).toBe(0)
  })

  test('each row once, whether it came by edges, by nodes or by both', () => {
    const both = '{ bets(first: 9) { edges { node { player { id } } } nodes { player { id } } } }'
    const row = { player: { id: 'p' } }
    expect(requested(both)).toBe(2 + 9 + 9 + 9)
    expect(plan(both).actual({ bets: { edges: [{ node: row }], nodes: [row] } })).toBe(2 + 1 + 1 + 1)
  })

  test('as much as was asked for when the page is full', async () => {
    const text = '{ nodes(ids: ["x", "y"]) { id } viewer { name } }'
    const { data } = await execute({
      schema: makeExecutableSchema({
        typeDefs: 'type Query { nodes(ids: [ID!]!): [N] viewer: V } type N { id: ID } type V { name: ID }',
      }),
      document: parse(text),
      rootValue: { nodes: [{ id: 'x' }, { id: 'y' }], viewer: { name: 'v' } },
    })
    expect(plan(text).actual(data)).toBe(requested(text))
  })
})
