// What events have in common. Their own values are facts of then; their links lead to rows of now, which are null
// when there was none or when it lies outside the caller's brands.
import type { JournalEvent } from '../../domain/journal/types.ts'
import { globalId } from '../../lib/global-id.ts'
import { stampText } from '../../lib/stamp.ts'
import type { GraphContext } from '../context.ts'
import { eventType } from '../event-types.ts'
import { money } from '../mappers.ts'
import { actorOf } from './audit.ts'

type Link<Row> = (row: JournalEvent, _: object, ctx: GraphContext) => Promise<Row | null> | null

type ById<Row> = (ctx: GraphContext) => { load(id: string): Promise<Row | null> }

const link =
  <Row>(idOf: (row: JournalEvent) => string | null, loader: ById<Row>): Link<Row> =>
  (row, _, ctx) => {
    const id = idOf(row)
    return id === null ? null : loader(ctx).load(id)
  }

/** What the row notes under this name, when it is a text. */
export const noted = (row: JournalEvent, name: string): string | null => {
  const value = row.facts[name]
  return typeof value === 'string' ? value : null
}

/** An amount in minor units that the row notes under this name. */
export const minorNoted = (row: JournalEvent, name: string): bigint | null => {
  const text = noted(row, name)
  return text === null ? null : BigInt(text)
}

export const amountOf = (row: JournalEvent) => money(row.amountMinor, row.currency)

/** Of every event. */
export const eventFields = {
  id: (row: JournalEvent) => globalId('Event', `${row.lane}.${row.seq}`),
  type: (row: JournalEvent) => eventType(row.type),
  recordedAt: (row: JournalEvent) => stampText(row.recordedUs),
  actor: (row: JournalEvent) => actorOf(row.actorKind, row.actorId),
  requestId: (row: JournalEvent) => row.trace,
  brand: link(
    (row) => row.brandId,
    (ctx) => ctx.loaders.brandById,
  ),
  player: link(
    (row) => row.playerId,
    (ctx) => ctx.loaders.playerById,
  ),
}

export const sessionLink = link(
  (row) => row.sessionId,
  (ctx) => ctx.loaders.sessionById,
)

export const transactionLink = link(
  (row) => row.transactionId,
  (ctx) => ctx.loaders.transactionById,
)

export const gameLink = link(
  (row) => row.gameId,
  (ctx) => ctx.loaders.gameById,
)

/** Of what happens in a session. */
export const sessionEventFields = {
  ...eventFields,
  session: sessionLink,
  game: gameLink,
  providerAccount: link(
    (row) => row.providerAccountId,
    (ctx) => ctx.loaders.providerAccountById,
  ),
}

/** Of what happens in a round. */
export const roundEventFields = {
  ...sessionEventFields,
  round: link(
    (row) => row.roundId,
    (ctx) => ctx.loaders.roundById,
  ),
}

/** Of what happens to a bet. */
export const betEventFields = {
  ...roundEventFields,
  bet: link(
    (row) => row.betId,
    (ctx) => ctx.loaders.betById,
  ),
  transaction: transactionLink,
}

export const walletLink = link(
  (row) => noted(row, 'walletId'),
  (ctx) => ctx.loaders.walletById,
)

export const activityLink = link(
  (row) => noted(row, 'activityId'),
  (ctx) => ctx.loaders.activityById,
)
