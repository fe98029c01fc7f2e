import { generateKeys } from '../support/hub88-client.ts'
import { betting } from './core.ts'
import type { Benchmark, Contender } from './harness.ts'
import type { Place } from './harness-stage.ts'
import { layDownPlayers } from './players.ts'

export const hot: Benchmark = {
  name: 'hot',
  title: 'bets that are all on one wallet, against bets of many players, through the commit streams',
  unit: 'bet',
  async open(stage) {
    const place = await stage.createDatabase('hot', 'PITBOSS')
    const { world } = await layDownPlayers(place.sql, generateKeys(2048).publicKey)
    const one = await betting(stage, 'one wallet', { place, world, players: 1 })
    const reference = await betting(stage, 'many wallets', { place, world })
    return { subject: withoutDeadlock(one, place), reference }
  },
}

/** A bet that is not accepted in time fails the run by itself. */
const withoutDeadlock = (contender: Contender, { sql }: Place): Contender => ({
  ...contender,
  async run(seconds) {
    const load = await contender.run(seconds)
    const [row] = await sql<{ deadlocks: bigint }[]>`
      /* bench: deadlocks so far */ select deadlocks from pg_stat_database where datname = current_database()`
    if (row?.deadlocks !== 0n) throw new Error(`there were ${row?.deadlocks} deadlocks`)
    return load
  },
})
