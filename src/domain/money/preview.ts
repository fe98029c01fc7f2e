import type { NewEvent } from '../journal/types.ts'
import type { Draft, Leg } from './draft.ts'
import type { BetState, RoundState, State, WalletState } from './state.ts'

/** A row as it stands and as it would be; there is none yet of what would be made. */
export interface Change<Row> {
  readonly before: Row | null
  readonly after: Row
}

export interface PreviewedLeg extends Leg {
  /** Of the event that it would belong to. */
  readonly event: Pick<NewEvent, 'type' | 'betId'>
}

/** What a command would change: rows oldest first, as their ids rise in time; legs in the ledger's order. */
export interface Preview {
  readonly wallets: Change<WalletState>[]
  readonly legs: PreviewedLeg[]
  readonly bets: Change<BetState>[]
  readonly rounds: Change<RoundState>[]
}

export const previewOf = (state: State, draft: Draft): Preview => ({
  // A stake of nothing that is given back counts towards limits, and moves no money.
  wallets: changes(state.wallets, draft.wallets).filter(moves),
  legs: draft.events.flatMap((event) => event.legs.map((leg) => ({ ...leg, event }))),
  bets: changes(state.bets, draft.bets),
  rounds: changes(state.rounds, draft.rounds),
})

const moves = ({ before, after }: Change<WalletState>) => after.version !== (before?.version ?? 0n)

const changes = <Row>(now: ReadonlyMap<string, Row>, next: ReadonlyMap<string, Row>): Change<Row>[] =>
  [...next]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, after]) => ({ before: now.get(id) ?? null, after }))
