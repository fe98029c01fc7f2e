// Records the provider calls that no money command writes along: reads, refusals, calls that could not be decided.
// Calls of one moment travel in one statement. An outage is waited out within bounds; it never stops an answer.
import { setTimeout as sleep } from 'node:timers/promises'
import { StatementBuilder } from '../../db/statement.ts'
import type { ReadContext } from '../context.ts'
import { insertCalls, noLane } from './insert-calls.ts'
import type { NewProviderCall } from './types.ts'

const batchMax = 100
const waitingMax = 2_000
const pauseMs = { first: 50, max: 2_000 }

export interface CallRecorder {
  /** Resolves once the row is committed, or given up on (which is logged). Never rejects. */
  record(row: NewProviderCall): Promise<void>
  /** Writes what waits, once, and stops. */
  close(): Promise<void>
}

interface Waiting {
  readonly row: NewProviderCall
  readonly done: () => void
}

export function openCallRecorder(ctx: Pick<ReadContext, 'sql' | 'log'>): CallRecorder {
  const waiting: Waiting[] = []
  const closing = new AbortController()
  let running: Promise<void> | undefined

  async function drain(): Promise<void> {
    let pause = pauseMs.first
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax)
      const left = await attempt(ctx, batch)
      for (const one of batch) if (!left.includes(one)) one.done()
      waiting.splice(0, batch.length, ...left)
      if (left.length === 0) pause = pauseMs.first
      else if (closing.signal.aborted) giveUp(ctx, waiting.splice(0))
      else {
        await sleep(pause, undefined, { signal: closing.signal }).catch(() => {})
        pause = Math.min(pause * 2, pauseMs.max)
      }
    }
    running = undefined
  }

  return {
    record(row) {
      return new Promise((resolve) => {
        const one = { row, done: resolve }
        if (waiting.length >= waitingMax) return giveUp(ctx, [one])
        waiting.push(one)
        // A turn of the event loop lets the calls of this moment gather.
        running ??= new Promise<void>((next) => setImmediate(next)).then(drain)
      })
    },
    async close() {
      closing.abort()
      await running
    },
  }
}

/** Writes a batch and returns what is worth another try: everything after an outage, nothing after bad data. */
async function attempt(ctx: Pick<ReadContext, 'sql' | 'log'>, batch: readonly Waiting[]): Promise<Waiting[]> {
  try {
    await write(
      ctx,
      batch.map((one) => one.row),
    )
    return []
  } catch (error) {
    if (!isDataError(error)) {
      ctx.log.warn({ err: error, calls: batch.length }, 'provider calls could not be recorded yet')
      return [...batch]
    }
    if (batch.length === 1) {
      giveUp(ctx, batch, error)
      return []
    }
    const halves = [batch.slice(0, batch.length >> 1), batch.slice(batch.length >> 1)]
    const left: Waiting[] = []
    for (const half of halves) left.push(...(await attempt(ctx, half)))
    return left
  }
}

function giveUp(ctx: Pick<ReadContext, 'log'>, lost: readonly Waiting[], error?: unknown): void {
  for (const { row, done } of lost) {
    const { requestId, providerAccountId, operation, verdict } = row
    ctx.log.error(
      { err: error, requestId, providerAccountId, operation, verdict },
      'provider call not recorded',
    )
    done()
  }
}

/** Classes 22 and 23 of SQLSTATE: the row itself is at fault, and trying again will not help. */
function isDataError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(22|23|54)/.test(code)
}

async function write(ctx: Pick<ReadContext, 'sql'>, rows: readonly NewProviderCall[]): Promise<void> {
  const builder = new StatementBuilder()
  insertCalls(builder, noLane, rows)
  const { text, parameters } = builder.build(
    'provider calls: record',
    'select count(*) from insert_provider_calls',
  )
  await ctx.sql.unsafe(text, (parameters ?? []).map(String), { prepare: true })
}
