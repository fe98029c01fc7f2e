// What callers send that cannot be answered, and what they are told: the code, where, and why.
import { globalId } from '../../src/lib/global-id.ts'

export interface BadInput {
  readonly says: string
  readonly query: string
  readonly variables?: Record<string, unknown>
}

const bets = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: BetFilter, $sort: BetSort) {
  bets(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) { nodes { id } }
}`
const paged = (variables: Record<string, unknown>) => ({ query: bets, variables })
const filtered = (filter: unknown) => paged({ first: 5, filter })
const written = (filter: string) => ({ query: `{ bets(first: 5, filter: ${filter}) { nodes { id } } }` })
const nested = (depth: number): unknown => (depth === 0 ? {} : { not: nested(depth - 1) })
const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
const stake = (bounds: object) => filtered({ stake: { currency: 'EUR', ...bounds } })
const placedAt = (bounds: object) => filtered({ placedAt: bounds })
const key = (text: unknown) => filtered({ transactionKey: { eq: text } })

const pages: readonly BadInput[] = [
  {
    says: 'a page of 0',
    ...paged({ first: 0 }),
  },
  {
    says: 'a page of -1',
    ...paged({ first: -1 }),
  },
  {
    says: 'a first page of 101',
    ...paged({ first: 101 }),
  },
  {
    says: 'a last page of 101',
    ...paged({ last: 101 }),
  },
  {
    says: 'a page of null',
    ...paged({ first: null }),
  },
  {
    says: 'neither first nor last',
    ...paged({}),
  },
  {
    says: 'both first and last',
    ...paged({ first: 1, last: 1 }),
  },
  {
    says: 'a page of 1.5',
    ...paged({ first: 1.5 }),
  },
  {
    says: 'a page of 2^31',
    ...paged({ first: 2 ** 31 }),
  },
  {
    says: 'a page of 2^31 in the document',
    query: '{ bets(first: 2147483648) { nodes { id } } }',
  },
  {
    says: 'a page as text',
    ...paged({ first: '5' }),
  },
  {
    says: 'a cursor of garbage',
    ...paged({ first: 5, after: 'garbage' }),
  },
  {
    says: 'a cursor with a NUL',
    ...paged({ first: 5, before: '\0' }),
  },
  {
    says: 'a cursor of other JSON',
    ...paged({ first: 5, after: Buffer.from('{"a":1}').toString('base64url') }),
  },
  {
    says: 'a cursor of 5000 characters',
    ...paged({ first: 5, after: 'x'.repeat(5000) }),
  },
  {
    says: 'an event cursor of garbage',
    query: '{ events(first: 5, after: "garbage") { nodes { id } } }',
  },
  {
    says: '101 nodes',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: many(101, 'x') },
  },
]

const filters: readonly BadInput[] = [
  {
    says: 'an id of garbage',
    ...filtered({ player: { eq: 'garbage' } }),
  },
  {
    says: 'the id of something else',
    ...filtered({ player: { in: [globalId('Bet', 'x')] } }),
  },
  {
    says: 'a reference that names two',
    query: '{ bet(by: { byId: "a", byTransactionKey: null }) { id } }',
  },
  {
    says: 'a reference that names none',
    query: '{ bet(by: {}) { id } }',
  },
  {
    says: 'filters 4 deep',
    ...filtered(nested(4)),
  },
  {
    says: 'filters 500 deep',
    ...filtered(nested(500)),
  },
  {
    says: 'filters 400 deep in the document',
    ...written(`${'{ not: '.repeat(400)}{}${' }'.repeat(400)}`),
  },
  {
    says: '101 choices',
    ...filtered({ currency: { in: many(101, 'EUR') } }),
  },
  {
    says: '101 choices in the document',
    ...written(`{ currency: { in: [${'"EUR" '.repeat(101)}] } }`),
  },
  {
    says: 'half of a surrogate pair',
    ...key('a\ud800'),
  },
  {
    says: 'half of a pair in the document',
    ...written('{ transactionKey: { eq: "a\ud800" } }'),
  },
  {
    says: 'half of a pair written with an escape',
    ...written('{ transactionKey: { eq: "a\\ud800" } }'),
  },
  {
    says: 'a NUL',
    ...key('a\0'),
  },
  {
    says: 'a NUL in the document',
    ...written('{ transactionKey: { eq: "a\\u0000" } }'),
  },
  {
    says: 'a text of 4001 characters',
    ...key('x'.repeat(4001)),
  },
  {
    says: 'a text of 257 bytes',
    ...key('x'.repeat(257)),
  },
  {
    says: 'a number for a text',
    ...key(7),
  },
  {
    says: 'a field that does not exist',
    ...filtered({ nothing: 1 }),
  },
  {
    says: 'an enum in small letters',
    ...filtered({ status: { eq: 'open' } }),
  },
  {
    says: 'an enum that does not exist',
    ...written('{ status: { eq: OPENED } }'),
  },
  {
    says: 'an enum as text',
    ...written('{ status: { eq: "OPEN" } }'),
  },
  {
    says: 'the same field twice',
    ...written('{ currency: { eq: "EUR", eq: "USD" } }'),
  },
]

const values: readonly BadInput[] = [
  {
    says: 'the year 10000',
    ...placedAt({ gte: '10000-01-01T00:00:00Z' }),
  },
  {
    says: 'minus infinity',
    ...placedAt({ lt: '-infinity' }),
  },
  {
    says: 'the 30th of February',
    ...placedAt({ gte: '2026-02-30T00:00:00Z' }),
  },
  {
    says: 'a moment before 1970',
    ...placedAt({ gte: '1969-12-31T23:59:59Z' }),
  },
  {
    says: 'a moment as a number',
    ...placedAt({ gte: 1_772_368_200_000 }),
  },
  {
    says: 'the 25th hour in the document',
    ...written('{ placedAt: { gte: "2026-01-01T25:00:00Z" } }'),
  },
  {
    says: 'an amount as a number',
    ...stake({ gte: 1.5 }),
  },
  {
    says: 'an amount as a number in the document',
    ...written('{ stake: { currency: "EUR", gte: 1.5 } }'),
  },
  {
    says: 'an amount with an exponent',
    ...stake({ gte: '1e3' }),
  },
  {
    says: 'an amount of a tenth of a cent',
    ...stake({ gte: '0.001' }),
  },
  {
    says: 'an amount beyond all amounts',
    ...stake({ gte: '999999999999999999' }),
  },
  {
    says: 'an amount of 19 digits',
    ...stake({ lte: '1000000000000000000' }),
  },
  {
    says: 'a negative amount',
    ...stake({ lte: '-1.00' }),
  },
  {
    says: 'a currency that does not exist',
    ...filtered({ currency: { eq: 'ZZZ' } }),
  },
]

const documents: readonly BadInput[] = [
  {
    says: 'a document of nothing',
    query: '',
  },
  {
    says: 'a document without an end',
    query: '{ viewer',
  },
  {
    says: 'a variable that is not declared',
    query: '{ bets(first: $n) { nodes { id } } }',
  },
  {
    says: 'a variable that is not used',
    query: 'query ($n: Int) { viewer { name } }',
  },
  {
    says: 'a variable that is missing',
    query: 'query ($id: ID!) { node(id: $id) { id } }',
  },
  {
    says: 'the same argument twice',
    query: '{ bets(first: 1, first: 2) { nodes { id } } }',
  },
  {
    says: 'a fragment within itself',
    query: '{ viewer { ...A } } fragment A on Viewer { ...A }',
  },
  {
    says: 'two operations and no name',
    query: 'query A { viewer { name } } query B { viewer { name } }',
  },
  {
    says: 'a field that does not exist',
    query: '{ viewer { nam } }',
  },
]

export const badInputs: readonly BadInput[] = [...pages, ...filters, ...values, ...documents]
