// A running Pitboss whose provider account has a game engine of the simulator's, with players, money and sessions.
import { arrayLiteral } from '../../src/db/arrays.ts'
import { sealText } from '../../src/lib/sealed-text.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { type EngineOptions, type SimulatedEngine, startEngine } from '../../src/simulator/engine.ts'
import { type GraphqlAnswer, startTestApp, type TestApp, type TestAppOptions, testSecret } from './app.ts'

/** Times for tests: nobody waits for seconds. */
export const engineTimes = {
  engineTimeoutMs: 400,
  sweeps: { betsEveryMs: 50, betsOlderThanMs: 1_000, betsCancelAfterMs: 4_000, roundsEveryMs: 100 },
} as const

/** The same for bets that stay open: nothing sweeps them, and nobody waits long for their engine. */
export const openTimes = {
  ...engineTimes,
  playWithinMs: 300,
  sweeps: { betsEveryMs: 3_600_000, roundsEveryMs: 100 },
} as const

/** An engine without faults. */
export const faultless = {
  secret: 'shared with the engine of tests',
  seed: 'tests',
  faultShare: 0,
  slowMs: 50,
  lateMs: 700,
} as const

export interface PlacedBet {
  readonly bet: {
    readonly id: string
    readonly status: string
    readonly result: string | null
    readonly payout: { readonly amount: string }
  } | null
  readonly pending: boolean
  readonly replayed: boolean
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[]
}

export interface EngineScene {
  readonly app: TestApp
  readonly engine: SimulatedEngine
  readonly accountId: string
  /** Registers a player with cash and opens a session; returns the session's global id. */
  session(externalId: string, cash?: string): Promise<string>
  /** `placeBet` as the platform's script, on this app when no other is named. */
  place(session: string, amount: string, key?: string, ask?: Ask): Promise<PlacedBet>
  close(): Promise<void>
}

export type Ask = (query: string, variables: object) => Promise<GraphqlAnswer>

export interface EngineSceneOptions extends Partial<EngineOptions> {
  readonly times?: Pick<TestAppOptions, 'engineTimeoutMs' | 'playWithinMs' | 'sweeps' | 'clock'>
}

export async function openEngineScene(options: EngineSceneOptions = {}): Promise<EngineScene> {
  const { times = engineTimes, ...chosen } = options
  const engine = await startEngine({ ...faultless, ...chosen })
  const app = await startTestApp(times)
  const accountId = await furnish(app, engine.url)
  const asScript: Ask = (query, variables) => app.graphql(query, variables, 'SERVICE')
  return {
    app,
    engine,
    accountId,
    async session(externalId, cash = '1000.00') {
      const player = { byExternal: { brandCode: 'demo', externalId } }
      const person = { brandCode: 'demo', externalId, country: 'MT', currency: 'EUR' }
      const amount = { amount: cash, currency: 'EUR' }
      const launch = { player, providerAccountCode: 'demo-engine', gameCode: 'reels', currency: 'EUR' }
      const { data } = await app.graphql<{ openSession: { session: { id: string } } }>(
        `mutation Sit($person: RegisterPlayerInput!, $money: RecordDepositInput!, $launch: OpenSessionInput!) {
          registerPlayer(input: $person) { userErrors { code } }
          recordDeposit(input: $money) { userErrors { code } }
          openSession(input: $launch) { session { id } userErrors { code } } }`,
        {
          person: { idempotencyKey: externalId, ...person },
          money: { idempotencyKey: externalId, player, amount },
          launch: { idempotencyKey: externalId, ...launch },
        },
        'SERVICE',
      )
      return data.openSession.session.id
    },
    place: (session, amount, key = uuidv7(), ask = asScript) => place(ask, session, amount, key),
    async close() {
      await app.close()
      await engine.close()
    },
  }
}

async function place(ask: Ask, session: string, amount: string, key: string): Promise<PlacedBet> {
  const { data, errors } = await ask(
    `mutation Place($input: PlaceBetInput!) { placeBet(input: $input) {
      bet { id status result payout { amount } } pending replayed userErrors { code field } } }`,
    { input: { idempotencyKey: key, session: { byId: session }, amount: { amount, currency: 'EUR' } } },
  )
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '))
  return (data as { placeBet: PlacedBet }).placeBet
}

async function furnish(app: TestApp, engineUrl: string): Promise<string> {
  const { sql } = app.database
  const [providerId, accountId] = [uuidv7(), uuidv7()]
  const sealed = arrayLiteral([sealText(testSecret, faultless.secret, accountId)])
  await sql`insert into providers (id, code, name, created_at)
    values (${providerId}, 'wheelhouse', 'Wheelhouse', now())`
  await sql`insert into provider_accounts (id, brand_id, provider_id, code, dialect, public_keys, shared_secrets,
      engine_url, stuck_after_minutes, status, created_at)
    values (${accountId}, ${app.brandId}, ${providerId}, 'demo-engine', 'engine', '{}',
      ${sealed}::text::bytea[], ${engineUrl}, 60, 'ENABLED', now())`
  await sql`insert into games (id, provider_id, code, name, category, status, created_at)
    values (${uuidv7()}, ${providerId}, 'reels', 'Reels of Tests', 'SLOT', 'ENABLED', now())`
  return accountId
}
