// The same list by other servers of GraphQL on Node. They are packages of their own, in test/bench/peers, which
// nobody has to install who does not run this: `npm ci --prefix test/bench/peers`. Both do less than Pitboss does:
// they ask nobody who he is, what he may see, or what his query may cost.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionTarget } from '../../src/db/connection.ts'
import { postgresOptions } from '../../src/db/connection.ts'
import { globalId } from '../../src/lib/global-id.ts'
import type { Benchmark } from './harness.ts'
import { postRequest } from './harness-http.ts'
import { startServer, startWorker } from './harness-processes.ts'
import type { Stage } from './harness-stage.ts'
import { ask, asking, connections, poolMax, sizes, theSameAnswer } from './list.ts'
import { layDownBets } from './list-data.ts'
import { listQuery } from './list-query.ts'

const missing = (): string | undefined =>
  existsSync(join(import.meta.dirname, 'peers/node_modules'))
    ? undefined
    : 'as it is not installed: npm ci --prefix test/bench/peers'

const title = (peer: string) =>
  `the 50 bets of "list", Pitboss against ${peer}, over HTTP, ${connections} connections`

export const mercurius: Benchmark = {
  name: 'mercurius',
  title: title('mercurius with jit, a schema and loaders by hand'),
  unit: 'request',
  missing,
  async open(stage) {
    const { ours, theirs, request } = await openBoth(stage, 'mercurius')
    const expected = await theSameAnswer(request, ours.port, theirs.port)
    return {
      subject: asking({ name: 'Pitboss', ...ours, request, expected }),
      reference: asking({ name: 'mercurius', ...theirs, request, expected }),
    }
  },
}

/** PostGraphile names things its own way: its data are compared once they are turned into ours. */
export const postgraphile: Benchmark = {
  name: 'postgraphile',
  title: title('PostGraphile 5'),
  unit: 'request',
  missing,
  async open(stage) {
    const { ours, theirs, request, brandId } = await openBoth(stage, 'postgraphile')
    const body = JSON.stringify({ query: postgraphileQuery, variables: { brand: brandId } })
    const own = postRequest('/graphql', body, {})
    const [expected, found] = await Promise.all([ask(ours.port, request), ask(theirs.port, own)])
    const data = dataOf(expected)
    if (JSON.stringify(asOurs(dataOf(found))) !== JSON.stringify(data))
      throw new Error(`the answers differ:\n${expected?.toString()}\n${found?.toString()}`)
    const begin = Buffer.from(`{"data":${JSON.stringify(data)}`)
    return {
      subject: asking({ name: 'Pitboss', ...ours, request, expected: begin }),
      reference: asking({ name: 'PostGraphile', ...theirs, request: own, expected: found ?? begin }),
    }
  },
}

async function openBoth(stage: Stage, peer: string) {
  const place = await stage.createDatabase(peer, 'PITBOSS')
  const { brandId, token } = await layDownBets(place.sql, sizes)
  const ours = await startServer(stage, place.target)
  const input = { ...connectionOf(place.target), brandId, poolMax }
  const theirs = await startWorker(stage, `peers/${peer}.js`, input)
  const body = JSON.stringify({ query: listQuery })
  return {
    ours,
    theirs,
    brandId,
    request: postRequest('/graphql', body, { Authorization: `Bearer ${token}` }),
  }
}

/** As postgres.js takes it, and as pg does. */
function connectionOf(target: ConnectionTarget) {
  if ('url' in target) throw new Error('the stage has a server of its own')
  const { path, database, username } = postgresOptions(target)
  const { socketDir, port } = target
  return {
    connection: { path, database, username },
    pg: { host: socketDir, port, database, user: username },
  }
}

const postgraphileQuery = /* GraphQL */ `
  query Bets($brand: UUID!) {
    bets: allBets(first: 50, orderBy: ROW_ID_DESC, condition: { brandId: $brand }) {
      nodes {
        rowId transactionKey status result kind currency stakeMinor payoutMinor placedAt settledAt
        player: playerByPlayerId { rowId externalId status country }
        game: gameByGameId { rowId code name category provider: providerByProviderId { rowId code name } }
        round: roundByRoundId { rowId roundKey status startedAt }
        session: sessionBySessionId { rowId status country openedAt }
      }
      pageInfo { hasNextPage }
    }
  }
`

interface Row {
  readonly rowId: string
  readonly [field: string]: unknown
}

interface Data {
  readonly bets: { readonly nodes: readonly Row[]; readonly pageInfo: object }
}

const dataOf = (body: Buffer | undefined): Data => {
  const { data } = JSON.parse(body?.toString() ?? '{}') as { data?: Data | null }
  if (data?.bets.nodes.length !== 50) throw new Error(`this is no page of 50 bets: ${body?.toString()}`)
  return data
}

const asOurs = ({ bets: { nodes, pageInfo } }: Data) => ({ bets: { nodes: nodes.map(betAsOurs), pageInfo } })

function betAsOurs(row: Row) {
  const { transactionKey, status, result, kind, currency, stakeMinor, payoutMinor, placedAt, settledAt } = row
  const { player, game, round, session } = row as unknown as Record<string, Row>
  return {
    id: globalId('Bet', row.rowId),
    transactionKey,
    status,
    result,
    kind,
    stake: { minorUnits: stakeMinor, currency },
    payout: { minorUnits: payoutMinor, currency },
    placedAt: momentAsOurs(placedAt),
    settledAt: momentAsOurs(settledAt),
    player: linkAsOurs('Player', player),
    game: game && { ...linkAsOurs('Game', game), provider: linkAsOurs('Provider', game['provider'] as Row) },
    round: linkAsOurs('Round', round),
    session: linkAsOurs('Session', session),
  }
}

function linkAsOurs(type: string, row: Row | undefined) {
  if (!row) return null
  const { rowId, ...rest } = row
  const fields = Object.entries(rest).map(([name, value]) => [
    name,
    name.endsWith('At') ? momentAsOurs(value) : value,
  ])
  return { id: globalId(type, rowId), ...(Object.fromEntries(fields) as object) }
}

/** `2026-11-27T16:21:34.021000+00:00` */
const momentAsOurs = (value: unknown) =>
  typeof value === 'string' ? value.replace(/(\.\d{3})\d*\+00:00$/, '$1Z') : null
