import { generateKeys } from '../support/hub88-client.ts'
import { calling, connections } from './callback.ts'
import type { Benchmark, Contender } from './harness.ts'
import { startServer, startWorker, type Worker } from './harness-processes.ts'
import { layDownPlayers, layDownViewer } from './players.ts'
import { SignedBets } from './signed-bets.ts'
import { tpcb } from './tpcb.ts'
import type { WatchInput } from './watch-worker.ts'

const sockets = 1_000

export const watched: Benchmark = {
  name: 'watched',
  title: `the same bets while ${sockets} sockets each watch one of the ${sockets} players that bet`,
  unit: 'bet',
  async open(stage) {
    const place = await stage.createDatabase('watched', 'PITBOSS')
    const keys = generateKeys(2048)
    const crowd = await layDownPlayers(place.sql, keys.publicKey, sockets)
    const token = await layDownViewer(place.sql, crowd.world.brandId)
    const reference = await tpcb(stage, connections)
    const server = await startServer(stage, place.target)
    const players = await place.sql<{ id: string }[]>`select id from players`
    const input: WatchInput = { port: server.port, token, playerIds: players.map(({ id }) => id) }
    const watchers = await startWorker(stage, 'watch-worker.ts', input)
    const bets = new SignedBets(crowd, keys.privateKey)
    return { subject: watching(calling(server, bets, stage.signal), watchers), reference }
  },
}

const watching = (contender: Contender, watchers: Worker): Contender => ({
  ...contender,
  async run(seconds) {
    const [load, { operations }] = await Promise.all([contender.run(seconds), watchers.run(seconds)])
    return { ...load, delivered: operations }
  },
})
