import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedToken, startTestApp, type TestApp } from '../support/app.ts'
import { codesOf, transports } from '../support/transports.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss?.close())

/** Fields within each other, the leaf inside. */
const nested = (fields: readonly string[], leaf: string): string =>
  fields.reduceRight((inner, field) => `${field} { ${inner} }`, leaf)

/** A brand's players' brands, and so on: three fields each. The brand has no players, so that it costs nothing. */
const around = (times: number) =>
  Array.from({ length: times }, () => ['players(first: 1)', 'nodes', 'brand']).flat()
const many = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ')
const named = (count: number) => many(count, (at) => `n${at}: name`)
const included = (count: number) => many(count, () => '... @include(if: true) { role }')
const closing = (at: number) =>
  `m${at}: closeSession(input: {idempotencyKey: "k", session: {byId: "x"}}) { replayed }`

/** A fragment of nine fields that spreads the next one three times. */
const spread = (name: string, next: string | undefined) => {
  const fields = many(3, () => 'node(id: "x") { __typename } viewer { name }')
  return `fragment ${name} on Query { ${fields} ${next ? many(3, () => `...${next}`) : ''} }`
}

const refusedOnes: Record<string, [query: string, message: string]> = {
  'of more than 2000 tokens': [
    `{ viewer { ${'name '.repeat(2000)} } }`,
    'the document has 2005 tokens; the limit is 2000',
  ],
  '16 fields deep': [
    `{ ${nested(['brands', ...around(4), 'players(first: 1)', 'nodes'], 'id')} }`,
    'the operation is 16 fields deep; the limit is 15',
  ],
  '16 fields deep through fragments': [
    `{ brands { ...A } } fragment A on Brand { ${nested(around(2), '...B')} }
     fragment B on Brand { ${nested([...around(2), 'players(first: 1)', 'nodes'], 'id')} }`,
    'the operation is 16 fields deep; the limit is 15',
  ],
  'of 9837 fields that fragments make of few': [
    `{ ...A } ${['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name, at, all) => spread(name, all[at + 1])).join(' ')}`,
    'the operation has 9837 fields; the limit is 2000',
  ],
  'of 16 aliases': [`{ viewer { ${named(16)} } }`, 'the operation has 16 aliases; the limit is 15'],
  'of 16 aliases through a fragment that is spread twice': [
    `{ viewer { ...V } viewer { ...V } } fragment V on Viewer { ${named(8)} }`,
    'the operation has 16 aliases; the limit is 15',
  ],
  'of 10 directives': [`{ viewer { ${included(10)} } }`, 'the operation has 10 directives; the limit is 9'],
  'of 5 mutations': [`mutation { ${many(5, closing)} }`, 'the operation has 5 mutations; the limit is 4'],
}

const acceptedOnes: Record<string, string> = {
  '15 fields deep': `{ ${nested(['brands', ...around(4), 'players(first: 1)'], 'pageInfo { __typename }')} }`,
  'of 15 aliases': `{ viewer { ${named(15)} } }`,
  'of 9 directives': `{ viewer { ${included(9)} } }`,
  'of many introspection fields': `{ ${many(20, (at) => `a${at}: __typename`)} }`,
}

describe.each(transports)('over %s', (_name, run) => {
  it.each(Object.entries(refusedOnes))('a document %s is refused', async (_title, [query, message]) => {
    const verdict = await run(pitboss, query)
    expect(codesOf(verdict)).toEqual(['LIMIT_EXCEEDED'])
    expect(verdict.errors[0]?.message).toBe(message)
    expect(verdict.data).toBeUndefined()
  })

  it.each(Object.entries(acceptedOnes))('a document %s is accepted', async (_title, query) => {
    expect(codesOf(await run(pitboss, query))).toEqual([])
  })

  it('what is wrong is said without telling what would be right', async () => {
    const verdict = await run(pitboss, '{ viewer { nam } }')
    expect(codesOf(verdict)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(verdict.errors[0]?.message).toBe('Cannot query field "nam" on type "Viewer".')
  })

  it('at most five mistakes are told', async () => {
    const verdict = await run(pitboss, `{ viewer { ${'abcdefghi'.split('').join(' ')} } }`)
    expect(verdict.errors).toHaveLength(6)
    expect(verdict.errors[5]?.message).toBe('the document has more mistakes; the limit is 5')
  })

  it('a document that is none is GRAPHQL_PARSE_FAILED', async () => {
    expect(codesOf(await run(pitboss, '{ viewer'))).toEqual(['GRAPHQL_PARSE_FAILED'])
  })

  it('a variable of the wrong type is BAD_USER_INPUT', async () => {
    const query = 'query ($id: ID!) { node(id: $id) { id } }'
    const verdict = await run(pitboss, query, 'ADMIN', { id: { deep: true } })
    expect(codesOf(verdict)).toEqual(['BAD_USER_INPUT'])
    expect(verdict.errors[0]?.message).toMatch(/^Variable "\$id" got invalid value/)
  })

  it('an operation that the document does not have is OPERATION_RESOLUTION_FAILURE', async () => {
    const query = 'query A { viewer { name } } query B { viewer { name } }'
    expect(codesOf(await run(pitboss, query))).toEqual(['OPERATION_RESOLUTION_FAILURE'])
  })

  it('the schema is read by those who may, also when others asked the same before', async () => {
    const { operatorId } = pitboss.operators.ADMIN
    const blind = await seedToken(pitboss.database.sql, operatorId, { permissions: ['PLAYERS_READ'] })
    const query = '{ ...S } fragment S on Query { __schema { queryType { name } } }'
    const asked = [await run(pitboss, query), await run(pitboss, query, blind), await run(pitboss, query)]
    expect(asked.map(codesOf)).toEqual([[], ['FORBIDDEN'], []])
    expect(codesOf(await run(pitboss, '{ __typename }', blind))).toEqual([])
  })
})
