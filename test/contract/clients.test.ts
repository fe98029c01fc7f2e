// The clients of others answer the example queries: what each hands out is what the server said.
import { getOperationAST, OperationTypeNode, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldAll } from '../../src/domain/figures/fold.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Example, examples } from '../support/examples.ts'
import { Factory } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { type OutsideClient, outsideClients } from '../support/outside-clients.ts'

const names = ['Apollo Client', 'urql', 'graphql-request', 'graphql-ws']
const kindOf = ({ text }: Example) => getOperationAST(parse(text))?.operation
const queries = examples.filter((one) => kindOf(one) === OperationTypeNode.QUERY)
const live = examples.find((one) => kindOf(one) === OperationTypeNode.SUBSCRIPTION)?.text ?? ''

let pitboss: TestApp
let seat: Seat
let clients: readonly OutsideClient[]

beforeAll(async () => {
  // Two clients that ask one after the other must be told the same: a session's duration as well. And where no time
  // goes by, no costs are given back.
  const now = new Date()
  const costs = { operationMax: 10 ** 8, bucket: 10 ** 9, restorePerSecond: 10 ** 8 }
  pitboss = await startTestApp({ clock: { now: () => now }, config: { costs } })
  const factory = new Factory(pitboss.database.sql)
  seat = factory.seat({ id: pitboss.brandId, code: 'demo' })
  const other = factory.seat({ id: pitboss.brandId, code: 'demo' })
  for (const outcome of ['OPEN', 'WON', 'LOST', 'ROLLED_BACK'] as const) {
    for (const one of [seat, other]) factory.bet(one, { outcome })
  }
  await factory.save()
  await foldAll({ sql: pitboss.database.sql })
  clients = outsideClients({
    url: `${pitboss.url}/graphql`,
    token: pitboss.tokens.ADMIN,
    socket: pitboss.socket(),
  })
})
afterAll(() => pitboss?.close())

const clientOf = (name: string): OutsideClient => {
  const client = clients.find((one) => one.name === name)
  if (!client) throw new Error(`there is no client ${name}`)
  return client
}

/** Some clients ask for `__typename` wherever it can be asked for. */
/** What clients add to an answer, and up to when figures are counted, which moves on meanwhile. */
const added = ['__typename', 'asOf']

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !added.includes(key))
  return Object.fromEntries(entries.map(([key, one]) => [key, comparable(one)]))
}

async function openSession(key: string): Promise<void> {
  const [game] = await pitboss.database.sql<
    { code: string }[]
  >`select code from games where id = ${seat.gameId}`
  const mutation = `mutation Launch($input: OpenSessionInput!) { openSession(input: $input) { userErrors { code } } }`
  const input = {
    idempotencyKey: key.replaceAll(' ', '-'),
    player: { byExternal: { brandCode: 'demo', externalId: seat.externalId } },
    providerAccountCode: seat.accountCode,
    gameCode: game?.code,
    currency: 'EUR',
  }
  const { data } = await pitboss.graphql(mutation, { input })
  expect(data).toEqual({ openSession: { userErrors: [] } })
}

describe.each(names)('%s', (name) => {
  test.each(queries)('answers $file', async ({ text }) => {
    const { data, errors } = await pitboss.graphql(text)
    expect(errors).toBeUndefined()
    expect(comparable(await clientOf(name).query(text))).toEqual(comparable(data))
  })

  test.skipIf(name === 'graphql-request')('follows what happens', async () => {
    const seen: string[] = []
    await new Promise<void>((resolve, reject) => {
      const stop = clientOf(name).subscribe?.(live, (data) => {
        const { betEvents } = data as { betEvents: { event: { __typename: string } } }
        const { __typename: type } = betEvents.event
        seen.push(type)
        if (type === 'StreamLive') openSession(name).catch(reject)
        if (type !== 'SessionOpened') return
        stop?.()
        resolve()
      })
    })
    expect(seen.filter((type) => type !== 'Heartbeat')).toEqual(['StreamLive', 'SessionOpened'])
  })
})
