import { generateKeys } from '../support/hub88-client.ts'
import type { Benchmark, Contender } from './harness.ts'
import { withConnections } from './harness-http.ts'
import { closedLoop } from './harness-load.ts'
import { type Server, startServer } from './harness-processes.ts'
import { layDownPlayers } from './players.ts'
import { SignedBets } from './signed-bets.ts'
import { tpcb } from './tpcb.ts'

export const connections = 64
/** What is made ready for the first turn; afterwards it is known how fast it goes. */
const firstPerSecond = 3_000

export const callback: Benchmark = {
  name: 'callback',
  title: `bets through the signed HTTP callback, provider call kept, ${connections} connections`,
  unit: 'bet',
  async open(stage) {
    const place = await stage.createDatabase('callback', 'PITBOSS')
    const keys = generateKeys(2048)
    const bets = new SignedBets(await layDownPlayers(place.sql, keys.publicKey), keys.privateKey)
    const reference = await tpcb(stage, connections)
    const server = await startServer(stage, place.target)
    return { subject: calling(server, bets, stage.signal), reference }
  },
}

/** Bets through the callback; what was signed ahead is used up. */
export function calling({ pid, port }: Server, bets: SignedBets, signal: AbortSignal): Contender {
  let perSecond = firstPerSecond
  return {
    name: 'Pitboss',
    pid,
    prepare: (seconds) => bets.fill(Math.ceil(perSecond * seconds), signal),
    async run(seconds) {
      const load = await withConnections(port, connections, (opened) =>
        closedLoop(connections, seconds, async (client) => {
          const request = bets.take()
          if (!request) return false
          const reply = await opened[client]?.send(request)
          if (!reply?.body.includes('"RS_OK"'))
            throw new Error(`a bet was answered: ${reply?.body.toString()}`)
          return true
        }),
      )
      perSecond = (load.operations / load.seconds) * 1.5
      return load
    },
  }
}
