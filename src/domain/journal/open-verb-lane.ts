import {
  isDatabaseError,
  type Lane,
  LaneLost,
  type LaneOptions,
  openLane,
  type Reply,
  type Statement,
} from '../../db/lane.ts'
import type { ConnectionTarget } from '../../db/connection.ts'
import { StatementBuilder } from '../../db/statement.ts'
import { backoff } from '../../lib/backoff.ts'
import { Problem } from '../../lib/problem.ts'
import { appendJournal, guarded, journalGuards, type PlacedEvent } from './append.ts'
import { lockPlayers, type PlayerLock, toPlayerLock } from './lock-players.ts'
import type { NewEvent } from './types.ts'
import type { VerbLane, VerbTransaction } from './verb-lane.ts'

type Cause = Parameters<VerbLane['transact']>[0]

const attemptsMax = 6

export interface VerbLaneOptions extends LaneOptions {
  /** Called after each commit that wrote events. */
  onCommit?(): void
}

/** Opens the process's verb lane; the connection itself is opened at the first transaction and again when lost. */
export function openVerbLane(target: ConnectionTarget, options: VerbLaneOptions = {}): VerbLane {
  let lane: Lane | undefined
  let tail: Promise<unknown> = Promise.resolve()

  async function ready(): Promise<Lane> {
    if (!lane?.alive) lane = await openLane(target, { applicationName: 'pitboss verbs', ...options })
    return lane
  }

  async function attempts<T>(run: (lane: Lane) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(await ready())
      } catch (error) {
        if (attempt === attemptsMax || !worthAnotherTry(error)) throw translated(error)
        await backoff(attempt, { firstMs: 5, capMs: 500 })
      }
    }
  }

  /** One after the other: a lane holds one conversation. */
  function inTurn<T>(run: (lane: Lane) => Promise<T>): Promise<T> {
    const mine = tail.then(() => attempts(run))
    tail = mine.catch(() => undefined)
    return mine
  }

  return {
    transact: (cause, playerIds, work) =>
      inTurn(async (open) => {
        const { result, events } = await transaction(open, cause, playerIds, work)
        if (events > 0) options.onCommit?.()
        return result
      }),
    readAtOnce: (statements) => inTurn((open) => readAtOnce(open, statements)),
    async close() {
      await tail
      await lane?.close()
    },
  }
}

/** Lock not granted, deadlock, serialisation, guard, a plan gone stale, or the connection: all safe to run again. */
function worthAnotherTry(error: unknown): boolean {
  if (unreachable(error)) return true
  if (!isDatabaseError(error)) return false
  return ['40P01', '40001', '55P03', '57014', '22012', '0A000'].includes(error.code)
}

/** Lost, refused by the network (the driver's errors carry an errno), or by a server that starts or is full. */
const unreachable = (error: unknown): boolean =>
  error instanceof LaneLost ||
  (isDatabaseError(error) ? /^(57P0|53|08)/.test(error.code) : error instanceof Error && 'errno' in error)

function translated(error: unknown): unknown {
  if (unreachable(error)) {
    return new Problem('UNAVAILABLE', 'the database is not reachable; try again')
  }
  return error
}

async function readAtOnce(lane: Lane, statements: readonly Statement[]): Promise<readonly Reply[]> {
  const begin = { text: 'begin isolation level repeatable read read only' }
  const [, ...replies] = await lane.succeed([begin, ...statements, { text: 'commit' }])
  return replies.slice(0, -1)
}

async function transaction<T>(
  lane: Lane,
  cause: Cause,
  playerIds: readonly string[],
  work: (tx: VerbTransaction) => Promise<T>,
): Promise<{ result: T; events: number }> {
  const [, locked] = await lane.succeed([
    { text: 'begin isolation level read committed' },
    lockPlayers(playerIds),
  ])
  const players = new Map((locked?.rows ?? []).map(toPlayerLock).map((player) => [player.id, player]))
  const events: NewEvent[] = []
  let result: T
  try {
    result = await work({
      players,
      append: (event) => void events.push(event),
      run: async (text, parameters) =>
        (await lane.run({ text, parameters: (parameters ?? []) as string[] })).rows,
      query: async (query) => {
        const { sql, params } = query.toSQL()
        return (await lane.run({ text: sql, parameters: params as string[] })).rows
      },
    })
  } catch (error) {
    if (lane.alive) await lane.burst([{ text: 'rollback' }])
    throw error
  }
  await commit(lane, cause, players, events)
  return { result, events: events.length }
}

/** Writes the events and commits, in one burst. Only the tag COMMIT means that it is done. */
async function commit(
  lane: Lane,
  cause: Cause,
  players: ReadonlyMap<string, PlayerLock>,
  events: readonly NewEvent[],
): Promise<void> {
  const versions = new Map<string, bigint>()
  const placed = events.map((event): PlacedEvent => {
    let playerVersion: bigint | null = null
    if (event.playerId) {
      playerVersion = (versions.get(event.playerId) ?? players.get(event.playerId)?.version ?? 0n) + 1n
      versions.set(event.playerId, playerVersion)
    }
    return { ...event, playerVersion, actor: cause.actor, trace: cause.requestId }
  })
  const moves = [...versions].map(([id, to]) => ({ id, from: players.get(id)?.version ?? 0n, to }))
  const lastUs = [...players.values()].reduce((max, one) => (one.lastUs > max ? one.lastUs : max), 0n)
  const append = { lane: lane.number, events: placed, players: moves, lastUs, now: new Date() }
  const builder = new StatementBuilder()
  appendJournal(builder, append)
  const write = builder.build('journal: append events', guarded(journalGuards(builder, append)))
  const sent = events.length === 0 ? [{ text: 'commit' }] : [write, { text: 'commit' }]
  const done = await lane.succeed(sent)
  if (done.at(-1)?.command !== 'COMMIT') throw new LaneLost(new Error('the commit was not acknowledged'))
}
