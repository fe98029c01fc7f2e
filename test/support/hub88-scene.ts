// A running provider entrance with one account, its provider's client, and what the database says about the money.
import { expect } from 'vitest'
import { type Hub88Client, generateKeys, hub88Client, type KeyPair, type WireReply } from './hub88-client.ts'
import { type ProviderApp, startProviderApp } from './provider-app.ts'
import {
  addPlayer,
  addSession,
  createWorld,
  type ProviderWorld,
  type WorldSession,
} from './provider-world.ts'

export interface Scene extends Hub88Client {
  readonly app: ProviderApp
  readonly world: ProviderWorld
  readonly keys: KeyPair
  /** A player with cash (100.00 EUR) and an open session. */
  player(given?: Parameters<typeof addPlayer>[2] & Parameters<typeof addSession>[3]): Promise<WorldSession>
  /** The cash in the wallets table, in minor units. */
  cash(session: WorldSession): Promise<bigint>
  /** What the legs on the player's cash sum to, and how many journal rows of the player move money. */
  moved(session: WorldSession): Promise<{ legs: bigint; movements: number }>
  /** The player's bets, oldest first. */
  bets(session: WorldSession): Promise<readonly BetFacts[]>
  /** Provider calls under a transaction key, oldest first. */
  calls(transactionKey: string): Promise<readonly CallRow[]>
}

export interface BetFacts {
  readonly status: string
  readonly result: string | null
  readonly stake: bigint
  readonly payout: bigint
  readonly late: boolean
  readonly round: string
}

export interface CallRow {
  readonly verdict: string
  readonly effect: string
  readonly signature: string
  readonly operation: string
  readonly playerId: string | null
  readonly transactionId: string | null
  readonly betId: string | null
  readonly reply: string
}

export async function openScene(): Promise<Scene> {
  const app = await startProviderApp()
  const { sql } = app.database
  const keys = generateKeys()
  const world = await createWorld(sql, [keys.publicKey])
  return {
    ...hub88Client(app.url, world.accountCode, keys.privateKey),
    app,
    world,
    keys,
    player: async (given = {}) => addSession(sql, world, await addPlayer(sql, world, given), given),
    async cash({ player }) {
      const [row] = await sql<{ cash: bigint }[]>`
        select cash_minor as cash from wallets where id = ${player.walletId}`
      return row?.cash ?? -1n
    },
    async moved({ player }) {
      const [row] = await sql<{ legs: bigint; movements: number }[]>`
        select coalesce(sum(amount_minor), 0)::bigint as legs, count(distinct (lane, seq))::int as movements
        from ledger_entries where wallet_id = ${player.walletId} and account = 'CASH'`
      return row ?? { legs: 0n, movements: 0 }
    },
    bets: ({ player }) => sql<BetFacts[]>`
      select b.status, b.result, b.stake_minor as stake, b.payout_minor as payout, b.late, r.status as round
      from bets b join rounds r on r.id = b.round_id where b.player_id = ${player.id} order by b.id`,
    calls: (transactionKey) => sql<CallRow[]>`
      select verdict, effect, signature, operation, player_id as "playerId", transaction_id as "transactionId",
        bet_id as "betId", convert_from(reply_body, 'UTF8') as reply
      from provider_calls where transaction_key = ${transactionKey} order by id`,
  }
}

/** RS_OK with the balance the wallet has now, in units of 10^-5. */
export function expectOk(reply: WireReply, cashMinor: bigint, session: WorldSession): void {
  expect({ http: reply.http, status: reply.status, balance: reply.balance }).toEqual({
    http: 200,
    status: 'RS_OK',
    balance: String(cashMinor * 1000n),
  })
  expect(reply.body).toMatchObject({ user: session.user, currency: session.player.currency })
}

/** The money stands at these minor units: in the wallet, as sum of its legs, and all legs of all rows at zero. */
export async function expectCash(scene: Scene, session: WorldSession, expected: bigint, opening = 10_000n) {
  expect(await scene.cash(session)).toBe(expected)
  expect((await scene.moved(session)).legs).toBe(expected - opening)
  expect(await unbalanced(scene.app)).toEqual([])
}

/** Journal rows whose legs do not sum to zero. */
const unbalanced = ({ database }: ProviderApp) =>
  database.sql`select lane, seq, currency, sum(amount_minor)::text as sum from ledger_entries
    group by lane, seq, currency having sum(amount_minor) <> 0`
