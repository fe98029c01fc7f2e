import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { typeDefs } from '../../src/graphql/schema.ts'
import { acceptedIn, bareSdl, breaks, headOf, schemaOf } from '../support/schema-diff.ts'

const file = 'schema.golden.graphql'
const golden = readFileSync(join(import.meta.dirname, file), 'utf8')
const schema = buildSchema(typeDefs.join('\n'))

test('the schema is the one that landed, or adds to it', async () => {
  const accepted = acceptedIn(golden)
  const broken = breaks(schemaOf(golden), schema).filter((one) => !accepted.includes(one))
  // Before anything is written: an update of snapshots does not take in what breaks clients.
  expect(broken, `each needs a line "# accepted: … Reason: …" at the top of ${file}`).toEqual([])
  const how = 'additions are taken in by: npm test -- test/contract/schema-golden.test.ts -u'
  await expect([...headOf(golden), '', bareSdl(schema)].join('\n'), how).toMatchFileSnapshot(file)
})

const before = `
  enum Kind { REAL FREE }
  union Thing = A | B
  type A { id: ID! name(of: Kind = REAL): String! list: [ID!]! }
  type B { id: ID }
  input Filter { kind: Kind }
  type Query { things(filter: Filter): [Thing!]! a: A }`

test.each([
  ['a field', 'a: A }', '}', 'FIELD_REMOVED: Query.a was removed.'],
  ['an argument', 'things(filter: Filter)', 'things', 'ARG_REMOVED: Query.things arg filter was removed.'],
  ['a value', 'REAL FREE', 'REAL', 'VALUE_REMOVED_FROM_ENUM: FREE was removed from enum type Kind.'],
  ['a member', '= A | B', '= A', 'TYPE_REMOVED_FROM_UNION: B was removed from union type Thing.'],
  [
    'the promise of a value',
    'String!',
    'String',
    'FIELD_CHANGED_KIND: A.name changed type from String! to String.',
  ],
  [
    'the freedom to leave out a field',
    'kind: Kind }',
    'kind: Kind! }',
    'FIELD_CHANGED_KIND: Filter.kind changed type from Kind to Kind!.',
  ],
  [
    'the freedom to leave out a new field',
    'kind: Kind }',
    'kind: Kind x: ID! }',
    'REQUIRED_INPUT_FIELD_ADDED: A required field x on input type Filter was added.',
  ],
  [
    'a default',
    '= REAL',
    '= FREE',
    'ARG_DEFAULT_VALUE_CHANGE: A.name arg of has changed defaultValue from REAL to FREE.',
  ],
])('taking %s away breaks clients', (_what, here, there, told) => {
  expect(breaks(buildSchema(before), buildSchema(before.replace(here, there)))).toEqual([told])
})

test.each([
  ['a field', 'a: A }', 'a: A b: B }'],
  ['an optional argument', 'filter: Filter', 'filter: Filter first: Int'],
  ['an optional field of a filter', 'kind: Kind }', 'kind: Kind x: ID }'],
  ['a value', 'REAL FREE', 'REAL FREE PROMO'],
  ['the promise of a value', 'id: ID }', 'id: ID! }'],
])('adding %s breaks nobody', (_what, here, there) => {
  expect(breaks(buildSchema(before), buildSchema(before.replace(here, there)))).toEqual([])
})

test('a break is by what the head names with a reason, and nothing else', () => {
  const head = [
    '# accepted: FIELD_REMOVED: A.b was removed. Reason: nobody had it.',
    '# accepted: FIELD_REMOVED: A.c was removed. Reason:',
    '# accepted: FIELD_REMOVED: A.d was removed.',
    'type Query',
    '# accepted: FIELD_REMOVED: A.e was removed. Reason: below the head.',
  ]
  expect(acceptedIn(head.join('\n'))).toEqual(['FIELD_REMOVED: A.b was removed.'])
})
