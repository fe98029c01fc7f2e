// People who watch: a socket each, on one player. Of a message only its kind is read, since the machine is shared with
// what is measured.
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { globalId } from '../../src/lib/global-id.ts'
import { serveTurns, workerInput } from './harness-worker.ts'

export interface WatchInput {
  readonly port: number
  readonly token: string
  readonly playerIds: readonly string[]
}

/** What the events say by themselves, as a page that shows them come in would ask. */
const query = `subscription ($player: ID!) { betEvents(filter: {player: {eq: $player}}) {
  cursor occurredAt event { __typename
    ... on BetPlaced { id seq playerVersion stake { amount currency } }
    ... on RoundStarted { id seq playerVersion } } } }`

const openedAtOnce = 50

const { port, token, playerIds } = workerInput() as WatchInput
let events = 0
let failure: string | undefined

for (let first = 0; first < playerIds.length; first += openedAtOnce) {
  await Promise.all(playerIds.slice(first, first + openedAtOnce).map(watch))
}

serveTurns(0, async (seconds) => {
  const before = events
  await sleep(seconds * 1000)
  if (failure !== undefined) throw new Error(`a socket ended: ${failure}`)
  return { operations: events - before, seconds, p50Ms: 0, p99Ms: 0, delivered: 0 }
})

/** Resolves once the subscription is live. */
function watch(playerId: string): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws')
  const tell = (message: object) => socket.send(JSON.stringify(message))
  const payload = { query, variables: { player: globalId('Player', playerId) } }
  return new Promise((resolve, reject) => {
    const end = (reason: string) => {
      failure ??= reason
      reject(new Error(reason))
    }
    socket.on('open', () => tell({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } }))
    socket.on('close', (code) => end(`closed with ${code}`))
    socket.on('error', (error) => end(error.message))
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1')
      if (/"__typename":"(?:BetPlaced|RoundStarted)"/.test(text)) events += 1
      else if (text.includes('"StreamLive"')) resolve()
      else if (text.includes('"type":"connection_ack"')) tell({ id: '1', type: 'subscribe', payload })
      else if (text.includes('"type":"ping"')) tell({ type: 'pong' })
      else if (!text.includes('"Heartbeat"')) end(text)
    })
  })
}
