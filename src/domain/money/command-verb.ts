// How an operator's verb goes whose work is one money command, through the commit streams: it happens once by its
// transaction's key; the audit entry is written with it, under the transaction's id, where a replay finds it.
import { formatDecimal, parseDecimal } from '../../lib/money.ts'
import { assert, Problem } from '../../lib/problem.ts'
import {
  type Answer,
  type Call,
  entryOf,
  guard,
  type Ids,
  type Place,
  type RehearsedVerb,
} from '../audit/mutation.ts'
import { type UserError, userErrorOf } from '../audit/mutation-keys.ts'
import type { NewAuditEntry } from '../audit/types.ts'
import { VersionChanged } from '../audit/version-changed.ts'
import type { Context } from '../context.ts'
import type { Preview } from './preview.ts'
import { rehearse } from './rehearse.ts'
import type { Command, Outcome, Submit, Verdict } from './types.ts'

/** How verdicts read as user errors. One that is left out cannot come. */
export type Refusals = Partial<Record<Verdict, UserError>>

/** Those of every command. */
export const commonRefusals: Refusals = {
  PLAYER_UNKNOWN: { code: 'PLAYER_UNKNOWN', message: 'there is no such player', field: 'player' },
  DUPLICATE_CONFLICT: {
    code: 'IDEMPOTENCY_KEY_REUSED',
    message: 'this key was used with other input',
    field: 'idempotencyKey',
  },
  RETRY_LATER: { code: 'RETRY_LATER', message: 'it is not certain yet; ask again with the same key' },
}

export interface CommandPlan<I extends Ids> {
  readonly command: Command
  readonly refusals: Refusals
  /** What was asked for, as the entry shows it. */
  readonly asked: Readonly<Record<string, unknown>>
  /** What the entry shows besides, when it took effect. */
  readonly changed?: (outcome: Outcome) => Pick<NewAuditEntry, 'before' | 'after'>
  ids(outcome: Outcome): I
}

/** A verb that happens once by its transaction's key, and can be rehearsed. */
export interface CommandVerb<P extends Place> extends RehearsedVerb<P> {
  readonly ownKey: true
}

/** With what would change, when it was a dry run of what would be done. */
export interface CommandAnswer<I extends Ids> extends Answer<I> {
  readonly preview?: Preview
}

export function runCommand<P extends Place, I extends Ids>(
  ctx: Context,
  verb: CommandVerb<P>,
  submit: Submit,
  plan: (call: Call, place: P) => CommandPlan<I>,
): Promise<CommandAnswer<I>> {
  return guard<P, I, CommandAnswer<I>>(ctx, verb, async (call, place) => {
    const planned = plan(call, place)
    if (call.dryRun) return rehearsed(ctx, call, planned)
    const entry = entryOf(verb, place, place.brandId)
    const outcome = await submit({
      command: planned.command,
      attach(decided) {
        // A replay leaves no entry.
        if (decided.verdict === 'REPLAY') return {}
        return { auditId: auditIdOf(call, decided), audit: { ...entry, ...shown(planned, decided) } }
      },
    })
    return answered(call, planned, outcome)
  })
}

function answered<I extends Ids>(call: Call, plan: CommandPlan<I>, outcome: Outcome): Answer<I> {
  const userError = refusalOf(plan.refusals, outcome)
  return {
    ids: userError ? null : plan.ids(outcome),
    userError,
    replayed: outcome.verdict === 'REPLAY',
    auditEntryId: userError?.code === 'RETRY_LATER' ? null : auditIdOf(call, outcome),
  }
}

/** A key that was used has its first answer; else there is no transaction, and no entry, to tell of. */
async function rehearsed<I extends Ids>(
  ctx: Context,
  call: Call,
  plan: CommandPlan<I>,
): Promise<CommandAnswer<I>> {
  const { outcome, preview } = await rehearse(ctx, plan.command)
  if (outcome.verdict === 'REPLAY') return answered(call, plan, outcome)
  const userError = refusalOf(plan.refusals, outcome)
  const answer = { ids: null, userError, replayed: false, auditEntryId: null }
  return userError ? answer : { ...answer, preview }
}

/** What every command of an operator carries. */
export const commandBase = (ctx: Context, call: Call, brandId: string) => ({
  brandId,
  actor: { kind: ctx.actor.kind, id: ctx.actor.id },
  trace: ctx.requestId,
  receivedAt: call.cause.at,
})

/** An amount of input in minor units; BAD_AMOUNT when the currency cannot hold it. */
export function readAmount(text: string, currency: string, field: string): bigint {
  try {
    return parseDecimal(text, currency)
  } catch (error) {
    if (error instanceof Problem) throw new Problem('BAD_AMOUNT', error.message, field)
    throw error
  }
}

/** The amount and its key, as entries show what was asked for. */
export const askedAmount = (amountMinor: bigint, currency: string, transactionKey: string) => ({
  amount: formatDecimal(amountMinor, currency),
  currency,
  transactionKey,
})

function refusalOf(refusals: Refusals, outcome: Outcome): UserError | null {
  if (outcome.currentVersion !== undefined) return userErrorOf(new VersionChanged(outcome.currentVersion))
  const verdict = outcome.verdict === 'REPLAY' ? outcome.first : outcome.verdict
  if (verdict === 'OK') return null
  const refusal = verdict && refusals[verdict]
  assert(refusal, `a command of an operator was answered ${verdict}`)
  return refusal
}

/** A conflict names the first call's transaction: its entry is that one's, not this refusal's. */
const auditIdOf = (call: Call, { verdict, transactionId }: Outcome): string =>
  transactionId === undefined || verdict === 'DUPLICATE_CONFLICT' ? call.auditEntryId : transactionId

function shown<I extends Ids>(
  { refusals, asked, changed }: CommandPlan<I>,
  outcome: Outcome,
): Pick<NewAuditEntry, 'outcome' | 'code' | 'before' | 'after'> {
  const refusal = refusalOf(refusals, outcome)
  if (refusal) return { outcome: 'REFUSED', code: refusal.code, after: asked }
  const { before, after } = changed?.(outcome) ?? {}
  return { outcome: 'ALLOWED', ...(before ? { before } : {}), after: { ...asked, ...after } }
}
