import { randomUUID } from 'node:crypto'
import type { DatabaseConfig } from '../config.ts'
import { type ConnectionTarget, openDatabase } from '../db/connection.ts'
import { appRole } from '../db/grants.ts'
import { everyBrand } from '../domain/brands/every-brand.ts'
import type { Context } from '../domain/context.ts'
import { openVerbLane } from '../domain/journal/open-verb-lane.ts'
import { openStreams, type Streams } from '../domain/money/streams.ts'
import type { Submit } from '../domain/money/types.ts'
import { permissions } from '../domain/operators/permissions.ts'
import { systemClock } from '../lib/clock.ts'
import { commandLog } from './output.ts'
import { reachMigrated } from './reach-database.ts'

type Work<T> = (ctx: Context, submit: Submit) => Promise<T>

const poolMax = 2
const statementTimeoutMs = 30_000

/** Runs the work as the system itself, on the database that the configuration names. */
export async function asSystem<T>(config: DatabaseConfig, work: Work<T>): Promise<T> {
  const reached = await reachMigrated(config)
  try {
    return await asSystemOn(reached.target, work)
  } finally {
    await reached.close()
  }
}

/** The same on a database that is reached already. */
export async function asSystemOn<T>(target: ConnectionTarget, work: Work<T>): Promise<T> {
  const applicationName = 'pitboss command'
  const database = openDatabase({ target, role: appRole, poolMax, statementTimeoutMs, applicationName })
  const verbs = openVerbLane(target, { role: appRole })
  // Few commands move money: the stream is opened by the first that does.
  let streams: Streams | undefined
  const submit: Submit = (submission) => {
    streams ??= openStreams(target, { log: commandLog, role: appRole, streams: 1 })
    return streams.submit(submission)
  }
  try {
    const brandIds = new Set((await everyBrand(database)).map(({ id }) => id))
    const actor = { kind: 'SYSTEM', id: null, permissions: new Set(permissions), brandIds } as const
    const { sql, db } = database
    const ctx = { sql, db, clock: systemClock, log: commandLog, actor, verbs, requestId: randomUUID() }
    return await work(ctx, submit)
  } finally {
    await streams?.close()
    await verbs.close()
    await database.close()
  }
}
