// A running provider entrance with one account that speaks the Swipe Games dialect, and what the database says.
import { expect } from 'vitest'
import { type ProviderApp, startProviderApp } from './provider-app.ts'
import {
  addPlayer,
  addSession,
  createWorld,
  type ProviderWorld,
  type WorldPlayer,
  type WorldSession,
} from './provider-world.ts'
import { type SwipeClient, swipeClient, type SwipeReply } from './swipe-client.ts'

export interface SwipeScene extends SwipeClient {
  readonly app: ProviderApp
  readonly world: ProviderWorld
  readonly secret: string
  /** A player with cash (100.00 EUR) and an open session. */
  player(given?: Parameters<typeof addPlayer>[2] & Parameters<typeof addSession>[3]): Promise<WorldSession>
  /** Another session of a player, in the second game when told so. */
  session(player: WorldPlayer, game?: 'SECOND'): Promise<WorldSession>
  /** Cash and bonus in the wallets table, in minor units. */
  money(session: WorldSession): Promise<{ cash: bigint; bonus: bigint }>
  /** The player's bets, oldest first. */
  bets(session: WorldSession): Promise<readonly object[]>
  /** Provider calls under a transaction key, oldest first. */
  calls(transactionKey: string): Promise<readonly StoredCall[]>
}

export interface StoredCall {
  readonly operation: string
  readonly verdict: string
  readonly effect: string
  readonly http: number
  readonly request: string
  readonly reply: string
}

export const sharedSecret = 'a key of an integration under test'

export async function openSwipeScene(freeWinsTo: 'CASH' | 'BONUS' = 'CASH'): Promise<SwipeScene> {
  const app = await startProviderApp()
  const { sql } = app.database
  const world = await createWorld(sql, [], { dialect: 'swipe', sharedSecrets: ['another key', sharedSecret] })
  await sql`update provider_accounts set free_wins_to = ${freeWinsTo}`
  return {
    ...swipeClient(app.url, world.accountCode, sharedSecret),
    app,
    world,
    secret: sharedSecret,
    player: async (given = {}) => addSession(sql, world, await addPlayer(sql, world, given), given),
    async session(player, game) {
      const [second] = await sql<{ id: string }[]>`
        select id from games where provider_id = ${world.providerId} and code = 'reel_quest_ii'`
      const gameId = game ? (second?.id ?? '') : world.gameId
      return addSession(sql, { ...world, gameId }, player)
    },
    async money({ player }) {
      const [row] = await sql<{ cash: bigint; bonus: bigint }[]>`
        select cash_minor as cash, bonus_minor as bonus from wallets where id = ${player.walletId}`
      return row ?? { cash: -1n, bonus: -1n }
    },
    bets: ({ player }) => sql<object[]>`
      select b.status, b.result, b.kind, b.stake_minor as stake, b.payout_minor as payout, b.late,
        r.status as round
      from bets b join rounds r on r.id = b.round_id where b.player_id = ${player.id} order by b.id`,
    calls: (transactionKey) => sql<StoredCall[]>`
      select operation, verdict, effect, http_status as http, convert_from(request_body, 'UTF8') as request,
        convert_from(reply_body, 'UTF8') as reply
      from provider_calls where transaction_key = ${transactionKey} order by id`,
  }
}

/** 200 with the balance that the wallet has now, and an id of ours. */
export function expectOk(reply: SwipeReply, balance: string): void {
  expect(reply).toMatchObject({ http: 200, body: { balance, txID: expect.stringMatching(/^[\da-f-]{36}$/) } })
}

/** A refusal in the dialect's shape; the code is undefined where it has none. */
export function expectRefusal(reply: SwipeReply, http: number, code?: string): void {
  const { message, code: told } = reply.body
  expect({ http: reply.http, told, message: typeof message }).toEqual({ http, told: code, message: 'string' })
  expect(reply.body).not.toHaveProperty('balance')
}

/** The cash stands at these minor units: in the wallet, as sum of its legs, and all legs of all rows at zero. */
export async function expectCash(
  scene: SwipeScene,
  session: WorldSession,
  expected: bigint,
  opening = 10_000n,
) {
  const { sql } = scene.app.database
  const [legs] = await sql<{ sum: bigint }[]>`
    select coalesce(sum(amount_minor), 0)::bigint as sum from ledger_entries
    where wallet_id = ${session.player.walletId} and account = 'CASH'`
  expect({ cash: (await scene.money(session)).cash, legs: legs?.sum }).toEqual({
    cash: expected,
    legs: expected - opening,
  })
  const unbalanced = await sql`select lane, seq from ledger_entries
    group by lane, seq, currency having sum(amount_minor) <> 0`
  expect([...unbalanced]).toEqual([])
}
