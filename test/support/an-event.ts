import type { JournalEvent } from '../../src/domain/journal/types.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'

/** An event that was never written; what is not named is made up. */
export const anEvent = (named: Partial<JournalEvent> = {}): JournalEvent => ({
  lane: 0,
  seq: 1n,
  prev: (named.seq ?? 1n) - 1n,
  id: uuidv7(),
  type: 'BetPlaced',
  version: 1,
  brandId: uuidv7(),
  playerId: null,
  playerVersion: null,
  sessionId: null,
  gameId: null,
  providerAccountId: null,
  roundId: null,
  betId: null,
  transactionId: null,
  amountMinor: null,
  currency: null,
  occurredAt: new Date(),
  recordedUs: 1n,
  actorKind: 'SYSTEM',
  actorId: null,
  trace: 'test',
  facts: {},
  ...named,
})
