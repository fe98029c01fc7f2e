// Everything that is done to servers and database while bets go on. Each fault strikes, waits until it has been felt,
// and heals what does not heal by itself; whether all goes on afterwards is for its caller to see.
import { setTimeout as nap } from 'node:timers/promises'
import postgres from 'postgres'
import { poolTypes, postgresOptions } from '../../src/db/connection.ts'
import { type Cut, moments } from './cutting-proxy.ts'
import { type KillsStage, more } from './kills-stage.ts'
import { until } from './until.ts'

export type Fault = (stage: KillsStage) => Promise<void>

/** The connections of the servers, lanes first. */
const ofServers = (stage: KillsStage) => stage.sql<
  { pid: number; name: string; wait: string | null; used: boolean }[]
>`
  select pid, application_name as name, wait_event as wait,
    state_change > clock_timestamp() - interval '1 second' as used
  from pg_stat_activity
  where datname = current_database() and application_name like 'pitboss%' order by application_name desc`

const lanesOf = async (stage: KillsStage) =>
  (await ofServers(stage)).filter(({ name }) => name === 'pitboss stream').map(({ pid }) => pid)

/** The database answers again. */
const isBack = (stage: KillsStage) =>
  stage.sql`select 1`.then(
    () => true,
    () => false,
  )

async function killServer(stage: KillsStage): Promise<void> {
  const index = stage.random.int(stage.servers.length)
  const server = stage.servers[index]
  server?.signal('SIGKILL')
  await server?.exited
  await until(more(stage.client, { unanswered: 1, answered: 5 }))
  await stage.replaceServer(index)
}

/** It says nothing for a while, and then goes on as if nothing had been. */
async function stopServer(stage: KillsStage): Promise<void> {
  const server = stage.random.pick(stage.servers)
  const goneOn = more(stage.client, { answered: 10, unanswered: 1 })
  server.signal('SIGSTOP')
  await until(goneOn).finally(() => server.signal('SIGCONT'))
}

async function terminateBackends(stage: KillsStage): Promise<void> {
  await stage.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like 'pitboss%'`
}

/** One backend dies without a word, and with it all others: the server starts anew within itself. */
async function killBackend(stage: KillsStage): Promise<void> {
  const lanes = await lanesOf(stage)
  process.kill(stage.random.pick(lanes), 'SIGKILL')
  await until(async () => (await lanesOf(stage).catch(() => lanes)).every((pid) => !lanes.includes(pid)))
}

async function killPostmaster(stage: KillsStage): Promise<void> {
  await stage.postgres.kill()
  await until(more(stage.client, { postponed: 3 }))
  await stage.postgres.start()
  await until(() => isBack(stage))
}

const cutting = (cut: Cut): Fault => {
  return async (stage) => {
    const before = stage.proxy.cuts()
    stage.proxy.cut(cut)
    await until(() => stage.proxy.cuts() > before)
  }
}

/**
 * A lane's backend that has a client to wait for and no lock of the server's own, so that only its lane suffers. While
 * bets are few a stream may have nothing to do: nobody would notice that its lane stands still.
 */
async function stopIdleBackend(stage: KillsStage): Promise<number> {
  for (;;) {
    const lanes = (await ofServers(stage)).filter(({ name, used }) => name === 'pitboss stream' && used)
    if (lanes.length === 0) continue
    const { pid } = stage.random.pick(lanes)
    process.kill(pid, 'SIGSTOP')
    const look = ofServers(stage)
    const seen = await Promise.race([look, nap(1_000)])
    if (seen?.some((one) => one.pid === pid && one.wait === 'ClientRead')) return pid
    process.kill(pid, 'SIGCONT')
    await look
  }
}

/** A backend that stands still keeps its connection and its locks: its lane has to be given up from the other side. */
async function stopBackend(stage: KillsStage): Promise<void> {
  const before = await lanesOf(stage)
  const stopped = await stopIdleBackend(stage)
  const replaced = async () => (await lanesOf(stage)).some((pid) => !before.includes(pid))
  await until(replaced, 20_000).finally(() => process.kill(stopped, 'SIGCONT'))
}

/** Every connection that the server has to give is taken by others. */
async function exhaustConnections(stage: KillsStage): Promise<void> {
  const hoard: postgres.Sql[] = []
  /** As many as there are; true once there is no more. */
  const takeAll = async () => {
    for (;;) {
      const one = postgres({ ...postgresOptions(stage.postgres.target, { max: 1 }), ...poolTypes })
      hoard.push(one)
      try {
        await one`select 1`
      } catch {
        return
      }
    }
  }
  const taken = async () => {
    await terminateBackends(stage)
    await takeAll()
    return (await ofServers(stage)).length === 0
  }
  try {
    await until(taken)
    await until(more(stage.client, { postponed: 5 }))
  } finally {
    await Promise.all(hoard.map((one) => one.end({ timeout: 0 })))
  }
}

/** A table that every command reads is locked as a change of it would lock it; so is one that the pools read. */
async function lockTables(stage: KillsStage): Promise<void> {
  const holder = await stage.sql.reserve()
  try {
    await holder`begin`
    await holder`lock table sessions, provider_accounts in access exclusive mode`
    await until(more(stage.client, { postponed: 5 }))
  } finally {
    await holder`rollback`
    holder.release()
  }
}

const cuts = moments
  .filter((moment) => moment !== 'UNTRUE')
  .flatMap((moment) => (['FIN', 'RST'] as const).map((how) => ({ moment, how })))

export const faults: Readonly<Record<string, Fault>> = {
  'a server is killed': killServer,
  'a server is stopped for a while': stopServer,
  'the connections of the servers are terminated': terminateBackends,
  'a backend is killed, and the database recovers from a crash': killBackend,
  'the database server is killed and started again': killPostmaster,
  'a backend stands still': stopBackend,
  'all connections of the database are taken': exhaustConnections,
  'tables are locked for long': lockTables,
  ...Object.fromEntries(
    cuts.map((cut) => [`a connection is cut ${placeOf(cut)} with a ${cut.how}`, cutting(cut)]),
  ),
}

function placeOf({ moment }: Cut): string {
  const places = {
    BEFORE: 'before its COMMIT',
    BEHIND: 'right behind its COMMIT',
    UNHEARD: 'before COMMIT is heard',
  }
  return moment === 'UNTRUE' ? 'at a COMMIT that never was' : places[moment]
}

/** The lie that no server can see through: for those who check the checks. */
export const untrue: Fault = cutting({ moment: 'UNTRUE', how: 'FIN' })
