import type { Context } from '../context.ts'
import { resolveRound, type ResolveRoundAnswer, type ResolveRoundInput } from './resolve-round.ts'
import type { Submit } from './types.ts'

/** Completes a round and gives back the stakes of its open bets on which nothing was paid. */
export const voidRound = (
  ctx: Context,
  input: ResolveRoundInput,
  submit: Submit,
): Promise<ResolveRoundAnswer> => resolveRound(ctx, 'VOID_ROUND', input, submit)
