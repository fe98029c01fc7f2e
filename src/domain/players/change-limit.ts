// What setting, removing and taking back have in common: the limit is found under the player's lock, its next terms
// are worked out by the rules, and the row, the event and the audit entry tell the same.
import { and, eq, isNull } from '../../db/drizzle.ts'
import { build } from '../../db/build.ts'
import { limits } from '../../db/tables/limits.ts'
import { formatDecimal, isCurrency } from '../../lib/money.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { checkReason, refuseInput } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import { checkVersion } from '../audit/version-changed.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import { type Terms, termsAt } from './limit-rules.ts'
import {
  checkLimitName,
  type LimitName,
  type LimitPlace,
  levelOfSubject,
  limitNameText,
  locateLimit,
  permissionFor,
} from './locate-limit.ts'

export interface LimitInput extends LimitName {
  readonly idempotencyKey: string
  readonly reason: string
  /** Of the limit; zero while there is none. */
  readonly expectedVersion?: bigint | null
}

export interface LimitChange {
  readonly action: string
  /** Of the input besides its name: what a replay must repeat, and whether it can be right. */
  readonly amount?: string
  check?(): void
  /** The terms after the change, none when it is gone. A Problem refuses. */
  next(now: Terms | null, at: Date, coolingOffMs: number): Terms | null
}

export type LimitAnswer = Answer<{ readonly limitId: string }>

const hourMs = 3_600_000

export function changeLimit(ctx: Context, input: LimitInput, change: LimitChange): Promise<LimitAnswer> {
  const expectedVersion = input.expectedVersion ?? undefined
  return mutate(ctx, {
    action: change.action,
    permission: permissionFor(input.subject),
    idempotencyKey: input.idempotencyKey,
    input: [
      limitNameText(input),
      change.amount,
      input.reason,
      ...(expectedVersion === undefined ? [] : [expectedVersion]),
    ],
    reason: input.reason,
    check() {
      checkReason(input.reason)
      checkLimitName(input)
      if (!isCurrency(input.currency)) refuseInput('currency', 'is not a known currency')
      change.check?.()
    },
    locate: () => locateLimit(ctx, input.subject),
    async work(tx, place, at) {
      if (place.playerId === null) await lockLimits(tx, place)
      const row = await findLimit(tx, place, input)
      const before = row && termsAt(row, at)
      checkVersion(before && row ? row.version : 0n, expectedVersion)
      const next = change.next(before, at, await coolingOff(tx, place))
      // A change without a wait is there already.
      const after = next && termsAt(next, at)
      const limitId = row?.id ?? uuidv7(at)
      const version = versionAfter(row, at)
      if (after) await putLimit(tx, { id: limitId, ...place, ...nameOf(input), ...after, version })
      else await tx.query(build.delete(limits).where(eq(limits.id, limitId)))
      appendChange(tx, place, input, { before, after, at })
      const { currency } = input
      const shown = { ...named(input), ...told(after, currency) }
      return { ids: { limitId }, audit: { before: told(before, currency), after: shown } }
    },
  })
}

/** One that was removed leaves no row: the time keeps a new one of its name from having a version that it had. */
const versionAfter = (row: { readonly version: bigint } | null, at: Date): bigint =>
  row ? row.version + 1n : BigInt(at.getTime())

/** Whoever changes a player's limit holds the player; those of a brand and its games have the brand for it. */
const lockLimits = (tx: VerbTransaction, { brandId }: LimitPlace) =>
  tx.run('/* limits: lock those of a brand */ select from brands where id = $1::uuid for no key update', [
    brandId,
  ])

const nameOf = ({ kind, period, currency }: LimitName) => ({ kind, period: period ?? null, currency })

const named = ({ subject, kind, period, currency }: LimitName) => ({
  level: levelOfSubject(subject),
  kind,
  ...(period && { period }),
  currency,
})

async function findLimit(
  tx: VerbTransaction,
  { brandId, playerId, gameId }: LimitPlace,
  name: LimitName,
): Promise<(Terms & { readonly id: string; readonly version: bigint }) | null> {
  const { kind, period, currency } = nameOf(name)
  const [row] = await tx.query(
    build
      .select()
      .from(limits)
      .where(
        and(
          eq(limits.brandId, brandId),
          playerId === null ? isNull(limits.playerId) : eq(limits.playerId, playerId),
          gameId === null ? isNull(limits.gameId) : eq(limits.gameId, gameId),
          eq(limits.kind, kind),
          period === null ? isNull(limits.period) : eq(limits.period, period),
          eq(limits.currency, currency),
        ),
      ),
  )
  if (!row) return null
  const pendingFrom = row['pending_from']
  return {
    id: row['id'] as string,
    version: row['version'] as bigint,
    amountMinor: row['amount_minor'] as bigint,
    effectiveFrom: new Date(row['effective_from'] as string),
    pendingMinor: (row['pending_minor'] ?? null) as bigint | null,
    pendingFrom: pendingFrom ? new Date(pendingFrom as string) : null,
  }
}

/** How long more freedom waits: what an operator sets for a brand or a game acts at once. */
async function coolingOff(tx: VerbTransaction, { brandId, playerId }: LimitPlace): Promise<number> {
  if (playerId === null) return 0
  const [row] = await tx.run(
    '/* limits: cooling-off time of a brand */ select cooling_off_hours from brands where id = $1::uuid',
    [brandId],
  )
  return Number(row?.['cooling_off_hours']) * hourMs
}

async function putLimit(tx: VerbTransaction, row: typeof limits.$inferInsert): Promise<void> {
  const { amountMinor, effectiveFrom, pendingMinor, pendingFrom, version } = row
  await tx.query(
    build
      .insert(limits)
      .values(row)
      .onConflictDoUpdate({
        target: [limits.brandId, limits.playerId, limits.gameId, limits.kind, limits.period, limits.currency],
        set: { amountMinor, effectiveFrom, pendingMinor, pendingFrom, version },
      }),
  )
}

interface Changed {
  readonly before: Terms | null
  readonly after: Terms | null
  readonly at: Date
}

function appendChange(
  tx: VerbTransaction,
  { brandId, playerId, gameId }: LimitPlace,
  name: LimitName,
  { before, after, at }: Changed,
): void {
  const { level, kind, period, currency } = named(name)
  const facts = {
    level,
    kind,
    ...(period && { period }),
    ...(before && { beforeMinor: before.amountMinor.toString() }),
    ...(after?.pendingFrom && { pendingFrom: after.pendingFrom.toISOString() }),
    ...(after?.pendingFrom && { pendingMinor: after.pendingMinor?.toString() ?? null }),
  }
  tx.append({
    type: 'LimitChanged',
    brandId,
    ...(playerId !== null && { playerId }),
    ...(gameId !== null && { gameId }),
    ...(after && { amountMinor: after.amountMinor }),
    currency,
    occurredAt: at,
    facts,
  })
}

/** Terms as an audit entry tells them. */
const told = (terms: Terms | null, currency: string) => ({
  amount: terms && formatDecimal(terms.amountMinor, currency),
  ...(terms?.pendingFrom && {
    pending: terms.pendingMinor === null ? null : formatDecimal(terms.pendingMinor, currency),
    pendingFrom: terms.pendingFrom.toISOString(),
  }),
})
