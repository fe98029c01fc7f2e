// A seeded evening at a game engine that fails in every way, with two servers, one of which is killed while its bets
// are with the engine: in the end every bet is what the engine's own book says.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { engineFaults } from '../../src/simulator/engine.ts'
import { seededRandom } from '../../src/simulator/random.ts'
import { post, testSecret } from '../support/app.ts'
import { engineTimes, type EngineScene, openEngineScene } from '../support/engine-scene.ts'
import { moneyViolations } from '../support/money-checks.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { until } from '../support/until.ts'

const seed = process.env['ENGINE_SEED'] ?? 'evening'
const betsMax = Number(process.env['ENGINE_BETS'] ?? 240)
const playerCount = 12

let scene: EngineScene
let other: ServerProcess
beforeAll(async () => {
  const times = { ...engineTimes, sweeps: { ...engineTimes.sweeps, betsOlderThanMs: 100 } }
  scene = await openEngineScene({ seed, faultShare: 0.45, times })
  other = await startServerProcess(scene.app.database.target, { PITBOSS_SECRET: testSecret.toString() })
})
afterAll(async () => {
  await other.exited
  await scene.close()
})

interface BookedBet {
  readonly id: string
  readonly status: string
  readonly stake: bigint
  readonly payout: bigint
}

it(`every bet ends as the engine's book has it (seed ${seed})`, { timeout: 180_000 }, async () => {
  const { app, engine } = scene
  const sessions = await Promise.all(
    Array.from({ length: playerCount }, (_, index) => scene.session(`p-${index}`, '500.00')),
  )
  const random = seededRandom(`stakes ${seed}`)
  const wishes = Array.from({ length: betsMax }, (_, index) => ({
    session: random.pick(sessions),
    amount: `${1 + random.int(9)}.${10 + random.int(89)}`,
    key: `bet-${index}`,
    // Some ask one server, some the other, and the impatient both at once.
    servers: random.pick(['HERE', 'THERE', 'BOTH']),
  }))
  const there = (query: string, variables: object) =>
    post(other.url, { query, variables }, app.tokens.SERVICE)
  let answered = 0

  async function playOn(): Promise<void> {
    for (let wish = wishes.shift(); wish; wish = wishes.shift()) {
      const { session, amount, key, servers } = wish
      // A server that is dead answers nobody: the client goes on, and what became of the bet is for the others to find.
      await Promise.allSettled([
        servers !== 'THERE' && scene.place(session, amount, key),
        servers !== 'HERE' && scene.place(session, amount, key, there),
      ])
      answered += 1
    }
  }
  const players = Array.from({ length: 16 }, playOn)
  await until(() => answered > betsMax / 3, 90_000)
  other.signal('SIGKILL')
  await Promise.all(players)

  const open = () => app.database.sql`select from bets where status = 'OPEN'`
  await until(async () => (await open()).length === 0, 90_000)
  const bets = await app.database.sql<BookedBet[]>`
    select id, status, stake_minor as stake, payout_minor as payout from bets`
  const books = Object.fromEntries(bets.map(({ id, ...booked }) => [id, booked]))
  const theirs = bets.map(({ id, stake }) => {
    const entry = engine.book.entries.get(id)
    if (entry?.status !== 'PLAYED') return [id, { status: 'ROLLED_BACK', stake, payout: 0n }]
    return [id, { status: 'SETTLED', stake: BigInt(entry.stakeMinor), payout: BigInt(entry.payoutMinor) }]
  })
  expect(books).toEqual(Object.fromEntries(theirs))
  // Nothing was played that is not in the books, and nothing under two ids.
  expect(new Set(engine.book.entries.keys())).toEqual(new Set(bets.map(({ id }) => id)))
  expect(engine.book.conflicts).toEqual([])
  expect(new Set(engine.faults.keys())).toEqual(new Set(engineFaults))
  expect(await moneyViolations(app.database.sql)).toEqual([])
})
