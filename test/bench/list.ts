import type { Benchmark, Contender } from './harness.ts'
import { postRequest, withConnections } from './harness-http.ts'
import { closedLoop } from './harness-load.ts'
import { startServer, startWorker } from './harness-processes.ts'
import { layDownBets } from './list-data.ts'
import { listQuery } from './list-query.ts'
import type { ListReferenceInput } from './list-reference.ts'

export const connections = 16
/** The server's own default, so that both have as many. */
export const poolMax = 10
export const sizes = { bets: 20_000, players: 2_000, games: 200, providers: 50 }

export const list: Benchmark = {
  name: 'list',
  title: `50 bets with player, game, provider, round and session, over HTTP, ${connections} connections`,
  unit: 'request',
  async open(stage) {
    const place = await stage.createDatabase('list', 'PITBOSS')
    const { brandId, token } = await layDownBets(place.sql, sizes)
    // As on any machine of two cores where reads are many. A second process of the reference's makes it no faster.
    const server = await startServer(stage, place.target, 2)
    const input: ListReferenceInput = { target: place.target, brandId, poolMax }
    const worker = await startWorker(stage, 'list-reference.ts', input)
    const body = JSON.stringify({ query: listQuery })
    const request = postRequest('/graphql', body, { Authorization: `Bearer ${token}` })
    const expected = await theSameAnswer(request, server.port, worker.port)
    return {
      subject: asking({ name: 'Pitboss', ...server, request, expected }),
      reference: asking({ name: 'one SQL statement', ...worker, request, expected }),
    }
  },
}

/** The data that both give, to the byte; a full page of bets without errors. What they cost comes after them. */
export async function theSameAnswer(request: Buffer, ...ports: number[]): Promise<Buffer> {
  const [ours, theirs] = await Promise.all(ports.map((port) => ask(port, request)))
  const expected = theirs?.subarray(0, -'}\n'.length)
  if (!ours || !expected || !beginsWith(ours, expected))
    throw new Error(`the answers differ:\n${ours?.toString()}\n${theirs?.toString()}`)
  const text = theirs?.toString() ?? ''
  const { data } = JSON.parse(text) as { data: { bets: { nodes: unknown[] } } | null }
  if (data?.bets.nodes.length !== 50) throw new Error(`this is no page of 50 bets: ${text}`)
  return expected
}

const beginsWith = (body: Buffer, expected: Buffer): boolean =>
  body.subarray(0, expected.length).equals(expected)

export const ask = (port: number, request: Buffer): Promise<Buffer | undefined> =>
  withConnections(port, 1, async ([only]) => (await only?.send(request))?.body)

interface Asked {
  readonly name: string
  readonly pid: number
  readonly port: number
  readonly request: Buffer
  readonly expected: Buffer
}

/** Every answer of the run is compared. */
export const asking = ({ name, pid, port, request, expected }: Asked): Contender => ({
  name,
  pid,
  run: (seconds) =>
    withConnections(port, connections, (opened) =>
      closedLoop(connections, seconds, async (client) => {
        const reply = await opened[client]?.send(request)
        if (!reply || !beginsWith(reply.body, expected))
          throw new Error(`${name} answered otherwise: ${reply?.body.toString()}`)
        return true
      }),
    ),
})
