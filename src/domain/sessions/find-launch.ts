import { Problem } from '../../lib/problem.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

/** What is launched: which game, through which account, with which money. */
export interface Launch {
  readonly providerAccountId: string
  readonly dialect: string
  readonly gameId: string
  readonly walletId: string
}

export interface LaunchInput {
  readonly brandId: string
  readonly playerId: string
  readonly providerAccountCode: string
  readonly gameCode: string
  readonly currency: string
}

/** Finds what a launch needs in the player's own brand, or refuses by the first thing that is missing. */
export async function findLaunch(tx: VerbTransaction, input: LaunchInput): Promise<Launch> {
  const { brandId, playerId, providerAccountCode, gameCode, currency } = input
  const [row] = await tx.run(
    `/* sessions: find what a launch needs */
    select a.id as account_id, a.dialect, g.id as game_id, g.status as game_status, w.id as wallet_id
    from provider_accounts a
      left join games g on g.provider_id = a.provider_id and g.code = $3
      left join wallets w on w.player_id = $4::uuid and w.currency = $5
    where a.code = $2 and a.brand_id = $1::uuid and a.status = 'ENABLED'`,
    [brandId, providerAccountCode, gameCode, playerId, currency],
  )
  if (!row) {
    const message = `the brand has no provider account ${providerAccountCode} that is enabled`
    throw new Problem('PROVIDER_ACCOUNT_UNKNOWN', message, 'providerAccountCode')
  }
  if (!row['game_id']) throw new Problem('GAME_UNKNOWN', `the provider has no game ${gameCode}`, 'gameCode')
  if (row['game_status'] !== 'ENABLED') {
    throw new Problem('GAME_DISABLED', `the game ${gameCode} is disabled`, 'gameCode')
  }
  if (!row['wallet_id'])
    throw new Problem('WALLET_MISSING', `the player has no wallet in ${currency}`, 'currency')
  return {
    providerAccountId: row['account_id'] as string,
    dialect: row['dialect'] as string,
    gameId: row['game_id'] as string,
    walletId: row['wallet_id'] as string,
  }
}
