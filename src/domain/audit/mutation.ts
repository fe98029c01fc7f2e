// The one way every operator's verb goes: permission, input, key, then the work; and exactly one audit entry,
// whether it is allowed or refused. A replay gets the first answer and leaves no trace. It knows no noun's rules.
import { fingerprint } from '../../lib/fingerprint.ts'
import { assert, Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import type { Actor, Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import { reasonLengthMax } from './check.ts'
import { Forbidden } from './forbidden.ts'
import {
  checkKey,
  findAnswer,
  KeyTaken,
  keepAnswer,
  type MutationKey,
  nobody,
  type StoredResult,
  type UserError,
  userErrorOf,
} from './mutation-keys.ts'
import { type Cause, recordEntry } from './record-entry.ts'
import type { NewAuditEntry } from './types.ts'

/** Where a verb does its work: found before the transaction, and never outside the actor's brands. */
export interface Place {
  readonly brandId: string
  /** Locked before the work begins. */
  readonly playerIds: readonly string[]
  readonly subjectType: string
  readonly subjectId: string
}

export type Ids = Readonly<Record<string, string>>

/** What the work has to tell: the ids for the answer, and what stands in the audit entry. */
export interface Worked<I extends Ids> {
  readonly ids: I
  readonly audit: Pick<NewAuditEntry, 'subjectType' | 'subjectId' | 'before' | 'after'>
}

export interface Verb<P extends Place> {
  readonly action: string
  readonly permission: string
  readonly idempotencyKey: string
  /** Everything of the input but the key: what a replay must repeat. */
  readonly input: readonly (string | bigint | boolean | null | undefined)[]
  readonly reason?: string
  /**
   * For work that happens once by a key of its own: here only refusals that come before it are remembered, each for
   * its own input, so that none of them stands in the way of the work's own answer.
   */
  readonly ownKey?: true
  /** Refuses, by a Problem, input that can never be right. */
  check(): void
  /** Finds the place; what the actor may not see is as unknown as what does not exist. */
  locate(): Promise<P>
}

/** A verb that may be rehearsed: then nothing is written, not even that it was asked or refused. */
export interface RehearsedVerb<P extends Place> extends Verb<P> {
  readonly dryRun?: boolean
}

export interface Mutation<P extends Place, I extends Ids> extends Verb<P> {
  /** May be run again from the start, so it keeps nothing outside. A Problem refuses and rolls back. */
  work(tx: VerbTransaction, place: P, at: Date): Promise<Worked<I>>
}

/** A verb's answer: ids when it was done, a user error when it was refused. */
export interface Answer<I extends Ids> {
  readonly ids: I | null
  readonly userError: UserError | null
  readonly replayed: boolean
  readonly auditEntryId: string | null
}

/** One call of a verb, from its first line on. */
export interface Call {
  readonly cause: Cause
  /** The actor's brand when it has but one: where a refusal belongs that names no brand it may see. */
  readonly homeId: string | null
  readonly dryRun: boolean
  readonly key: MutationKey
  readonly auditEntryId: string
}

export const mayDo = (actor: Actor, permission: string): boolean =>
  actor.kind === 'SYSTEM' || actor.permissions.has(permission)

/** Runs a verb whose work is one transaction of the verb lane. FORBIDDEN is thrown; other refusals are answers. */
export function mutate<P extends Place, I extends Ids>(
  ctx: Context,
  mutation: Mutation<P, I>,
): Promise<Answer<I>> {
  return guard(ctx, mutation, (call, place) =>
    ctx.verbs.transact(ctx, place.playerIds, async (tx) => {
      const { ids, audit } = await mutation.work(tx, place, call.cause.at)
      const result = { auditEntryId: call.auditEntryId, ids }
      await keepAnswer(tx, call.key, place.brandId, result, call.cause.at)
      const entry = { ...entryOf(mutation, place, place.brandId), ...audit, outcome: 'ALLOWED' } as const
      await recordEntry(tx, call.cause, entry, call.auditEntryId)
      return answer<I>(call, result)
    }),
  )
}

/** The first lines of every verb. `perform` does the work, or refuses by a Problem before anything is written. */
export async function guard<P extends Place, I extends Ids, A extends Answer<I> = Answer<I>>(
  ctx: Context,
  verb: RehearsedVerb<P>,
  perform: (call: Call, place: P) => Promise<A>,
): Promise<Answer<I> | A> {
  const call = callOf(ctx, verb)
  if (!mayDo(ctx.actor, verb.permission)) {
    const problem = new Forbidden(verb.action, verb.permission)
    await refuse(ctx, call, entryOf(verb, null, call.homeId), problem, 'FORGET')
    throw problem
  }
  const { place, problem } = await settle(verb)
  const entry = entryOf(verb, place, place?.brandId ?? call.homeId)
  // A key that cannot be a key has no answer to look for, nor one to keep.
  if (problem?.field === keyField) return refuse(ctx, call, entry, problem, 'FORGET')
  const first = await replay<I>(ctx, call, entry)
  if (first) return first
  if (problem) return refuse(ctx, call, entry, problem, 'REMEMBER')
  assert(place, 'what is not refused has its place')
  try {
    return await perform(call, place)
  } catch (error) {
    if (error instanceof KeyTaken) return answerOfOther(ctx, call, entry)
    if (isRefusal(error)) return refuse(ctx, call, entry, error, 'REMEMBER')
    throw error
  }
}

/** Being unable to say is no refusal: nothing is remembered, and asking again is safe. */
const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && error.code !== 'UNAVAILABLE'

const keyField = 'idempotencyKey'

function callOf(ctx: Context, verb: RehearsedVerb<Place>): Call {
  const at = ctx.clock.now()
  const [onlyBrandId] = ctx.actor.brandIds
  const inputHash = fingerprint(verb.input)
  return {
    cause: { actor: ctx.actor, requestId: ctx.requestId, at },
    homeId: ctx.actor.brandIds.size === 1 && onlyBrandId ? onlyBrandId : null,
    dryRun: verb.dryRun === true,
    auditEntryId: uuidv7(at),
    key: {
      actorId: ctx.actor.id ?? nobody,
      mutation: verb.action,
      key: verb.ownKey ? `${verb.idempotencyKey} ${inputHash.toString('hex')}` : verb.idempotencyKey,
      inputHash,
    },
  }
}

type Settled<P> = { readonly place: P | null; readonly problem: Problem | null }

/** Looks for the place even when the input is wrong: a refusal belongs to a brand and a subject too. */
async function settle<P extends Place>(verb: Verb<P>): Promise<Settled<P>> {
  const wrongInput = caught(() => {
    checkKey(verb.idempotencyKey)
    verb.check()
  })
  try {
    return { place: await verb.locate(), problem: wrongInput }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { place: null, problem: wrongInput ?? error }
  }
}

function caught(check: () => void): Problem | null {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** What a refused reason leaves: PostgreSQL takes neither NUL nor half a character. */
const keepable = (reason: string): string =>
  reason.slice(0, reasonLengthMax).replaceAll('\0', '').toWellFormed()

/** An audit entry before its outcome is known. */
export type Entry = Omit<NewAuditEntry, 'outcome' | 'code'>

export const entryOf = (verb: Verb<Place>, place: Place | null, brandId: string | null): Entry => ({
  action: verb.action,
  brandId,
  ...(place && { subjectType: place.subjectType, subjectId: place.subjectId }),
  ...(verb.reason !== undefined && { reason: keepable(verb.reason) }),
})

/** The first answer when there is one; a refusal when its input was another. */
async function replay<I extends Ids>(ctx: Context, call: Call, entry: Entry): Promise<Answer<I> | undefined> {
  const found = await findAnswer(ctx, call.key, [entry.brandId ?? nobody, call.homeId ?? nobody])
  if (!found) return undefined
  if (found.sameInput) return answer(call, found.result)
  const message = `this key was used for ${call.key.mutation} with other input`
  return refuse(ctx, call, entry, new Problem('IDEMPOTENCY_KEY_REUSED', message, keyField), 'FORGET')
}

async function answerOfOther<I extends Ids>(ctx: Context, call: Call, entry: Entry): Promise<Answer<I>> {
  const other = await replay<I>(ctx, call, entry)
  assert(other, 'a taken key has an answer')
  return other
}

/** One audit entry in a transaction of its own. What is remembered answers the same for every replay. */
async function refuse<I extends Ids>(
  ctx: Context,
  call: Call,
  entry: Entry,
  problem: Problem,
  memory: 'REMEMBER' | 'FORGET',
): Promise<Answer<I>> {
  const userError = userErrorOf(problem)
  if (call.dryRun) return { ids: null, userError, replayed: false, auditEntryId: null }
  const result = { auditEntryId: call.auditEntryId, userError }
  try {
    await ctx.verbs.transact(ctx, [], async (tx) => {
      if (memory === 'REMEMBER') {
        await keepAnswer(tx, call.key, entry.brandId ?? nobody, result, call.cause.at)
      }
      await recordEntry(
        tx,
        call.cause,
        { ...entry, outcome: 'REFUSED', code: problem.code },
        call.auditEntryId,
      )
    })
  } catch (error) {
    if (error instanceof KeyTaken) return answerOfOther(ctx, call, entry)
    throw error
  }
  return answer(call, result)
}

/** Work that was run again after its own commit was lost finds its own answer: that is no replay. */
const answer = <I extends Ids>(call: Call, result: StoredResult): Answer<I> => ({
  ids: (result.ids ?? null) as I | null,
  userError: result.userError ?? null,
  replayed: result.auditEntryId !== call.auditEntryId,
  auditEntryId: result.auditEntryId,
})
