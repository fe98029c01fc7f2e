import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { layDownBets } from './list-data.ts'
import { listQuery } from './list-query.ts'
import { listStatement } from './list-statement.ts'

const secret = 'a secret of this test, and nowhere else'
const config = readConfig({ DATABASE_URL: 'postgres://elsewhere', PITBOSS_SECRET: secret, PORT: '0' })

let database: TestDatabase
let app: App | undefined

beforeAll(async () => {
  database = await createTestDatabase()
  const { target } = database
  app = await startApp({ config, target, secret: Buffer.from(secret), log: silentLog })
})

afterAll(async () => {
  await app?.close()
  await database.drop()
})

interface Bet {
  readonly player: { id: string }
  readonly game: { id: string; provider: { id: string } }
  readonly round: { id: string }
  readonly session: { id: string }
}

test('the statement that the list is compared with gives the very bytes of the GraphQL data', async () => {
  const sizes = { bets: 120, players: 60, games: 55, providers: 50 }
  const { brandId, token } = await layDownBets(database.sql, sizes)
  const reply = await fetch(`${app?.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: listQuery }),
  })
  const text = await reply.text()
  const [row] = await database.sql.unsafe<{ data: string }[]>(listStatement, [brandId])
  expect(text.replace(/,"extensions":\{"cost":\{[^}]*\}\}\}$/, '')).toBe(`{"data":${row?.data}`)

  const { data } = JSON.parse(text) as { data: { bets: { nodes: Bet[] } } }
  const distinct = (idOf: (bet: Bet) => string) => new Set(data.bets.nodes.map(idOf)).size
  expect(distinct(({ player }) => player.id)).toBe(50)
  expect(distinct(({ game }) => game.id)).toBe(50)
  expect(distinct(({ round }) => round.id)).toBe(50)
  expect(distinct(({ session }) => session.id)).toBe(50)
})
