import { generateKeys } from '../support/hub88-client.ts'
import type { CoreInput } from './core-worker.ts'
import type { Benchmark, Contender } from './harness.ts'
import { startWorker } from './harness-processes.ts'
import type { Place, Stage } from './harness-stage.ts'
import { layDownPlayers } from './players.ts'
import { tpcb } from './tpcb.ts'

const concurrency = 64

export const core: Benchmark = {
  name: 'core',
  title: `bets through the commit streams without HTTP, full record, ${concurrency} at a time`,
  unit: 'bet',
  async open(stage) {
    const place = await stage.createDatabase('core', 'PITBOSS')
    const { world } = await layDownPlayers(place.sql, generateKeys(2048).publicKey)
    const reference = await tpcb(stage, concurrency)
    return { subject: await betting(stage, 'Pitboss', { place, world }), reference }
  },
}

interface Table extends Pick<CoreInput, 'world' | 'players'> {
  readonly place: Place
}

/** Bets through commit streams of a process of its own. */
export async function betting(stage: Stage, name: string, table: Table): Promise<Contender> {
  const { place, ...rest } = table
  const input: CoreInput = { target: place.target, concurrency, ...rest }
  const { pid, run } = await startWorker(stage, 'core-worker.ts', input)
  return { name, pid, run }
}
