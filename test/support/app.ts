// A running Pitboss for a test: a database of its own, one brand with an operator and a token for every role, a
// listener on a free port. As real as in production, but for the size.
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type App, type AppOptions, startApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { type Role, roles } from '../../src/domain/operators/permissions.ts'
import { apiToken, apiTokenHash } from '../../src/domain/operators/token.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { openLog } from '../../src/server/log.ts'
import type { Sql } from '../../src/db/connection.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

/** `Data` is what the test expects there: nobody checks it but the test's own assertions. */
export interface GraphqlAnswer<Data = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly data: Data
  readonly errors: GraphqlError[] | undefined
  readonly extensions: Record<string, unknown> | undefined
}

export interface GraphqlError {
  readonly message: string
  readonly path?: (string | number)[]
  readonly extensions: Record<string, unknown> & { code: string; errorId: string }
}

export interface TestOperator {
  readonly operatorId: string
  readonly tokenId: string
  readonly token: string
}

export interface TestApp {
  readonly app: App
  readonly database: TestDatabase
  readonly url: string
  readonly wsUrl: string
  /** The demo brand: code `demo`, reporting in EUR. */
  readonly brandId: string
  readonly operators: Readonly<Record<Role, TestOperator>>
  readonly tokens: Readonly<Record<Role, string>>
  /** What the log has said so far, a line of JSON each. */
  readonly logLines: string[]
  /** An operation over HTTP; as ADMIN when no role is named. */
  graphql<Data = unknown>(
    query: string,
    variables?: object,
    role?: Role | { token: string },
  ): Promise<GraphqlAnswer<Data>>
  /** A client of the socket; as ADMIN when no role is named. It is closed with the app. */
  socket(role?: Role | { token: string }): Client
  close(): Promise<void>
}

export interface TestAppOptions {
  /** Another app on the same database and its operators. */
  readonly beside?: TestApp
  readonly config?: Partial<Config>
  readonly schema?: AppOptions['schema']
  readonly clock?: AppOptions['clock']
  readonly buildGraphiql?: boolean
  readonly live?: AppOptions['live']
  readonly sweeps?: AppOptions['sweeps']
  readonly engineTimeoutMs?: number
  readonly playWithinMs?: number
}

export const testSecret = Buffer.from('a secret of tests, 32 bytes long')

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { beside } = options
  const database = beside?.database ?? (await createTestDatabase())
  const brandId = beside?.brandId ?? (await seedBrand(database.sql, 'demo'))
  const operators = beside?.operators ?? (await seedOperators(database.sql, brandId))
  const logLines: string[] = []
  const app = await startApp({
    config: { ...readConfig({ PORT: '0', POOL_MAX: '4', LOG_LEVEL: 'debug' }), ...options.config },
    target: database.target,
    secret: testSecret,
    log: openLog('debug', { write: (line) => void logLines.push(line) }),
    buildGraphiql: options.buildGraphiql ?? false,
    ...(options.clock && { clock: options.clock }),
    ...(options.schema && { schema: options.schema }),
    ...(options.live && { live: options.live }),
    ...(options.sweeps && { sweeps: options.sweeps }),
    ...(options.engineTimeoutMs && { engineTimeoutMs: options.engineTimeoutMs }),
    ...(options.playWithinMs && { playWithinMs: options.playWithinMs }),
  })
  const tokens = Object.fromEntries(roles.map((role) => [role, operators[role].token])) as Record<
    Role,
    string
  >
  const tokenOf = (role: Role | { token: string } = 'ADMIN') =>
    typeof role === 'string' ? tokens[role] : role.token
  const wsUrl = `${app.url.replace('http', 'ws')}/graphql`
  const clients: Client[] = []
  return {
    app,
    database,
    url: app.url,
    wsUrl,
    brandId,
    operators,
    tokens,
    logLines,
    graphql: (query, variables, role) => post(app.url, { query, variables }, tokenOf(role)),
    socket(role) {
      const connectionParams = { Authorization: `Bearer ${tokenOf(role)}` }
      const client = createClient({
        url: wsUrl,
        webSocketImpl: WebSocket,
        connectionParams,
        retryAttempts: 0,
      })
      clients.push(client)
      return client
    },
    async close() {
      for (const client of clients) await client.dispose()
      await app.close()
      if (!beside) await database.drop()
    },
  }
}

/** A request to `/graphql` as a client makes it. */
export async function post<Data = unknown>(
  url: string,
  body: object,
  token?: string,
  headers: object = {},
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as Pick<GraphqlAnswer<Data>, 'data' | 'errors' | 'extensions'>
  const { data, errors, extensions } = answer
  return { status: response.status, headers: response.headers, data, errors, extensions }
}

export async function seedBrand(sql: Sql, code: string): Promise<string> {
  const id = uuidv7()
  await sql`
    insert into brands (id, code, name, time_zone, currency, created_at)
    values (${id}, ${code}, ${`Brand ${code}`}, 'Europe/Vienna', 'EUR', now())`
  return id
}

async function seedOperators(sql: Sql, brandId: string): Promise<Record<Role, TestOperator>> {
  const made = await Promise.all(
    roles.map(async (role) => [role, await seedOperator(sql, role, [brandId])] as const),
  )
  return Object.fromEntries(made) as Record<Role, TestOperator>
}

export async function seedOperator(sql: Sql, role: Role, brandIds: string[]): Promise<TestOperator> {
  const operatorId = uuidv7()
  const login = `${role.toLowerCase()}-${operatorId.slice(-6)}`
  const kind = role === 'SERVICE' ? 'SCRIPT' : 'STAFF'
  await sql`
    insert into operators (id, kind, name, login, role, status, created_at)
    values (${operatorId}, ${kind}, ${`Test ${role}`}, ${login}, ${role}, 'ACTIVE', now())`
  for (const brandId of brandIds) {
    await sql`insert into operator_brands (operator_id, brand_id) values (${operatorId}, ${brandId})`
  }
  return { operatorId, ...(await seedToken(sql, operatorId)) }
}

export async function seedToken(
  sql: Sql,
  operatorId: string,
  limits: { permissions?: string[]; expiresAt?: Date } = {},
): Promise<{ tokenId: string; token: string }> {
  const tokenId = uuidv7()
  const token = apiToken()
  const { permissions = null, expiresAt = new Date(Date.now() + 86_400_000) } = limits
  const hash = apiTokenHash(token)
  await sql`
    insert into api_tokens (id, operator_id, name, token_hash, permissions, created_at, expires_at)
    values (${tokenId}, ${operatorId}, 'test', ${hash}, ${permissions}, now(), ${expiresAt})`
  return { tokenId, token }
}
