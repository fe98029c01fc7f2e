import type { Context } from '../context.ts'
import { resolveRound, type ResolveRoundAnswer, type ResolveRoundInput } from './resolve-round.ts'
import type { Submit } from './types.ts'

/** Completes a round as it stands: its open bets are settled, lost where nothing was paid. */
export const closeRound = (
  ctx: Context,
  input: ResolveRoundInput,
  submit: Submit,
): Promise<ResolveRoundAnswer> => resolveRound(ctx, 'CLOSE_ROUND', input, submit)
