// What `npm start` does without DATABASE_URL: a database, a demo, the server and a simulator, all in one and gone
// with one Ctrl-C. Never used with a database of the operator's own.
import { createWriteStream, existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type App, startApp, systemContext } from '../app.ts'
import type { Config } from '../config.ts'
import { type Embedded, EmbeddedInUse, startEmbedded } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import type { Role } from '../domain/operators/permissions.ts'
import type { Log } from '../lib/log.ts'
import { assert, Problem } from '../lib/problem.ts'
import { openLog } from '../server/log.ts'
import { demoAccounts, demoEngine } from './demo/demo-data.ts'
import { demoTokens } from './demo/demo-tokens.ts'
import { greeting } from './demo/greeting.ts'
import { type DemoKeys, demoKeys, embeddedSealKey } from './demo/keys.ts'
import { layHouse, layPlayers } from './demo/lay-demo.ts'
import { layEngine } from './demo/lay-engine.ts'
import { runSimulator } from './demo/run-simulator.ts'
import { demoSecret, demoServerSecret, derived } from './demo/secret.ts'
import type { SimulatorOrders } from '../simulator/orders.ts'
import { complain, print } from './output.ts'

/** Calls a second, over all accounts: enough to see something happen, gentle on a laptop. */
const simulatorRate = 10
/** Bets a second through the demo's game engine. */
const engineRate = 0.5
const logBytesMax = 20_000_000

interface Closable {
  close(): Promise<void>
}

/** Runs until the signal; then stops the simulator, the server and the database, in this order. */
export async function runDemo(config: Config, stopping: AbortSignal): Promise<void> {
  assert(config.database.kind === 'EMBEDDED', 'the demo brings its own database')
  const { dataDir } = config.database
  const opened: Closable[] = []
  try {
    const secret = demoSecret(dataDir)
    const logPath = join(dataDir, 'pitboss.log')
    const embedded = await openDatabase(dataDir, logPath, config, opened)
    const { log } = embedded
    if (stopping.aborted) return
    const sealKey = config.sealKey ?? embeddedSealKey(dataDir)
    const app = await openApp({ ...config, sealKey }, embedded, secret, opened)
    const keys = demoKeys(join(dataDir, 'keys'))
    const ctx = systemContext(app.services)
    const isNew = await layHouse(ctx, keys)
    const engine = engineOf(config, secret)
    if (engine) await layEngine(ctx, { ...engine, serverSecret: config.secret ?? demoServerSecret(secret) })
    const tokens = await demoTokens(ctx, derived(secret, 'development tokens', 32))
    if (stopping.aborted) return
    const rate = config.demoSimulator ? simulatorRate : undefined
    const startedInSeconds = process.uptime()
    const facts = { url: app.url, tokens, startedInSeconds, dataDir, logPath, isNew }
    print(...greeting({ ...facts, simulatorRate: rate }))
    const playing = layPlayers(ctx, app.services.submit, stopping).then(() => {
      if (config.demoSimulator && !stopping.aborted) openSimulator(app, { tokens, keys, engine, log }, opened)
    })
    opened.push({ close: () => playing.catch(() => undefined) })
    await ending(stopping, embedded, playing)
  } finally {
    for (const one of opened.toReversed()) await one.close()
  }
}

async function openDatabase(
  dataDir: string,
  logPath: string,
  config: Config,
  opened: Closable[],
): Promise<Embedded & { readonly log: Log }> {
  const early: Log = openLog('warn', process.stderr)
  const embedded = await startEmbedded({ dataDir, log: early }).catch((error: unknown) => {
    throw error instanceof EmbeddedInUse ? inUse(dataDir, error) : error
  })
  opened.push({ close: () => embedded.stop() })
  // Only now is the folder ours to write to.
  if (existsSync(logPath) && statSync(logPath).size > logBytesMax) rmSync(logPath)
  const file = createWriteStream(logPath, { flags: 'a', mode: 0o600 })
  opened.push({ close: () => new Promise((resolve) => file.end(resolve)) })
  const log = openLog(config.logLevel, { write: (line) => void file.write(line) })
  await migrate({ target: embedded.target, log, now: new Date() })
  return { ...embedded, log }
}

const inUse = (dataDir: string, { ownerPid }: EmbeddedInUse) =>
  new Problem(
    'EMBEDDED_IN_USE',
    `Pitboss is running on ${dataDir} already (process ${ownerPid}). Stop that one, or start another with ` +
      'PITBOSS_DATA_DIR and PORT of its own. Commands work beside it: npm run pitboss -- --help',
  )

async function openApp(
  config: Config,
  { target, log }: Embedded & { readonly log: Log },
  secret: Buffer,
  opened: Closable[],
): Promise<App> {
  const serverSecret = config.secret ?? demoServerSecret(secret)
  const app = await startApp({ config, target, log, secret: serverSecret }).catch((error: unknown) => {
    throw portTaken(error, config) ?? error
  })
  opened.push(app)
  return app
}

function portTaken(error: unknown, { host, port }: Config): Problem | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new Problem(
      'PORT',
      `port ${port} of ${host} is in use: stop what listens there, or set PORT to another`,
    )
  }
  if (code === 'EACCES')
    return new Problem('PORT', `port ${port} of ${host} may not be listened on: set PORT to another`)
  return undefined
}

/** Undefined when the demo shall have no engine. */
function engineOf({ demoEnginePort: port }: Config, secret: Buffer): SimulatorOrders['engine'] {
  if (port === 0) return undefined
  const shared = derived(secret, 'demo game engine', 32).toString('base64url')
  return { accountCode: demoEngine.code, port, secret: shared, rate: engineRate }
}

interface Play {
  readonly tokens: ReadonlyMap<Role, string>
  readonly keys: DemoKeys
  readonly engine: SimulatorOrders['engine']
  readonly log: Log
}

function openSimulator(app: App, { tokens, keys, engine, log }: Play, opened: Closable[]): void {
  const seatCount = demoAccounts.reduce((sum, { seats }) => sum + seats, 0)
  const accounts = demoAccounts.map(({ code, seats }) => ({
    code,
    keyPath: keys.privateKeyPath(code),
    seats,
    rate: (simulatorRate * seats) / seatCount,
  }))
  const orders = {
    url: app.url,
    token: tokens.get('SERVICE') ?? '',
    accounts,
    faultShare: 0.08,
    ...(engine && { engine }),
  }
  const simulator = runSimulator(orders, log)
  opened.push({ close: () => simulator.stop() })
}

/** Resolves on the signal; rejects when the database is gone without it, or the demo cannot be laid down. */
async function ending(stopping: AbortSignal, embedded: Embedded, playing: Promise<void>): Promise<void> {
  const told = Promise.withResolvers<void>()
  if (stopping.aborted) return
  stopping.addEventListener('abort', () => told.resolve(), { once: true })
  const gone = embedded.exited.then(() => {
    if (!stopping.aborted) throw new Problem('EMBEDDED_GONE', 'the embedded database has stopped by itself')
  })
  await Promise.race([told.promise, gone, playing.then(() => told.promise)])
  complain('  Stopping …')
}
