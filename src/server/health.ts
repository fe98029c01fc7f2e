import type { Sql } from '../db/connection.ts'
import { pendingMigrations } from '../db/migrate.ts'
import { partitionsAhead } from '../db/partitions.ts'
import type { Streams } from '../domain/money/streams.ts'
import type { Clock } from '../lib/clock.ts'

/** Degraded is what this process does not do, but any other neither: it is given work all the same. */
export type Check = 'ok' | 'degraded' | 'failing'

type Subject = 'database' | 'schema' | 'partitions' | 'lanes' | 'money' | 'draining'

export interface Readiness {
  readonly ready: boolean
  readonly checks: Readonly<Record<Subject, Check>>
}

export interface HealthDeps {
  readonly sql: Sql
  readonly clock: Clock
  readonly streams: Pick<Streams, 'ready' | 'backlog'>
  readonly draining: () => boolean
}

const probeMs = 2000

/** Longer than a statement of a batch may take. */
const moneyWaitsMs = 3000

/** Whether this process should be given work. Says what is failing, never why: that is in the log. */
export async function readiness(deps: HealthDeps): Promise<Readiness> {
  const probe = await Promise.race([probeDatabase(deps), late()]).catch(() => undefined)
  const checks = {
    database: say(probe?.writable),
    schema: say(probe && probe.pending === 0),
    partitions: say(probe && probe.monthsAhead >= 0),
    lanes: say(deps.streams.ready()),
    // A full disk is that of all processes: were they all taken out for it, nobody could read either.
    money: deps.streams.backlog().oldestMs < moneyWaitsMs ? ('ok' as const) : ('degraded' as const),
    draining: say(!deps.draining()),
  }
  return { ready: Object.values(checks).every((one) => one !== 'failing'), checks }
}

async function probeDatabase({ sql, clock }: HealthDeps) {
  const [[row], pending, monthsAhead] = await Promise.all([
    sql<{ writable: boolean }[]>`
      /* health: whether the server takes writes, which a standby does not */
      select current_setting('transaction_read_only') = 'off' as writable`,
    pendingMigrations(sql),
    partitionsAhead(sql, { now: clock.now() }),
  ])
  return { writable: row?.writable, pending: pending.length, monthsAhead }
}

const say = (good: boolean | undefined): Check => (good ? 'ok' : 'failing')

const late = () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), probeMs).unref())
