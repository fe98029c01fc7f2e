// What is to be killed, and who watches: a PostgreSQL of its own, two servers on it as an operator would start them
// (one through a proxy that can cut its connections), players, and a provider that plays with them without a pause.
import { setTimeout as nap } from 'node:timers/promises'
import postgres from 'postgres'
import { poolTypes, postgresOptions } from '../../src/db/connection.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openStreams } from '../../src/domain/money/streams.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { silentLog } from '../../src/lib/log.ts'
import { commandsOf } from './commands.ts'
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.ts'
import type { TestDatabase } from './database.ts'
import { generateKeys } from './hub88-client.ts'
import { openOwnPostgres, type OwnPostgres, type OwnPostgresOptions } from './own-postgres.ts'
import {
  addPlayer,
  addSession,
  createWorld,
  type ProviderWorld,
  type WorldSession,
} from './provider-world.ts'
import type { Random } from './random.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { type Tally, WalletClient } from './wallet-client.ts'

export interface KillsStage {
  readonly postgres: OwnPostgres
  readonly proxy: CuttingProxy
  /** The test's own connections; they come back by themselves. */
  readonly sql: TestDatabase['sql']
  readonly servers: ServerProcess[]
  readonly client: WalletClient
  readonly sessions: readonly WorldSession[]
  readonly random: Random
  /** Puts a new server in the place of one that is gone. */
  replaceServer(index: number): Promise<void>
  /** Runs the work while the players play; they stop when it is done, however it ends. */
  whilePlaying(work: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

export const openingMinor = 1_000_000n

const playerCount = 10

/** The sessions of these players have been open for hours. */
const serverSettings = { SESSION_IDLE_MINUTES: '1440', LOG_LEVEL: 'info' }

export interface KillsOptions extends OwnPostgresOptions {
  readonly random: Random
}

export async function openKillsStage({ random, ...options }: KillsOptions): Promise<KillsStage> {
  const own = await openOwnPostgres(options)
  await migrate({ target: own.target, log: silentLog, now: new Date() })
  const proxy = await openCuttingProxy(own.target)
  const sql = postgres({ ...postgresOptions(own.target, { max: 4 }), ...poolTypes })
  const keys = generateKeys()
  const world = await createWorld(sql, [keys.publicKey])
  const sessions = await seatPlayers(own, sql, world)
  const ways = [own.target, proxy.target]
  const servers = await Promise.all(ways.map((way) => startServerProcess(way, serverSettings)))
  const leaving = new Set<ServerProcess>()
  const served = () => servers.filter((server) => !leaving.has(server))
  const client = new WalletClient(world.accountCode, keys, () => random.pick(served()).url)

  const play = async (session: WorldSession, stop: AbortSignal) => {
    while (!stop.aborted) {
      const hand = await client.play(session, random)
      // The machine is shared with those who are played with; where nobody answers, patience costs nothing.
      const unanswered = hand.calls.some(({ status }) => status === undefined)
      await nap(random.int(unanswered ? 100 : 10))
    }
  }
  return {
    postgres: own,
    proxy,
    sql,
    servers,
    client,
    sessions,
    random,
    async replaceServer(index) {
      const [way, old] = [ways[index], servers[index]]
      if (!way || !old) return
      leaving.add(old)
      servers[index] = await startServerProcess(way, serverSettings)
    },
    async whilePlaying(work) {
      const stop = new AbortController()
      const playing = Promise.all(sessions.map((session) => play(session, stop.signal)))
      try {
        await work()
      } finally {
        stop.abort()
        await playing
      }
    },
    async close() {
      await Promise.all(servers.map((server) => server.stop()))
      await sql.end({ timeout: 1 })
      await proxy.close()
      await own.close()
    },
  }
}

/** Players with cash that came by a deposit, so that every coin has its leg. */
async function seatPlayers(
  own: OwnPostgres,
  sql: TestDatabase['sql'],
  world: ProviderWorld,
): Promise<WorldSession[]> {
  const cashier = openStreams(own.target, { log: silentLog, streams: 1, answerWithinMs: 20_000 })
  const { deposit } = commandsOf(world)
  const seat = async () => {
    const player = await addPlayer(sql, world, { cashMinor: 0n })
    const session = await addSession(sql, world, player)
    const to = { playerId: player.id, tokenHash: sha256(session.token) }
    await cashier.submit({ command: deposit(to, { key: `opening ${player.id}`, amountMinor: openingMinor }) })
    return session
  }
  const sessions = await Promise.all(Array.from({ length: playerCount }, seat))
  await cashier.close()
  return sessions
}

/** Waits until this much more has happened than had when it was called. */
export function more(client: WalletClient, wanted: Partial<Tally>): () => boolean {
  const before = client.tally()
  return () => {
    const now = client.tally()
    return (Object.keys(wanted) as (keyof Tally)[]).every(
      (key) => now[key] - before[key] >= (wanted[key] ?? 0),
    )
  }
}
