// A provider's report against bets that really came in over HTTP: what differs is found, and nothing else.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { seedOperator, startTestApp, type TestApp, type TestOperator } from '../support/app.ts'
import { pitboss } from '../support/command.ts'
import { playEveryEnd } from '../support/every-end.ts'
import { generateKeys, hub88Client } from '../support/hub88-client.ts'
import { createWorld, type ProviderWorld } from '../support/provider-world.ts'
import { csvLine, csvReport, reportColumns, type ReportRow } from '../support/report.ts'
import { until } from '../support/until.ts'
import { urlOf } from '../support/server-process.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const hourMs = 3_600_000
const from = new Date(Date.now() - hourMs).toISOString()
const to = new Date(Date.now() + hourMs).toISOString()

let app: TestApp
let world: ProviderWorld
let staff: TestOperator
let stranger: TestOperator
let folder: string
/** What the provider says of every call it made: the truth. */
let truth: ReportRow[]
let named: Readonly<Record<string, ReportRow>>

beforeAll(async () => {
  app = await startTestApp()
  const { sql } = app.database
  const keys = generateKeys()
  world = await createWorld(sql, [keys.publicKey])
  staff = await seedOperator(sql, 'GAME_OPS', [world.brandId])
  stranger = await seedOperator(sql, 'GAME_OPS', [app.brandId])
  folder = mkdtempSync('/tmp/pitboss-test-')
  named = await playEveryEnd(sql, world, hub88Client(app.url, world.accountCode, keys.privateKey))
  truth = Object.values(named)
})
afterAll(async () => {
  await app?.close()
  rmSync(folder, { recursive: true })
})

async function upload(body: string, type: string, query = '', token = staff.token, base = app.url) {
  const url = `${base}/reconciliations?account=${world.accountCode}&from=${from}&to=${to}${query}`
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  const response = await fetch(url, { method: 'POST', headers, body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const itemFields = `bucket line reason transactionKey state
  theirs { kind status amount currency playerExternalId }
  ours { kind status amount currency roundKey playerExternalId gameCode }
  transaction { kind } bet { status } player { externalId } previous { id }`

interface Item {
  readonly id: string
  readonly bucket: string
  readonly transactionKey: string | null
  readonly previous: { id: string } | null
}

async function itemsOf(id: unknown): Promise<Item[]> {
  const answer = await app.graphql<{ reconciliation: { items: { nodes: Item[] } } }>(
    `query ($id: ID!) { reconciliation(id: $id) {
      items(first: 100, sort: { key: FOUND_AT, direction: ASC }) { nodes { id ${itemFields} } } } }`,
    { id },
    staff,
  )
  expect(answer.errors).toBeUndefined()
  return answer.data.reconciliation.items.nodes
}

const row = (name: string): ReportRow => named[name] ?? expect.fail(`nothing is called ${name}`)

/** The truth with a lie for every bucket. */
function lies(): { rows: ReportRow[]; expected: Record<string, string[]> } {
  const key = (name: string) => row(name).transaction_uuid
  const invented = { ...row('lost'), transaction_uuid: randomUUID() }
  const changes: Readonly<Record<string, Partial<ReportRow> | null>> = {
    [key('kind')]: { kind: 'TK_WIN' },
    [key('currency')]: { currency: 'USD' },
    [key('amount')]: { amount: 100_001 },
    [key('dropped')]: null,
    [key('theirsRolledBack')]: { status: 'TS_ROLLEDBACK' },
    [key('undone')]: { status: 'TS_SUCCESS' },
    [key('refused')]: { status: 'TS_SUCCESS' },
    [key('won')]: { status: 'TS_WHAT' },
  }
  const told = truth.flatMap((one) => {
    const change = changes[one.transaction_uuid]
    return change === null ? [] : [{ ...one, ...change }]
  })
  return {
    rows: [...told, invented, row('twice')],
    expected: {
      MISSING_HERE: [invented.transaction_uuid],
      MISSING_THERE: [key('dropped')],
      KIND: [key('kind')],
      CURRENCY: [key('currency')],
      AMOUNT: [key('amount')],
      STATUS: [key('refused'), key('theirsRolledBack'), key('undone')].sort(),
      DUPLICATE: [key('twice')],
      UNREADABLE: [key('won')],
    },
  }
}

const byBucket = (items: readonly Item[]) => {
  const groups = Map.groupBy(items, ({ bucket }) => bucket)
  return Object.fromEntries(
    [...groups].map(([name, of]) => [name, of.map((one) => String(one.transactionKey)).sort()]),
  )
}

describe('a report that tells the truth', () => {
  const writings = [
    ['CSV', 'text/csv', csvReport],
    ['an array', 'application/json', (rows: ReportRow[]) => JSON.stringify(rows)],
    [
      'an object with a list',
      'application/json',
      (rows: ReportRow[]) => JSON.stringify({ tags: [], transactions: rows }),
    ],
    [
      'an object a line',
      'application/x-ndjson',
      (rows: ReportRow[]) => rows.map((one) => JSON.stringify(one)).join('\n'),
    ],
  ] as const

  test.each(writings)('has no mismatches, written as %s', async (_name, type, write) => {
    const { status, body } = await upload(write(truth), type)
    expect({ status, ...body }).toMatchObject({
      status: 201,
      linesRead: truth.length,
      matched: truth.length,
      counts: {},
    })
    expect(await itemsOf(body['id'])).toEqual([])
  })
})

describe('a report with a lie of each kind', () => {
  test('gives exactly those, over HTTP', async () => {
    const { rows, expected } = lies()
    const { status, body } = await upload(csvReport(rows), 'text/csv')
    expect(status).toBe(201)
    const items = await itemsOf(body['id'])
    expect(byBucket(items)).toEqual(expected)
    expect(body).toMatchObject({
      linesRead: rows.length,
      matched: rows.length - 9,
      counts: { STATUS: 3, AMOUNT: 1, MISSING_THERE: 1, MISSING_HERE: 1 },
    })
    expect(items.find((one) => one.bucket === 'AMOUNT')).toMatchObject({
      theirs: { kind: 'BET', status: 'SUCCESS', amount: '1.00001', currency: 'EUR' },
      ours: {
        amount: '1.00',
        roundKey: row('amount').round,
        playerExternalId: row('amount').user,
        gameCode: 'reel_quest',
      },
      transaction: { kind: 'BET' },
      bet: { status: 'SETTLED' },
      player: { externalId: row('amount').user },
      state: 'OPEN',
      previous: null,
    })
    expect(items.find((one) => one.bucket === 'UNREADABLE')).toMatchObject({
      line: expect.stringMatching(/^\d+$/),
      reason: 'status "TS_WHAT" is not known',
      theirs: null,
      ours: null,
    })
  })

  test('gives the same by the command line, from a file and from the standard input', async () => {
    const { rows, expected } = lies()
    const file = join(folder, 'report.csv')
    writeFileSync(file, csvReport(rows))
    const options = ['--account', world.accountCode, '--from', from, '--to', to]
    const env = { DATABASE_URL: urlOf(app.database.target) }
    const fromFile = await pitboss(['reconcile', ...options, file], env)
    const piped = await pitboss(['reconcile', ...options, '--format', 'json', '-'], env, JSON.stringify(rows))
    for (const { code, out, err } of [fromFile, piped]) {
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).toMatch(/^LINES READ +\d+$/m)
      expect(byBucket(await itemsOf(out.trim().split('\n').at(-1)))).toEqual(expected)
    }
  })

  test('is about this brand alone', async () => {
    const refused = await upload(csvReport(truth), 'text/csv', '', stranger.token)
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ message: 'there is no such provider account' }] },
    })
    const { body } = await upload(csvReport(lies().rows), 'text/csv')
    const [item] = await itemsOf(body['id'])
    const query = `query ($id: ID!, $item: ID!) { reconciliation(id: $id) { id } node(id: $item) { id }
      reconciliations(first: 5) { nodes { id } } reconciliationItems(first: 5) { nodes { id } } }`
    const answer = await app.graphql(query, { id: body['id'], item: item?.id }, stranger)
    expect(answer.data).toEqual({
      reconciliation: null,
      node: null,
      reconciliations: { nodes: [] },
      reconciliationItems: { nodes: [] },
    })
  })
})

describe('a report that is none', () => {
  const [, ...without] = reportColumns
  test.each([
    ['lacks columns', `${without.join(',')}\n`, 'text/csv', 'the report lacks the columns transaction_uuid'],
    ['is empty', '', 'text/csv', 'the report is empty'],
    ['is no JSON', 'hello', 'application/json', 'the report is not JSON'],
    [
      'ends in the middle',
      '[{"transaction_uuid":',
      'application/json',
      'the report ends in the middle, or holds no list',
    ],
  ])('fails when it %s, and leaves nothing to work on', async (_name, text, type, failure) => {
    const { status, body } = await upload(text, type)
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ message: failure }] } })
    const query =
      '{ reconciliations(first: 1) { nodes { status failure finishedAt items(first: 1) { nodes { id } } } } }'
    const { data } = await app.graphql<{ reconciliations: { nodes: unknown[] } }>(query, {}, staff)
    expect(data.reconciliations.nodes).toEqual([
      { status: 'FAILED', failure, finishedAt: expect.any(String), items: { nodes: [] } },
    ])
  })

  const newest = async () => {
    const query = '{ reconciliations(first: 1) { nodes { status failure } } }'
    type Newest = { reconciliations: { nodes: { status: string; failure: string | null }[] } }
    return (await app.graphql<Newest>(query, {}, staff)).data.reconciliations.nodes[0]
  }

  test('is given up when its server stops', async () => {
    const server = await startTestApp({ beside: app, config: { shutdownGraceMs: 0 } })
    const holder = await app.database.sql.reserve()
    await holder`begin`
    await holder`lock table bets in access exclusive mode`
    const uploading = upload(csvReport(truth), 'text/csv', '', staff.token, server.url).catch(() => 'cut')
    await until(async () => (await newest())?.status === 'READING')
    await server.close()
    const left = await newest()
    await holder`rollback`
    holder.release()
    expect(left).toEqual({ status: 'FAILED', failure: 'its server was stopped' })
    expect(await uploading).toBe('cut')
  })

  test('fails when its upload is cut short', async () => {
    const { port } = new URL(app.url)
    const path = `/reconciliations?account=${world.accountCode}&from=${from}&to=${to}`
    const headers = {
      authorization: `Bearer ${staff.token}`,
      'content-type': 'text/csv',
      'content-length': 1e6,
    }
    const sending = request({ host: '127.0.0.1', port, path, method: 'POST', headers })
    sending.on('error', () => {})
    sending.write(csvReport(truth))
    await until(async () => (await newest())?.status === 'READING')
    sending.destroy()
    await until(async () => (await newest())?.status === 'FAILED')
    expect((await newest())?.failure).toBe('the upload was cut short')
  })

  test('a broken line costs nobody but itself', async () => {
    const text = csvReport(truth).replace(
      csvLine(row('lost')),
      `${csvLine(row('lost'))},more\r\n"never closed,1`,
    )
    const { body } = await upload(text, 'text/csv')
    const items = await itemsOf(body['id'])
    const reasons = items.map(({ bucket, ...one }) => [bucket, (one as { reason?: string }).reason])
    expect(reasons).toEqual([
      ['UNREADABLE', 'it has 11 cells where the heading has 10'],
      ['UNREADABLE', 'its quotes are not those of CSV'],
      ['MISSING_THERE', null],
    ])
  })

  test.each([
    ['no token', {}, 401],
    ['a token without RECONCILE', { role: 'SUPPORT' as const }, 403],
  ])('is not looked at with %s', async (_name, { role }: { role?: 'SUPPORT' }, status) => {
    const token = role ? app.tokens[role] : 'none'
    expect((await upload(csvReport(truth), 'text/csv', '', token)).status).toBe(status)
  })
})
