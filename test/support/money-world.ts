// Money on a real database: players with deposits and sessions, any number of processes' commit streams, and what the
// database says about them.
import { setTimeout as nap } from 'node:timers/promises'
import type { ConnectionTarget } from '../../src/db/connection.ts'
import { appRole } from '../../src/db/grants.ts'
import { openStreams, type StreamOptions, type Streams } from '../../src/domain/money/streams.ts'
import type { Command, Outcome } from '../../src/domain/money/types.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Commands, commandsOf, type Seat } from './commands.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { addPlayer, addSession, createWorld } from './provider-world.ts'

export interface MoneySeat extends Seat {
  readonly walletId: string
  readonly sessionId: string
  readonly externalId: string
}

export interface Process extends Streams {
  /** Submits one command. */
  send(command: Command): Promise<Outcome>
}

type ProcessOptions = Partial<StreamOptions> & {
  /** Another way to the same database. */
  readonly target?: ConnectionTarget
}

export interface MoneyWorld {
  readonly database: TestDatabase
  readonly sql: TestDatabase['sql']
  readonly commands: Commands
  /** Players with an empty wallet and a session. */
  seats(count: number): Promise<MoneySeat[]>
  /** A player with this much cash, deposited. */
  seat(cashMinor?: bigint): Promise<MoneySeat>
  /** The commit streams of one more process; closed with the world. */
  process(options?: ProcessOptions): Process
  cash(seat: MoneySeat): Promise<bigint>
  /** Waits until this many statements wait for a lock of another session. */
  blocked(count?: number): Promise<void>
  close(): Promise<void>
}

/** On a database of its own, unless it is to play on another's. */
export async function openMoneyWorld(shared?: TestDatabase): Promise<MoneyWorld> {
  const database = shared ?? (await createTestDatabase())
  const { sql } = database
  const world = await createWorld(sql, [])
  const commands = commandsOf(world)
  const processes: Process[] = []

  function process({ target = database.target, ...options }: ProcessOptions = {}): Process {
    const streams = openStreams(target, {
      role: appRole,
      log: silentLog,
      answerWithinMs: 20_000,
      ...options,
    })
    const opened = { ...streams, send: (command: Command) => streams.submit({ command }) }
    processes.push(opened)
    return opened
  }

  async function oneSeat(): Promise<MoneySeat> {
    const player = await addPlayer(sql, world, { cashMinor: 0n })
    const session = await addSession(sql, world, player)
    const { id: playerId, walletId, externalId } = player
    return { playerId, walletId, externalId, sessionId: session.id, tokenHash: sha256(session.token) }
  }

  let cashier: Process | undefined
  let deposits = 0
  return {
    database,
    sql,
    commands,
    process,
    seats: (count) => Promise.all(Array.from({ length: count }, oneSeat)),
    async seat(cashMinor = 1000n) {
      const seat = await oneSeat()
      cashier ??= process({ streams: 1 })
      deposits += 1
      if (cashMinor > 0n)
        await cashier.send(commands.deposit(seat, { key: `opening ${deposits}`, amountMinor: cashMinor }))
      return seat
    },
    async cash({ walletId }) {
      const [row] = await sql<{ cash_minor: bigint }[]>`select cash_minor from wallets where id = ${walletId}`
      return row?.cash_minor ?? -1n
    },
    async blocked(count = 1) {
      for (;;) {
        const [row] = await sql<{ waiting: bigint }[]>`
          select count(*) as waiting from pg_stat_activity
          where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`
        if (Number(row?.waiting) >= count) return
        await nap(5)
      }
    },
    async close() {
      await Promise.all(processes.map((one) => one.close()))
      if (!shared) await database.drop()
    },
  }
}
