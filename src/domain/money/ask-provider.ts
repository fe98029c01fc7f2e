import { Problem } from '../../lib/problem.ts'
import { keepAnswer } from '../audit/mutation-keys.ts'
import { checkReason } from '../audit/check.ts'
import { type Answer, type Call, entryOf, guard, type Verb } from '../audit/mutation.ts'
import { recordEntry } from '../audit/record-entry.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import type { OpenAccount } from '../providers/types.ts'
import { locateRound, type RoundPlace } from '../rounds/locate-round.ts'
import type { Fate, Inquiry } from './engine.ts'
import { openBetsOfRound } from './engine-bets.ts'
import { finishBet } from './finish-bet.ts'
import type { EngineServices } from './place-bet.ts'
import type { ResolveRoundInput } from './resolve-round.ts'

/** The least that is known of any bet of the round, in this order. */
const answers = ['UNKNOWN', 'UNHEARD', 'REJECTED', 'PLAYED'] as const

export type ProviderAnswer = (typeof answers)[number]

export type AskProviderAnswer = Answer<{ readonly roundId: string; readonly answer: ProviderAnswer }>

/** More open bets than this are no round of a provider that can be asked for one at a time. */
const betsMax = 50

type AskPlace = RoundPlace & { readonly account: OpenAccount; readonly inquiry: Inquiry }

/**
 * Asks the provider what became of a round's open bets, and commits what it says. Asked outside any transaction; the
 * audit entry stands once the answer does.
 */
export function askProvider(
  ctx: Context,
  input: Omit<ResolveRoundInput, 'dryRun'>,
  services: EngineServices,
): Promise<AskProviderAnswer> {
  const { reason, roundId } = input
  const verb: Verb<AskPlace> = {
    action: 'askProvider',
    permission: 'ROUNDS_RESOLVE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [roundId, reason],
    reason,
    check: () => checkReason(reason),
    locate: () => locateAsked(ctx, roundId, services),
  }
  return guard(ctx, verb, async (call, place) => {
    const answer = await ask(ctx, place, services)
    return keep(ctx, call, verb, place, answer)
  })
}

async function locateAsked(ctx: Context, roundId: string, services: EngineServices): Promise<AskPlace> {
  const place = await locateRound(ctx, roundId)
  const account = await services.accounts.byCode(place.accountCode)
  const inquiry = account && services.ports.inquiryOf(account.dialect)
  if (!inquiry) {
    throw new Problem('NOT_SUPPORTED', 'this provider cannot be asked about a round', 'roundId')
  }
  if (place.status !== 'OPEN') throw new Problem('ALREADY_COMPLETED', 'the round is completed', 'roundId')
  return { ...place, account, inquiry }
}

async function ask(
  ctx: Context,
  { roundId, account, inquiry }: AskPlace,
  services: EngineServices,
): Promise<ProviderAnswer> {
  const bets = (await openBetsOfRound(ctx, roundId)).slice(0, betsMax)
  const told = new Set<Fate['kind']>()
  for (const bet of bets) {
    const heard = await inquiry.ask(account, bet)
    const done = await finishBet(ctx, services, { account, bet }, heard)
    told.add(done || heard.fate.kind === 'UNHEARD' ? heard.fate.kind : 'UNKNOWN')
  }
  return answers.find((one) => told.has(one)) ?? 'UNKNOWN'
}

/** The entry and the answer, once: of two calls with one key the second gets the first one's answer. */
async function keep(
  ctx: Context,
  call: Call,
  verb: Verb<AskPlace>,
  place: AskPlace,
  answer: ProviderAnswer,
): Promise<AskProviderAnswer> {
  const ids = { roundId: place.roundId, answer }
  const { auditEntryId, cause, key } = call
  await ctx.verbs.transact(ctx, [], async (tx) => {
    await keepAnswer(tx, key, place.brandId, { auditEntryId, ids }, cause.at)
    const entry = { ...entryOf(verb, place, place.brandId), outcome: 'ALLOWED', after: { answer } } as const
    await recordEntry(tx, cause, entry, auditEntryId)
  })
  return { ids, userError: null, replayed: false, auditEntryId }
}
