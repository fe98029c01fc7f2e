import type {
  AdjustCommand,
  BetCommand,
  Command,
  DepositCommand,
  EndRoundCommand,
  PromoCommand,
  ResolveRoundCommand,
  RollbackCommand,
  WinCommand,
  WithdrawCommand,
} from '../../src/domain/money/types.ts'
import { fingerprint } from '../../src/lib/fingerprint.ts'

/** Where commands come from. */
export interface Desk {
  readonly brandId: string
  readonly providerId: string
  readonly accountId: string
}

/** A player at a game. */
export interface Seat {
  readonly playerId: string
  readonly tokenHash: Buffer
}

/** What a caller names of a command; the key stands for its transaction key. */
type Named<C extends Command, Always extends keyof C = never> = Partial<Omit<C, 'kind' | Always>> &
  Pick<C, Always> & { readonly key: string }

const counted = [
  'kind',
  'roundKey',
  'amountMinor',
  'currency',
  'referenceKey',
  'betKind',
  'account',
  'roundId',
]

/** Adds what a dialect counts as the same call, unless the command brings its own. */
const stamped = <C extends object>(command: C): C & { fingerprint: Buffer } => {
  const values = new Map(Object.entries(command as Record<string, string | bigint | undefined>))
  return { fingerprint: fingerprint(counted.map((name) => values.get(name))), ...command }
}

const named = <Given extends { key: string }>({ key, ...rest }: Given) => ({ ...rest, transactionKey: key })

const amounts = { amountMinor: 100n, currency: 'EUR' }

/** Commands as a dialect makes them; what is not named is ordinary: 1.00 EUR in round r of the first game. */
export function commandsOf(desk: Desk) {
  const base = { brandId: desk.brandId, trace: 'test', receivedAt: new Date() }
  const provided = {
    ...base,
    scopeId: desk.accountId,
    providerId: desk.providerId,
    providerAccountId: desk.accountId,
    actor: { kind: 'PROVIDER_ACCOUNT', id: desk.accountId } as const,
    roundKey: 'r',
    closesRound: false,
  }
  const played = { ...provided, ...amounts, gameCode: 'reel_quest' }
  const cash = { ...base, ...amounts, scopeId: desk.brandId, actor: { kind: 'SYSTEM', id: null } as const }
  return {
    bet: ({ tokenHash }: Seat, given: Named<BetCommand>): BetCommand =>
      stamped({ ...played, tokenHash, kind: 'BET', betKind: 'REAL', ...named(given) }),
    win: ({ tokenHash }: Seat, given: Named<WinCommand>): WinCommand =>
      stamped({ ...played, tokenHash, kind: 'WIN', ...named(given) }),
    rollback: ({ tokenHash }: Seat, given: Named<RollbackCommand, 'referenceKey'>): RollbackCommand =>
      stamped({ ...provided, tokenHash, kind: 'ROLLBACK', afterWin: 'REFUSE', ...named(given) }),
    endRound: ({ tokenHash }: Seat, given: Named<EndRoundCommand>): EndRoundCommand =>
      stamped({ ...provided, tokenHash, kind: 'END_ROUND', ...named(given) }),
    promo: ({ tokenHash }: Seat, given: Named<PromoCommand>): PromoCommand => {
      const { roundKey: _, closesRound: __, ...gift } = provided
      return stamped({ ...gift, ...amounts, tokenHash, kind: 'PROMO', paidTo: 'CASH', ...named(given) })
    },
    adjust: ({ playerId }: Seat, given: Named<AdjustCommand>): AdjustCommand =>
      stamped({ ...cash, playerId, kind: 'ADJUSTMENT', account: 'CASH', ...named(given) }),
    resolve: (
      { playerId }: Pick<Seat, 'playerId'>,
      given: Named<ResolveRoundCommand, 'roundId'> & Pick<ResolveRoundCommand, 'kind'>,
    ): ResolveRoundCommand => {
      const { amountMinor: _, currency: __, ...own } = cash
      return stamped({ ...own, playerId, ...named(given) })
    },
    deposit: ({ playerId }: Seat, given: Named<DepositCommand>): DepositCommand =>
      stamped({ ...cash, playerId, kind: 'DEPOSIT', ...named(given) }),
    withdraw: ({ playerId }: Seat, given: Named<WithdrawCommand>): WithdrawCommand =>
      stamped({ ...cash, playerId, kind: 'WITHDRAWAL', ...named(given) }),
  }
}

export type Commands = ReturnType<typeof commandsOf>
