import type { ScopedContext } from '../../domain/context.ts'
import { auditLoaders } from './audit.ts'
import { betLoaders } from './bets.ts'
import { brandLoaders } from './brands.ts'
import { figureLoaders } from './figures.ts'
import { gameLoaders } from './games.ts'
import { journalLoaders } from './journal.ts'
import { limitLoaders } from './limits.ts'
import { moneyLoaders } from './money.ts'
import { operatorLoaders } from './operators.ts'
import { playerLoaders } from './players.ts'
import { providerLoaders } from './providers.ts'
import { reconciliationLoaders } from './reconciliation.ts'
import { roundLoaders } from './rounds.ts'
import { sessionLoaders } from './sessions.ts'
import { walletLoaders } from './wallets.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** Fresh for every request and every live event: what is kept longer is stale. */
export const createLoaders = (ctx: ScopedContext) => ({
  ...journalLoaders(ctx),
  ...auditLoaders(ctx),
  ...brandLoaders(ctx),
  ...operatorLoaders(ctx),
  ...playerLoaders(ctx),
  ...limitLoaders(ctx),
  ...walletLoaders(ctx),
  ...providerLoaders(ctx),
  ...gameLoaders(ctx),
  ...sessionLoaders(ctx),
  ...roundLoaders(ctx),
  ...betLoaders(ctx),
  ...moneyLoaders(ctx),
  ...figureLoaders(ctx),
  ...reconciliationLoaders(ctx),
})
