import { fingerprint } from '../../lib/fingerprint.ts'
import { assert } from '../../lib/problem.ts'
import { checkReason } from '../audit/check.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { locateRound, type RoundPlace } from '../rounds/locate-round.ts'
import {
  type CommandAnswer,
  type CommandVerb,
  commandBase,
  commonRefusals,
  type Refusals,
  runCommand,
} from './command-verb.ts'
import type { ResolveRoundCommand, Submit } from './types.ts'

export interface ResolveRoundInput {
  readonly idempotencyKey: string
  readonly roundId: string
  readonly reason: string
  /** Says what it would do, and does nothing. */
  readonly dryRun?: boolean
}

export type ResolveRoundAnswer = CommandAnswer<{ readonly roundId: string; readonly transactionId: string }>

const actions = { CLOSE_ROUND: 'closeRound', VOID_ROUND: 'voidRound' } as const

/** Ends a round that hangs, by an operator. */
export function resolveRound(
  ctx: Context,
  kind: ResolveRoundCommand['kind'],
  input: ResolveRoundInput,
  submit: Submit,
): Promise<ResolveRoundAnswer> {
  const { reason } = input
  const verb: CommandVerb<RoundPlace> = {
    action: actions[kind],
    permission: 'ROUNDS_RESOLVE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [input.roundId, reason],
    reason,
    ownKey: true,
    dryRun: input.dryRun ?? false,
    check: () => checkReason(reason),
    locate: () => locateRound(ctx, input.roundId),
  }
  return runCommand(ctx, verb, submit, (call, { brandId, playerId, roundId, status }) => {
    const verbKey = `${kind === 'CLOSE_ROUND' ? 'close' : 'void'}-round`
    const transactionKey = `${verbKey}:${call.key.actorId}:${input.idempotencyKey}`
    const command: ResolveRoundCommand = {
      ...commandBase(ctx, call, brandId),
      kind,
      scopeId: brandId,
      playerId,
      roundId,
      transactionKey,
      fingerprint: fingerprint([kind, roundId]),
    }
    return {
      command,
      refusals,
      asked: { transactionKey },
      changed: () => ({ before: { status }, after: { status: 'COMPLETED' } }),
      ids({ transactionId }) {
        assert(transactionId, 'a round that was resolved has the transaction that did it')
        return { roundId, transactionId }
      },
    }
  })
}

const refusals: Refusals = {
  ...commonRefusals,
  REFERENCE_UNKNOWN: { code: 'ROUND_UNKNOWN', message: 'there is no such round', field: 'roundId' },
  ALREADY_SETTLED: { code: 'ALREADY_COMPLETED', message: 'the round is completed', field: 'roundId' },
}
