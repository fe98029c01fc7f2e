import { type ConnectionTarget, openDatabase, type Sql } from '../../src/db/connection.ts'
import { type Live, type LiveOptions, openLive } from '../../src/live/live.ts'
import type { LiveMessage } from '../../src/live/stream.ts'
import { silentLog } from '../../src/lib/log.ts'

export interface LiveProcess {
  readonly live: Live
  readonly sql: Sql
  close(): Promise<void>
}

/** What one process has of the live floor, with its own pool. */
export function openLiveProcess(
  target: ConnectionTarget,
  options: Omit<LiveOptions, 'ctx'> = {},
): LiveProcess {
  const settings = { poolMax: 4, statementTimeoutMs: 5000, applicationName: 'pitboss test' }
  const database = openDatabase({ target, ...settings })
  const live = openLive({ ctx: { sql: database.sql, log: silentLog }, tickMs: 10, ...options })
  return {
    live,
    sql: database.sql,
    async close() {
      await live.close()
      await database.close()
    },
  }
}

/** The next message; the stream must not have ended. */
export async function nextOf(stream: AsyncIterator<LiveMessage, undefined>): Promise<LiveMessage> {
  const { value } = await stream.next()
  if (!value) throw new Error('the stream has ended')
  return value
}

/** The next message of this kind; others are passed over. */
export async function nextOfKind<K extends LiveMessage['kind']>(
  stream: AsyncIterator<LiveMessage, undefined>,
  kind: K,
): Promise<LiveMessage & { kind: K }> {
  for (;;) {
    const message = await nextOf(stream)
    if (message.kind === kind) return message as LiveMessage & { kind: K }
  }
}
