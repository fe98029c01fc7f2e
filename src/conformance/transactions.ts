import { randomUUID } from 'node:crypto'
import type { Seat, Transaction } from './dialects/dialect.ts'

/** What a scenario says of a transaction that is unlike the usual one. */
export type Given = Partial<Omit<Transaction, 'kind' | 'names'>>

type Terms = Pick<Transaction, 'amountMinor' | 'currency' | 'gameCode'>

/** A bet in a round of its own. */
export const betOf = (seat: Seat, given: Given & Terms): Transaction => ({
  kind: 'BET',
  seat,
  id: randomUUID(),
  roundId: randomUUID(),
  tie: randomUUID(),
  closesRound: false,
  isFree: false,
  ...given,
})

/** A win of the bet that closes its round. */
export const winOf = (names: Transaction, amountMinor: bigint, given: Given = {}): Transaction => ({
  ...names,
  kind: 'WIN',
  id: randomUUID(),
  names,
  amountMinor,
  closesRound: true,
  ...given,
})

export const rollbackOf = (names: Transaction, given: Given = {}): Transaction => ({
  ...names,
  kind: 'ROLLBACK',
  id: randomUUID(),
  names,
  closesRound: true,
  ...given,
})
