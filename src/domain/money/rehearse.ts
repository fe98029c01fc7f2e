// What a command would come to now: the first burst's reads of one moment, without the lock, and the rules over them.
// The draft is shown instead of written.
import type { Context } from '../context.ts'
import { decide } from './decide.ts'
import { prefetch, toState } from './prefetch.ts'
import { withoutLock } from './prefetch-texts.ts'
import { type Preview, previewOf } from './preview.ts'
import type { Command, Outcome } from './types.ts'

export interface Rehearsal {
  readonly outcome: Outcome
  readonly preview: Preview
}

/** Only for commands of the platform's own: one of a provider may concern players that only a second look finds. */
export async function rehearse(ctx: Context, command: Command): Promise<Rehearsal> {
  const plan = prefetch([command])
  const statements = plan.map(({ kind, statement }) =>
    kind === 'lock' ? { ...statement, text: withoutLock(statement.text) } : statement,
  )
  const state = toState([command], plan, await ctx.verbs.readAtOnce(statements))
  const { outcome, draft } = decide(state, command, ctx.clock.now())
  return { outcome, preview: previewOf(state, draft) }
}
