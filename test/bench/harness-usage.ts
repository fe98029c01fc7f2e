// What a turn cost besides time: CPU of the processes involved, and what PostgreSQL wrote to its log.
import { readdirSync, readFileSync } from 'node:fs'
import type { Stage } from './harness-stage.ts'

/** Per operation. */
export interface Usage {
  /** Of the process that does the work, with those it has started. */
  readonly ownCpuMs: number
  /** Of PostgreSQL, all its processes. */
  readonly databaseCpuMs: number
  /** Of the bench process, as far as it makes the load. */
  readonly clientCpuMs: number
  readonly walBytes: number
}

/** The kernel counts CPU time in hundredths of a second for everyone outside. */
const tickMs = 10

/** Starts counting; the result stops and divides by the number of operations. */
export async function startUsage(stage: Stage, pid: number): Promise<(operations: number) => Promise<Usage>> {
  const before = await read(stage, pid)
  return async (operations) => {
    const after = await read(stage, pid)
    return {
      ownCpuMs: (after.own - before.own) / operations,
      databaseCpuMs: (after.database - before.database) / operations,
      clientCpuMs: (after.client - before.client) / operations,
      walBytes: (after.wal - before.wal) / operations,
    }
  }
}

async function read({ postgresPid, admin }: Stage, pid: number) {
  const [row] = await admin<{ wal: number }[]>`
    /* bench: how much was logged */ select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal`
  const { user, system } = process.cpuUsage()
  return {
    own: cpuOfTree(pid),
    database: cpuOfTree(postgresPid),
    client: (user + system) / 1000,
    wal: row?.wal ?? 0,
  }
}

interface Times {
  readonly parent: number
  readonly own: number
  /** Of children that have ended. */
  readonly ended: number
}

/** Fields 4 and 14 to 17 of /proc/<pid>/stat; undefined when there is no such process. */
function timesOf(pid: number | string): Times | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15)
    return { parent, own: (user + system) * tickMs, ended: (endedUser + endedSystem) * tickMs }
  } catch {
    return undefined
  }
}

function cpuOfTree(root: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const children = all.flatMap((name) => timesOf(name) ?? []).filter(({ parent }) => parent === root)
  const { own = 0, ended = 0 } = timesOf(root) ?? {}
  return children.reduce((sum, child) => sum + child.own, own + ended)
}
