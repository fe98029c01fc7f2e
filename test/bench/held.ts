import { generateKeys } from '../support/hub88-client.ts'
import { betting } from './core.ts'
import type { Benchmark } from './harness.ts'
import type { Place, Stage } from './harness-stage.ts'
import { layDownPlayers } from './players.ts'

export const held: Benchmark = {
  name: 'held',
  title: 'bets while one snapshot is held from before the first bet to the end, against bets without one',
  unit: 'bet',
  async open(stage) {
    const under = await lay(stage, 'held')
    await holdSnapshot(stage, under.place)
    const subject = await betting(stage, 'snapshot held', under)
    return { subject, reference: await betting(stage, 'no snapshot', await lay(stage, 'free')) }
  },
}

/** A snapshot keeps dead rows of its own database only: each contender has one. */
async function lay(stage: Stage, name: string) {
  const place = await stage.createDatabase(name, 'PITBOSS')
  const { world } = await layDownPlayers(place.sql, generateKeys(2048).publicKey)
  return { place, world }
}

/** What a long report does: repeatable read, and reads now and then. */
async function holdSnapshot(stage: Stage, { sql }: Place): Promise<void> {
  const connection = await sql.reserve()
  await connection`begin isolation level repeatable read read only`
  await connection`/* bench: take the snapshot */ select count(*) from wallets`
  stage.afterwards(async () => {
    await connection`rollback`
    connection.release()
  })
}
