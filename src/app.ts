// The composition, by hand: what is opened, in which order, and how it is closed again. One call is one process's
// worth of Pitboss on one database; tests open several.
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import { checkServerVersion, type ConnectionTarget, openDatabase } from './db/connection.ts'
import { openLinkReads } from './db/link-reads.ts'
import { appRole } from './db/grants.ts'
import { keepPartitions } from './db/keep-partitions.ts'
import { pendingMigrations } from './db/migrate.ts'
import type { Context, ReadContext } from './domain/context.ts'
import { startFolding } from './domain/figures/keep-folding.ts'
import { foldReadings } from './domain/figures/lag.ts'
import { openVerbLane } from './domain/journal/open-verb-lane.ts'
import { startSealing } from './domain/journal/seals/keep-sealing.ts'
import { openStreams, type Streams } from './domain/money/streams.ts'
import type { EngineServices } from './domain/money/place-bet.ts'
import type { Submit } from './domain/money/types.ts'
import { openAuthenticator } from './domain/operators/authenticate.ts'
import { openDocumentDirectory } from './domain/operators/document-directory.ts'
import { openAccountDirectory } from './domain/providers/find-account.ts'
import { openCallRecorder } from './domain/providers/record-calls.ts'
import { startSweep } from './domain/sessions/sweep-sessions.ts'
import { createApollo } from './graphql/apollo.ts'
import { type Caller, type GraphServices, openGraphContext } from './graphql/context.ts'
import { openCosts } from './graphql/costs.ts'
import { openErrorPresenter } from './graphql/errors.ts'
import { executableSchema, type SchemaParts } from './graphql/executable.ts'
import { openPipeline } from './graphql/pipeline.ts'
import { resolvers, typeDefs } from './graphql/schema.ts'
import { openTrustedDocuments } from './graphql/trusted-documents.ts'
import { openEngineClient } from './integrations/engine/client.ts'
import { providerPorts } from './integrations/ports.ts'
import { dialects, quoteKeys } from './integrations/registry.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { once } from './lib/once.ts'
import { Problem } from './lib/problem.ts'
import { uuidv7 } from './lib/uuid.ts'
import { type LiveOptions, openLive } from './live/live.ts'
import { ensureGraphiqlBundle, foundGraphiqlBundle, registerGraphiql } from './server/graphiql.ts'
import { createHttp, registerGraphql } from './server/http.ts'
import type { gatherMetrics } from './server/gathered-metrics.ts'
import { feedReadings, type Metrics, openMetrics } from './server/metrics.ts'
import { listen } from './server/listen.ts'
import { createProtocol } from './server/protocol.ts'
import { registerProviderRoutes } from './server/providers.ts'
import { registerReconciliationRoute } from './server/reconciliation.ts'
import { openSockets, type Sockets } from './server/sockets.ts'
import { startMoneySweeps, type SweepTimes } from './sweeps.ts'
import { listenForMetrics, registerHealth, registerLocalMetrics } from './server/system-routes.ts'

export interface AppOptions {
  readonly config: Config
  readonly target: ConnectionTarget
  /** The server's key for game tokens and for the secrets shared with providers. */
  readonly secret: Buffer
  readonly log: Log
  readonly clock?: Clock
  /** Sizes and times of the live floor that differ from its own. */
  readonly live?: Omit<LiveOptions, 'ctx'>
  /** Times of the sweeps of bets and rounds that differ from the usual. */
  readonly sweeps?: Partial<SweepTimes>
  /** How long a game engine may take for one call; two seconds when absent. */
  readonly engineTimeoutMs?: number
  /** How long a bet's caller waits for its engine; five seconds when absent. */
  readonly playWithinMs?: number
  /** The schema to serve; the project's own when absent. */
  readonly schema?: SchemaParts
  /** Whether to build the page of GraphiQL when it is missing or old; yes when absent. */
  readonly buildGraphiql?: boolean
  /** What `/metrics` answers when this process is one of several; its own metrics when absent. */
  readonly gatherMetrics?: typeof gatherMetrics
}

export interface App {
  /** Where it listens: `http://127.0.0.1:4000`. */
  readonly url: string
  /** Where metrics are answered: a listener of their own, or the same. */
  readonly metricsUrl: string
  readonly services: GraphServices
  /** Answers what is under way, then gives everything back. The second call waits for the first. */
  close(): Promise<void>
}

const sessionSweep = { everyMs: 15_000, batch: 100 }

/** Opens everything and listens. Refuses a database that is older than the code. */
export async function startApp(options: AppOptions): Promise<App> {
  const opened: Closable[] = []
  const state = { draining: false }
  try {
    await refuseOldSchema(options.target)
    const metrics = openMetrics()
    const floor = openServices(options, metrics, opened)
    const http = await openServer(options, { ...floor, metrics }, opened, () => state.draining)
    const { host, port, metrics: metricsAt } = options.config
    const metricsText = options.gatherMetrics?.(metrics.registry) ?? metrics.registry
    const metricsListener = metricsAt && (await listenForMetrics(metricsText, metricsAt))
    if (metricsListener) opened.push(metricsListener)
    else await registerLocalMetrics(http, metricsText)
    const url = await listen(http, { host, port }, 'HOST and PORT')
    const metricsUrl = metricsListener?.url ?? url
    options.log.info({ url }, 'listening')
    const close = once(async () => {
      state.draining = true
      await closeAll(opened)
      options.log.info({}, 'stopped')
    })
    return { url, metricsUrl, services: floor.services, close }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

interface Closable {
  close(): Promise<void>
}

/** Last opened, first closed. */
async function closeAll(opened: Closable[]): Promise<void> {
  for (const one of opened.toReversed()) await one.close()
}

/** As the login role: on a server that was never migrated there is no other. */
async function refuseOldSchema(target: ConnectionTarget): Promise<void> {
  const database = openDatabase({
    target,
    poolMax: 1,
    statementTimeoutMs: 10_000,
    applicationName: 'pitboss start',
  })
  try {
    await checkServerVersion(database.sql)
    const [first, ...more] = await pendingMigrations(database.sql)
    if (first === undefined) return
    const lacking = `the database lacks ${more.length + 1} migrations, ${first} first`
    throw new Problem('MIGRATIONS_PENDING', `${lacking}: run \`npm run pitboss -- migrate\``)
  } finally {
    await database.close()
  }
}

/** Everything below the server: pools, lanes, the live feed, the sweep. */
function openServices(options: AppOptions, metrics: Metrics, opened: Closable[]) {
  const { config, target, log, clock = systemClock } = options
  const pool = {
    target,
    role: appRole,
    poolMax: config.poolMax,
    statementTimeoutMs: config.statementTimeoutMs,
    applicationName: 'pitboss',
  }
  const database = openDatabase(pool)
  opened.push(database)
  opened.push(openLinkReads(database.sql, pool))
  const read: ReadContext = { db: database.db, sql: database.sql, clock, log }
  const live = openLive({ ctx: read, ...options.live })
  opened.push(live)
  const onCommit = () => live.wake()
  const verbs = openVerbLane(target, { role: appRole, onCommit })
  opened.push(verbs)
  const streams = openStreams(target, {
    log,
    clock,
    role: appRole,
    streams: config.moneyStreams,
    onCommit,
    onBatch: metrics.noteBatch,
    onFailure: metrics.noteBatchFailure,
  })
  opened.push(streams)
  const services: GraphServices = {
    ...read,
    verbs,
    live,
    submit: streams.submit,
    engine: openEngine(options, read, streams.submit, opened),
    quoteKeys,
    sessionSettings: { tokenKey: options.secret, lifetimeMs: config.sessionLifetimeMs, canCount },
  }
  const { retention, sealKey } = config
  opened.push(keepPartitions({ target, log, clock, retention, sealing: sealKey !== undefined }))
  const sweep = startSweep(systemContext(services), sessionSweep.everyMs, {
    idleMs: config.sessionIdleMs,
    batch: sessionSweep.batch,
  })
  opened.push({ close: () => sweep.stop() })
  opened.push(startMoneySweeps(systemContext(services), services.engine, options.sweeps))
  opened.push(startFolding({ target, log, role: appRole }))
  openSealing(config, read, opened)
  return { read, services, streams }
}

/** What bets need that are placed from here. */
function openEngine(
  { config, secret, engineTimeoutMs: timeoutMs, playWithinMs }: AppOptions,
  read: ReadContext,
  submit: Submit,
  opened: Closable[],
): EngineServices {
  const recorder = openCallRecorder(read)
  const client = openEngineClient({
    ...config.engine,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    clock: read.clock,
    log: read.log,
  })
  opened.push(recorder, { close: async () => client.close() })
  const accounts = openAccountDirectory(read, secret)
  return { submit, recorder, accounts, ports: providerPorts(client), playWithinMs }
}

/** Without a key nothing is sealed, and the log says so. */
function openSealing(
  { sealKey, sealEveryMs, sealsDir }: Config,
  read: ReadContext,
  opened: Closable[],
): void {
  if (!sealKey) {
    read.log.warn({}, 'journal, ledger and audit are not sealed: PITBOSS_SEAL_KEY_FILE names no key')
    return
  }
  const sealing = startSealing(read, { key: sealKey, everyMs: sealEveryMs, dir: sealsDir })
  opened.push({ close: () => sealing.stop() })
}

interface Below {
  readonly read: ReadContext
  readonly services: GraphServices
  readonly metrics: Metrics
  readonly streams: Streams
}

/** HTTP and WebSocket over the services, ready to listen. */
async function openServer(options: AppOptions, below: Below, opened: Closable[], draining: () => boolean) {
  const { config, log } = options
  const { read, services, metrics, streams } = below
  const { noteOperation } = metrics
  const schema = executableSchema(options.schema ?? { typeDefs, resolvers })
  const errors = openErrorPresenter({ log, statementTimeoutMs: config.statementTimeoutMs })
  const authenticator = openAuthenticator(read)
  const openContext = (caller: Caller) => openGraphContext(services, caller)
  const costs = openCosts(schema, config.costs, read.clock)
  const apollo = createApollo({ schema, log, errors, costs, noteOperation })
  await apollo.start()
  opened.push({ close: () => apollo.stop() })

  const documents = openTrustedDocuments(openDocumentDirectory(read), config.trustedOnlyRoles)
  const pipeline = openPipeline({ schema, errors, costs })
  const sockets = openSockets({
    log,
    clock: read.clock,
    authenticator,
    corsOrigins: config.corsOrigins,
    protocol: createProtocol({ log, authenticator, pipeline, documents, openContext, noteOperation }),
    onClosed: metrics.noteSocketClosed,
  })
  services.live.on('TokenRevoked', ({ facts }) => {
    authenticator.forget(String(facts['tokenId']))
    sockets.revoke(String(facts['tokenId']))
  })
  metrics.read({
    sockets: sockets.count,
    subscriptions: sockets.subscriptions,
    backlog: () => streams.backlog(),
    ...feedReadings(services.live),
    ...foldReadings(read),
  })

  const bundle = options.buildGraphiql === false ? foundGraphiqlBundle() : ensureGraphiqlBundle(log)
  opened.push({ close: async () => bundle.stop() })
  const http = await createHttp({ ...config, log, metrics })
  await registerHealth(http, { ...read, streams, draining })
  await registerGraphql(http, { authenticator, apollo, errors, documents, openContext })
  await registerGraphiql(http, bundle)
  await registerProviderRoutes(http, { ctx: read, submit: services.submit, secret: options.secret, metrics })
  await registerReconciliationRoute(http, { ctx: read, authenticator, openContext, target: options.target })
  sockets.attach(http.server)
  opened.push({ close: () => closeListeners(http, sockets, config.shutdownGraceMs) })
  return http
}

/** Takes nothing new and answers what is under way; what takes longer than the grace is cut off. */
async function closeListeners(http: FastifyInstance, sockets: Sockets, graceMs: number): Promise<void> {
  const late = setTimeout(() => http.server.closeAllConnections(), graceMs)
  await Promise.all([sockets.close(graceMs), http.close()])
  clearTimeout(late)
}

const canCount = (dialect: string, currency: string) => dialects.get(dialect)?.canCount(currency) ?? false

/** The context of background work. */
export const systemContext = (services: GraphServices): Context => ({
  ...services,
  requestId: uuidv7(),
  actor: { kind: 'SYSTEM', id: null, permissions: new Set(), brandIds: new Set() },
})
