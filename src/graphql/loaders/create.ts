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

/** Each makes loaders under names of their own. */
const makers = [
  journalLoaders,
  auditLoaders,
  brandLoaders,
  operatorLoaders,
  playerLoaders,
  limitLoaders,
  walletLoaders,
  providerLoaders,
  gameLoaders,
  sessionLoaders,
  roundLoaders,
  betLoaders,
  moneyLoaders,
  figureLoaders,
  reconciliationLoaders,
] as const

type Made = ReturnType<(typeof makers)[number]>
type AllOf<Each> = (Each extends unknown ? (one: Each) => void : never) extends (all: infer All) => void
  ? All
  : never

export type Loaders = Readonly<AllOf<Made>>

/** Makes what is asked for: a request needs few of the loaders, and making all of them costs more than those. */
class LazyLoaders {
  readonly #ctx: ScopedContext
  readonly #made: (object | undefined)[] = []

  constructor(ctx: ScopedContext) {
    this.#ctx = ctx
  }

  madeBy(at: number): Readonly<Record<string, unknown>> {
    const made = this.#made[at] ?? makers[at]?.(this.#ctx) ?? {}
    this.#made[at] = made
    return made as Readonly<Record<string, unknown>>
  }

  forget(): void {
    this.#made.length = 0
  }
}

/** The names are known when the loaders have been made once. */
function nameAll(first: LazyLoaders): void {
  makers.forEach((_, at) => {
    for (const name of Object.keys(first.madeBy(at))) {
      if (name in LazyLoaders.prototype) throw new Error(`two loaders are called ${name}`)
      Object.defineProperty(LazyLoaders.prototype, name, {
        get(this: LazyLoaders) {
          return this.madeBy(at)[name]
        },
      })
    }
  })
}

let named = false

/** Fresh for every request and every live event: what is kept longer is stale. */
export function createLoaders(ctx: ScopedContext): Loaders {
  const loaders = new LazyLoaders(ctx)
  if (!named) nameAll(loaders)
  named = true
  return loaders as unknown as Loaders
}

/** After a change: what they hold is stale. */
export const forgetLoaded = (loaders: Loaders): void => (loaders as unknown as LazyLoaders).forget()
