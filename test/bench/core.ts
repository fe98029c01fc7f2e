import { generateKeys } from '../support/hub88-client.ts'
import type { CoreInput } from './core-worker.ts'
import type { Benchmark } from './harness.ts'
import { startWorker } from './harness-processes.ts'
import { layDownPlayers } from './players.ts'
import { tpcb } from './tpcb.ts'

const concurrency = 64

export const core: Benchmark = {
  name: 'core',
  title: `bets through the commit streams without HTTP, full record, ${concurrency} at a time`,
  unit: 'bet',
  async open(stage) {
    const place = await stage.createDatabase('core', 'PITBOSS')
    const { world } = await layDownPlayers(place.sql, generateKeys().publicKey)
    const reference = await tpcb(stage, concurrency)
    const input: CoreInput = { target: place.target, world, concurrency }
    const { pid, run } = await startWorker(stage, 'core-worker.ts', input)
    return { subject: { name: 'Pitboss', pid, run }, reference }
  },
}
