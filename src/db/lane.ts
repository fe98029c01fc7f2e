// A lane: one dedicated connection that holds the session lock of a lane number and is therefore the only writer of
// that lane's journal. The lock dies with the connection. This is the only place that runs transactions; it never
// goes on after a lost connection: what was under way is thrown away and a new lane is opened.
import type { Duplex } from 'node:stream'
import postgres from 'postgres'
import { type ClientOptions, type ConnectionTarget, postgresOptions } from './connection.ts'
import { Conversation, type Told } from './wire/conversation.ts'
import { openSocket } from './wire/open-socket.ts'
import { rowReader } from './wire/rows.ts'
import type { Given } from './wire/writer.ts'

/** How many lanes the whole cluster has: the ceiling for commit streams of all processes together. */
export const laneCount = 64

/** The class of the advisory lock; the lane number is the second key. */
const laneLockClass = 8

/**
 * How long a plan is kept. Plans are made once for all parameters; one made while the tables were small reads them
 * from end to end when they are big. Planning sees how big they are, even before anything has been analyzed.
 */
const planLifeMs = 10_000

/** After how long the server gives up on a statement. */
const statementTimeoutMs = 2000

/** A server that has not given up by then is stopped or out of reach: nothing may ever be heard of it again. */
const silenceMaxMs = 2 * statementTimeoutMs

const forgetPlans: Statement = { text: 'discard plans' }

export interface Statement {
  readonly text: string
  readonly parameters?: readonly Given[]
}

export type Reply = Told

/** The connection is gone; whether its last statements took effect is unknown. */
export class LaneLost extends Error {
  constructor(cause: unknown) {
    super('the connection of a lane was lost', { cause })
    this.name = 'LaneLost'
  }
}

export const isDatabaseError = (error: unknown): error is postgres.PostgresError =>
  error instanceof Error && error.name === 'PostgresError'

/** Errors after which a connection is no longer usable: shutdown, crash, a broken protocol, a server that stands by. */
const losing = (error: unknown) =>
  isDatabaseError(error) && (/^(FATAL|PANIC)$/.test(error.severity) || /^(57P0|08|25006)/.test(error.code))

export class Lane {
  readonly number: number
  #client: postgres.Sql
  #connection: postgres.ReservedSql
  #conversation: Conversation<Record<string, unknown>>
  #heard: () => void = () => undefined
  #alive = true
  #plannedAt = performance.now()
  #planLifeMs: number
  #silenceMs: number
  /** What rejects the bursts under way: what was said over a connection that is gone is never answered. */
  #losers = new Set<(error: LaneLost) => void>()

  /** The driver has opened the connection and taken the lane over it; from here on it is spoken over directly. */
  constructor(number: number, opened: Opened, options: LaneOptions = {}) {
    this.number = number
    this.#client = opened.client
    this.#connection = opened.connection
    this.#conversation = new Conversation(opened.socket, () => this.#heard(), rowReader)
    this.#planLifeMs = options.planLifeMs ?? planLifeMs
    this.#silenceMs = options.silenceMs ?? silenceMaxMs
  }

  /** Called as soon as the connection is closed, by whomever, or is given up. */
  lose(why = 'closed'): void {
    this.#alive = false
    for (const reject of this.#losers) reject(new LaneLost(new Error(why)))
  }

  get alive(): boolean {
    return this.#alive
  }

  /**
   * Sends all statements without waiting in between and resolves with a reply or a database error for each. Together
   * means that after one that fails no other is run, and all the rest have its error.
   * Throws LaneLost when the connection went away: then the lane is dead and says so.
   */
  async burst(
    statements: readonly Statement[],
    how?: 'together',
  ): Promise<(Reply | postgres.PostgresError)[]> {
    if (!this.#alive) throw new LaneLost(new Error('the lane is already dead'))
    const first = this.#oldPlans() ? [forgetPlans] : []
    const silence = setTimeout(() => this.lose('silent'), this.#silenceMs)
    this.#heard = () => silence.refresh()
    try {
      // On their own, since in a transaction that has failed they are refused.
      if (first.length > 0) void this.#conversation.ask(first, false)
      const settled = await this.#orLost(this.#conversation.ask(statements, how === 'together'))
      const fatal = settled.find((one) => !('command' in one) && losing(one))
      if (fatal) throw new LaneLost(fatal)
      return settled
    } catch (error) {
      this.destroy()
      throw error instanceof LaneLost ? error : new LaneLost(error)
    } finally {
      clearTimeout(silence)
    }
  }

  #oldPlans(): boolean {
    const now = performance.now()
    if (now - this.#plannedAt < this.#planLifeMs) return false
    this.#plannedAt = now
    return true
  }

  /** The replies of a burst; on the first database error the transaction is rolled back and the error thrown. */
  async succeed(statements: readonly Statement[]): Promise<Reply[]> {
    const replies = await this.burst(statements, 'together')
    const failed = replies.find((one) => !('rows' in one))
    if (failed) {
      await this.burst([{ text: 'rollback' }])
      throw failed
    }
    return replies as Reply[]
  }

  /** One statement; a database error is thrown. */
  async run(statement: Statement): Promise<Reply> {
    const [reply] = await this.burst([statement])
    if (!reply || !('rows' in reply)) throw reply ?? new Error('no reply')
    return reply
  }

  /** Not Promise.race with one promise for the lane's life: that would keep the rows of every burst. */
  async #orLost<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#losers.add(reject)
    work.then(resolve, reject)
    try {
      return await promise
    } finally {
      this.#losers.delete(reject)
    }
  }

  /** Throws the connection away; never rolls back first, since that could reach another connection. */
  destroy(): void {
    this.#alive = false
    this.#client.end({ timeout: 0 }).catch(() => undefined)
  }

  /** Gives the lane back once nothing is under way. */
  async close(): Promise<void> {
    this.#alive = false
    this.#connection.release()
    await this.#client.end({ timeout: 1 }).catch(() => undefined)
  }
}

interface Opened {
  readonly client: postgres.Sql
  readonly connection: postgres.ReservedSql
  readonly socket: Duplex
}

export interface LaneOptions {
  /** The database role to work as; the login role when absent. */
  readonly role?: string
  readonly applicationName?: string
  readonly planLifeMs?: number
  /** How long a burst waits for the next reply before the connection is given up. */
  readonly silenceMs?: number
}

/** Opens a connection and takes the first free lane. Throws when the database is away or all lanes are taken. */
export async function openLane(target: ConnectionTarget, options: LaneOptions = {}): Promise<Lane> {
  let lane: Lane | undefined
  let closed = false
  let socket: Duplex | undefined
  const reach = postgresOptions(target)
  const client = postgres(
    postgresOptions(target, {
      max: 1,
      ssl: false,
      socket: async () => (socket = await openSocket(reach)),
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: 5,
      fetch_types: false,
      onclose: () => {
        closed = true
        lane?.lose()
      },
      connection: {
        application_name: options.applicationName ?? 'pitboss lane',
        synchronous_commit: 'on',
        plan_cache_mode: 'force_generic_plan',
        // All that a lane reads or writes is found by a key; on empty tables the planner would think otherwise.
        enable_seqscan: 'off',
        jit: 'off',
        lock_timeout: 500,
        statement_timeout: statementTimeoutMs,
        idle_in_transaction_session_timeout: 2000,
        client_connection_check_interval: 1000,
        tcp_user_timeout: 5000,
        ...(options.role ? { role: options.role } : {}),
      },
    } as ClientOptions),
  )
  try {
    await refuseStandby(client)
    const connection = await client.reserve()
    const number = await takeLane(connection)
    if (closed || !socket) throw new LaneLost(new Error('closed'))
    lane = new Lane(number, { client, connection, socket }, options)
    return lane
  } catch (error) {
    client.end({ timeout: 0 }).catch(() => undefined)
    throw error
  }
}

/** After a failover the old name may lead to what stands by now: a later connection finds the one that writes. */
async function refuseStandby(client: postgres.Sql): Promise<void> {
  const [row] = await client`
    /* lane: whether the server takes writes */
    select current_setting('transaction_read_only') = 'on' as standby`
  if (row?.['standby']) throw new Error('the database is read-only: is it a standby?')
}

async function takeLane(connection: postgres.ReservedSql): Promise<number> {
  const [row] = await connection`
    /* lane: take the first free number */
    select n from generate_series(0, ${laneCount - 1}::int) n
    where pg_try_advisory_lock(${laneLockClass}::int, n) limit 1`
  if (!row) throw new Error(`all ${laneCount} lanes are taken: too many processes on this database`)
  return Number(row['n'])
}
