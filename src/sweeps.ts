// What a server does by itself about bets and rounds that nobody finishes: any number of processes may do it at once.
import { logFailure } from './db/log-failure.ts'
import type { Context } from './domain/context.ts'
import type { EngineServices } from './domain/money/place-bet.ts'
import { BetSweep } from './domain/money/sweep-bets.ts'
import { sweepQuietRounds } from './domain/money/sweep-rounds.ts'
import { repeatedly } from './lib/repeatedly.ts'

export interface SweepTimes {
  readonly betsEveryMs: number
  /** The call that placed a bet is over by then. */
  readonly betsOlderThanMs: number
  readonly betsCancelAfterMs: number
  readonly roundsEveryMs: number
}

const usualTimes: SweepTimes = {
  betsEveryMs: 2_000,
  betsOlderThanMs: 10_000,
  betsCancelAfterMs: 60_000,
  roundsEveryMs: 60_000,
}

export function startMoneySweeps(
  ctx: Context,
  services: EngineServices,
  given: Partial<SweepTimes> = {},
): { close(): Promise<void> } {
  const times = { ...usualTimes, ...given }
  const bets = new BetSweep(ctx, services, {
    olderThanMs: times.betsOlderThanMs,
    cancelAfterMs: times.betsCancelAfterMs,
  })
  const failed = logFailure(ctx.log, 'a sweep of bets or rounds failed')
  const sweeps = [
    repeatedly(times.betsEveryMs, () => told(ctx, bets.run(), 'bets were finished by the sweep'), failed),
    repeatedly(
      times.roundsEveryMs,
      () => told(ctx, sweepQuietRounds(ctx, services.submit), 'quiet rounds were completed by the sweep'),
      failed,
    ),
  ]
  return {
    async close() {
      await Promise.all(sweeps.map((sweep) => sweep.stop()))
    },
  }
}

async function told({ log }: Context, work: Promise<number>, message: string): Promise<void> {
  const count = await work
  if (count > 0) log.info({ count }, message)
}
