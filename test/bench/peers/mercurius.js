// The list as one writes it with mercurius: a schema by hand, a loader for each link over prepared statements, and
// documents compiled from their first use on. It asks nobody who he is.
import { createServer } from 'node:http'
import fastify from 'fastify'
import mercurius from 'mercurius'
import postgres from 'postgres'
import { serveTurns, workerInput } from '../harness-worker.ts'

const { connection, brandId, poolMax } = workerInput()
const sql = postgres({ ...connection, max: poolMax, types: { bigint: postgres.BigInt } })

const schema = /* GraphQL */ `
  type Query { bets(first: Int!): BetConnection! }
  type BetConnection { nodes: [Bet!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! }
  type Money { minorUnits: String! currency: String! }
  type Bet {
    id: ID! transactionKey: String! status: String! result: String kind: String!
    stake: Money! payout: Money! placedAt: String! settledAt: String
    player: Player game: Game round: Round session: Session
  }
  type Player { id: ID! externalId: String! status: String! country: String }
  type Game { id: ID! code: String! name: String! category: String! provider: Provider }
  type Provider { id: ID! code: String! name: String! }
  type Round { id: ID! roundKey: String! status: String! startedAt: String! }
  type Session { id: ID! status: String! country: String openedAt: String! }
`

const idOf =
  (type) =>
  ({ id }) =>
    Buffer.from(`${type}:${id}`).toString('base64url')
const moment = (name) => (row) => row[name]?.toISOString() ?? null
const money =
  (name) =>
  ({ [name]: minorUnits, currency }) => ({ minorUnits: String(minorUnits), currency })

const resolvers = {
  Query: {
    async bets(_, { first }) {
      const rows = await sql`
        select id, transaction_key as "transactionKey", status, result, kind, currency, stake_minor, payout_minor,
          placed_at, settled_at, player_id, game_id, round_id, session_id
        from bets where brand_id = ${brandId} order by id desc limit ${first + 1}`
      return { nodes: rows.slice(0, first), pageInfo: { hasNextPage: rows.length > first } }
    },
  },
  Bet: {
    id: idOf('Bet'),
    stake: money('stake_minor'),
    payout: money('payout_minor'),
    placedAt: moment('placed_at'),
    settledAt: moment('settled_at'),
  },
  Player: { id: idOf('Player') },
  Game: { id: idOf('Game') },
  Provider: { id: idOf('Provider') },
  Round: { id: idOf('Round'), startedAt: moment('started_at') },
  Session: { id: idOf('Session'), openedAt: moment('opened_at') },
}

/** Without mercurius' own cache of loads, which turns each key to text first: no two bets share a link here. */
const link = (column, read) => ({
  opts: { cache: false },
  async loader(queries) {
    const ids = [...new Set(queries.map(({ obj }) => obj[column]))]
    const rows = new Map((await read(ids)).map((row) => [row.id, row]))
    return queries.map(({ obj }) => rows.get(obj[column]) ?? null)
  },
})

const loaders = {
  Bet: {
    player: link(
      'player_id',
      (ids) =>
        sql`select id, external_id as "externalId", status, country from players where id = any(${ids})`,
    ),
    game: link(
      'game_id',
      (ids) => sql`select id, code, name, category, provider_id from games where id = any(${ids})`,
    ),
    round: link(
      'round_id',
      (ids) => sql`select id, round_key as "roundKey", status, started_at from rounds where id = any(${ids})`,
    ),
    session: link(
      'session_id',
      (ids) => sql`select id, status, country, opened_at from sessions where id = any(${ids})`,
    ),
  },
  Game: {
    provider: link('provider_id', (ids) => sql`select id, code, name from providers where id = any(${ids})`),
  },
}

const app = fastify({ serverFactory: (handler) => createServer(handler) })
await app.register(mercurius, { schema, resolvers, loaders, jit: 1 })
await app.listen({ host: '127.0.0.1', port: 0 })
serveTurns(app.server.address().port, () => Promise.reject(new Error('the load comes over HTTP')))
