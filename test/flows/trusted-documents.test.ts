import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemContext } from '../../src/app.ts'
import type { Context } from '../../src/domain/context.ts'
import { documentHash, loadDocuments } from '../../src/domain/operators/load-documents.ts'
import { removeDocuments } from '../../src/domain/operators/remove-documents.ts'
import type { Role } from '../../src/domain/operators/permissions.ts'
import { type GraphqlError, post, startTestApp, type TestApp } from '../support/app.ts'
import { firstResult } from '../support/transports.ts'

const whoAmI = 'query WhoAmI { viewer { role } }'
const named = 'query A { viewer { name } } query B($id: ID!) { node(id: $id) { id } viewer { role } }'
const feed = 'subscription Feed { betEvents { cursor } }'
const idOf = (text: string) => `sha256:${documentHash(text)}`
const unknownId = idOf('{ __typename }')

let pitboss: TestApp
let system: Context

beforeAll(async () => {
  pitboss = await startTestApp({ config: { trustedOnlyRoles: new Set<Role>(['SUPPORT']) } })
  system = systemContext(pitboss.app.services)
  const documents = [whoAmI, named, feed].map((text, at) => ({ name: `document ${at}`, text }))
  expect(await loadDocuments(system, documents)).toEqual({ added: 3, known: 0, removed: 0 })
})
afterAll(() => pitboss?.close())

interface Answer {
  readonly data: unknown
  readonly errors: readonly GraphqlError[]
}
type Ask = (request: object, role?: Role, app?: TestApp) => Promise<Answer>

const overPost: Ask = async (request, role = 'ADMIN', app = pitboss) => {
  const { data, errors = [] } = await post(app.url, request, app.tokens[role])
  return { data, errors }
}

const overGet: Ask = async (request, role = 'ADMIN', app = pitboss) => {
  const entries = Object.entries(request).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const search = new URLSearchParams(entries as [string, string][]).toString()
  const headers = { authorization: `Bearer ${app.tokens[role]}`, 'apollo-require-preflight': 'yes' }
  const response = await fetch(`${app.url}/graphql?${search}`, { headers })
  const { data, errors = [] } = (await response.json()) as Partial<Answer>
  return { data, errors }
}

const overSocket: Ask = (request, role = 'ADMIN', app = pitboss) =>
  firstResult(app.socket(role), { query: '', ...request })

const told = ({ errors }: Answer) => errors.map(({ message, extensions: { code } }) => `${code}: ${message}`)

describe.each([
  ['POST', overPost],
  ['GET', overGet],
  ['WebSocket', overSocket],
])('over %s', (_name, ask) => {
  it('a document is run by its hash', async () => {
    expect(await ask({ documentId: idOf(whoAmI) })).toMatchObject({
      data: { viewer: { role: 'ADMIN' } },
      errors: [],
    })
  })

  it('with the operation and the variables that are named', async () => {
    const variables = { id: 'x' }
    const answer = await ask({ documentId: idOf(named), operationName: 'B', variables })
    expect(answer).toMatchObject({ data: { node: null, viewer: { role: 'ADMIN' } }, errors: [] })
  })

  it("also when it is asked for in Apollo's way", async () => {
    const persistedQuery = { version: 1, sha256Hash: documentHash(whoAmI) }
    expect((await ask({ extensions: { persistedQuery } })).data).toEqual({ viewer: { role: 'ADMIN' } })
    expect((await ask({ query: '{ __typename }', extensions: { persistedQuery } })).data).toEqual({
      __typename: 'Query',
    })
  })

  it.each([
    unknownId,
    'sha256:x',
    documentHash(whoAmI),
    `sha256:${documentHash(whoAmI).toUpperCase()}`,
    '\0',
  ])('the document %j is not there', async (documentId) => {
    const answer = await ask({ documentId })
    expect(told(answer)).toEqual([
      `DOCUMENT_NOT_REGISTERED: there is no document ${JSON.stringify(documentId)}`,
    ])
    expect(answer.data).toBeUndefined()
  })

  it('a hash and a text exclude each other', async () => {
    const answer = await ask({ documentId: idOf(whoAmI), query: whoAmI })
    expect(told(answer)).toEqual(['BAD_REQUEST: documentId and query exclude each other'])
  })

  it('a role that may run no others runs what is registered, by hash and by text', async () => {
    const data = { viewer: { role: 'SUPPORT' } }
    expect((await ask({ documentId: idOf(whoAmI) }, 'SUPPORT')).data).toEqual(data)
    expect((await ask({ query: whoAmI }, 'SUPPORT')).data).toEqual(data)
  })

  it.each([`${whoAmI} `, '{ __schema { queryType { name } } }', '{', '{ nothing }'])(
    'and nothing else: %j',
    async (query) => {
      const answer = await ask({ query }, 'SUPPORT')
      expect(told(answer)).toEqual([
        'DOCUMENT_NOT_REGISTERED: the role SUPPORT runs registered documents only',
      ])
      expect(answer.data).toBeUndefined()
    },
  )
})

it('over HTTP the status says whether a document is unknown or not allowed', async () => {
  const statusOf = async (request: object) =>
    (await post(pitboss.url, request, pitboss.tokens.SUPPORT)).status
  expect(await statusOf({ documentId: idOf(whoAmI) })).toBe(200)
  expect(await statusOf({ documentId: unknownId })).toBe(404)
  expect(await statusOf({ query: '{ __typename }' })).toBe(403)
  expect(await statusOf({ query: whoAmI, documentId: idOf(whoAmI) })).toBe(400)
  expect(await statusOf({ documentId: 7 })).toBe(400)
})

it('a subscription is run by its hash', async () => {
  const answer = await overSocket({ documentId: idOf(feed) }, 'SUPPORT')
  expect(answer).toMatchObject({ data: { betEvents: {} }, errors: [] })
})

describe('on every process', () => {
  it('a document is there as soon as it is loaded, also when it was asked for before', async () => {
    const second = await startTestApp({ beside: pitboss })
    const text = 'query Late { viewer { role } }'
    const ask = () => overPost({ documentId: idOf(text) }, 'ADMIN', second)
    expect(told(await ask())).toHaveLength(1)
    await loadDocuments(system, [{ name: 'Late', text }])
    expect((await ask()).data).toEqual({ viewer: { role: 'ADMIN' } })

    await removeDocuments(system, [documentHash(text)])
    await expect.poll(async () => told(await ask()), { timeout: 5000 }).toHaveLength(1)
    await second.close()
  })

  it('loading again changes nothing, and what the manifest lacks goes when it replaces all', async () => {
    const kept = [whoAmI, named, feed].map((text) => ({ name: 'again', text }))
    const extra = { name: 'Extra', text: 'query Extra { __typename }' }
    expect(await loadDocuments(system, [...kept, extra])).toEqual({ added: 1, known: 3, removed: 0 })
    expect(await loadDocuments(system, kept, { replace: true })).toEqual({ added: 0, known: 3, removed: 1 })
    await expect(removeDocuments(system, [documentHash(extra.text)])).rejects.toMatchObject({
      code: 'DOCUMENT_UNKNOWN',
    })
  })

  it('every load and every removal leaves an audit entry', async () => {
    const entries = await pitboss.database.sql`
      select action, outcome, after from audit_entries where action in ('loadDocuments', 'removeDocuments')
      order by id`
    expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'loadDocuments ALLOWED',
      'loadDocuments ALLOWED',
      'removeDocuments ALLOWED',
      'loadDocuments ALLOWED',
      'loadDocuments ALLOWED',
      'removeDocuments REFUSED',
    ])
    expect(entries[0]?.['after']).toEqual({ added: 3, known: 0, removed: 0 })
  })
})
