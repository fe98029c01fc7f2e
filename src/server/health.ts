import type { Sql } from '../db/connection.ts'
import { pendingMigrations } from '../db/migrate.ts'
import { partitionsAhead } from '../db/partitions.ts'
import type { Clock } from '../lib/clock.ts'

export type Check = 'ok' | 'failing'

export interface Readiness {
  readonly ready: boolean
  readonly checks: Readonly<Record<'database' | 'schema' | 'partitions' | 'lanes' | 'draining', Check>>
}

export interface HealthDeps {
  readonly sql: Sql
  readonly clock: Clock
  readonly lanesReady: () => boolean
  readonly draining: () => boolean
}

const probeMs = 2000

/** Whether this process should be given work. Says what is failing, never why: that is in the log. */
export async function readiness(deps: HealthDeps): Promise<Readiness> {
  const probe = await Promise.race([probeDatabase(deps), late()]).catch(() => undefined)
  const checks = {
    database: say(probe?.writable),
    schema: say(probe && probe.pending === 0),
    partitions: say(probe && probe.monthsAhead >= 0),
    lanes: say(deps.lanesReady()),
    draining: say(!deps.draining()),
  }
  return { ready: Object.values(checks).every((one) => one === 'ok'), checks }
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
