import { type HealthWindow, stepMs as steps } from '../../domain/providers/call-health.ts'
import { providerAccountsByBrands } from '../../domain/providers/queries.ts'
import { Problem } from '../../lib/problem.ts'
import type { GraphContext } from '../context.ts'
import type { ProviderAccountHealthArgs, Resolvers } from '../generated.ts'
import { healthParts } from '../health-parts.ts'

function windowOf({ clock }: GraphContext, args: ProviderAccountHealthArgs): HealthWindow {
  const bucket = args.bucket ?? 'MINUTE'
  const { unit, usual, most } = healthParts[bucket]
  const stepMs = steps[unit]
  const up = (at: Date) => Math.ceil(at.getTime() / stepMs) * stepMs
  const down = (at: Date) => Math.floor(at.getTime() / stepMs) * stepMs
  const { gte, lt } = args.window ?? {}
  if (args.window && !(gte && lt)) throw refusal('window needs both gte and lt')
  const to = lt ? up(lt) : down(clock.now()) + stepMs
  const from = gte ? down(gte) : to - usual * stepMs
  if (lt && gte && lt <= gte) throw refusal('window ends before it begins')
  if (to - from > most * stepMs)
    throw refusal(`window has ${(to - from) / stepMs} parts of a ${bucket}, more than ${most}`)
  return { from: new Date(from), to: new Date(to), unit, direction: args.direction ?? null }
}

const refusal = (message: string) => new Problem('BAD_USER_INPUT', message, 'window')

export const providerHealthResolvers = {
  Query: {
    async providerHealth(_, args, ctx) {
      const window = windowOf(ctx, args)
      const found = await providerAccountsByBrands(ctx, [...ctx.actor.brandIds])
      const accounts = [...found.values()].flat().toSorted((a, b) => (a.code < b.code ? -1 : 1))
      return accounts.map((account) => ({ account, window }))
    },
  },
  ProviderAccount: {
    health: (account, args, ctx) => ({ account, window: windowOf(ctx, args) }),
  },
  ProviderHealth: {
    providerAccount: ({ account }) => account,
    whole: async ({ account, window }, _, { loaders }) =>
      (await loaders.callHealthByAccount.load(account.id, window)).whole,
    buckets: async ({ account, window }, _, { loaders }) => [
      ...(await loaders.callHealthByAccount.load(account.id, window)).parts,
    ],
  },
  CallFigures: {
    noLatencyBecause: ({ latencyP50Us }) => (latencyP50Us === null ? 'NO_ACTIVITY' : null),
  },
} satisfies Resolvers
