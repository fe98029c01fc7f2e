// A running provider entrance with one One Wallet account, its provider's client, and what the database says.
import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { type EvolutionClient, type EvolutionReply, evolutionClient } from './evolution-client.ts'
import type { BetFacts } from './hub88-scene.ts'
import { type ProviderApp, startProviderApp } from './provider-app.ts'
import {
  addPlayer,
  addSession,
  createWorld,
  type ProviderWorld,
  type WorldSession,
} from './provider-world.ts'

export interface EvolutionScene extends EvolutionClient {
  readonly app: ProviderApp
  readonly world: ProviderWorld
  readonly authToken: string
  /** A player with cash (100.00 EUR) and an open session. */
  player(given?: Parameters<typeof addPlayer>[2] & Parameters<typeof addSession>[3]): Promise<WorldSession>
  /** One more session of the same player. */
  sessionOf(session: WorldSession): Promise<WorldSession>
  /** The player's bets, oldest first. */
  bets(session: WorldSession): Promise<readonly BetFacts[]>
  /** Provider calls under a transaction key, oldest first. */
  calls(transactionKey: string): Promise<readonly { verdict: string; effect: string }[]>
  /** Expects the wallet to hold this cash and bonus, in minor units, and all legs to add up to it. */
  expectMoney(session: WorldSession, cashMinor: bigint, bonusMinor?: bigint): Promise<void>
}

export async function openEvolutionScene(
  given: { freeWinsTo?: 'CASH' | 'BONUS' } = {},
): Promise<EvolutionScene> {
  const app = await startProviderApp()
  const { sql } = app.database
  const authToken = randomBytes(24).toString('base64url')
  const world = await createWorld(sql, [], { dialect: 'evolution', sharedSecrets: [authToken] })
  await sql`update provider_accounts set free_wins_to = ${given.freeWinsTo ?? 'CASH'} where id = ${world.accountId}`
  const opening = new Map<string, bigint>()
  return {
    ...evolutionClient(app.url, world.accountCode, authToken),
    app,
    world,
    authToken,
    async player(given = {}) {
      const player = await addPlayer(sql, world, given)
      opening.set(player.walletId, given.cashMinor ?? 10_000n)
      return addSession(sql, world, player, given)
    },
    sessionOf: ({ player }) => addSession(sql, world, player),
    bets: ({ player }) => sql<BetFacts[]>`
      select b.status, b.result, b.stake_minor as stake, b.payout_minor as payout, b.late, r.status as round
      from bets b join rounds r on r.id = b.round_id where b.player_id = ${player.id} order by b.id`,
    calls: (transactionKey) => sql<{ verdict: string; effect: string }[]>`
      select verdict, effect from provider_calls where transaction_key = ${transactionKey} order by id`,
    async expectMoney({ player }, cashMinor, bonusMinor = 0n) {
      const [row] = await sql`
        select w.cash_minor as cash, w.bonus_minor as bonus, (
          select coalesce(sum(amount_minor), 0)::bigint from ledger_entries
          where wallet_id = w.id and account in ('CASH', 'BONUS')) as legs
        from wallets w where id = ${player.walletId}`
      const legs = cashMinor + bonusMinor - (opening.get(player.walletId) ?? 0n)
      expect(row).toEqual({ cash: cashMinor, bonus: bonusMinor, legs })
      expect(await unbalanced(app)).toEqual([])
    },
  }
}

/** Journal rows whose legs do not sum to zero. */
const unbalanced = ({ database }: ProviderApp) =>
  database.sql`select lane, seq, currency, sum(amount_minor)::text as sum from ledger_entries
    group by lane, seq, currency having sum(amount_minor) <> 0`

/** HTTP 200 with this status, and the balance as written on the wire. */
export function expectStatus(reply: EvolutionReply, status: string, balance?: string): void {
  expect({ http: reply.http, status: reply.status, balance: reply.balance }).toEqual({
    http: 200,
    status,
    balance,
  })
}
