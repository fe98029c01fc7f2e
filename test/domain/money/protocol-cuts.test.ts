// Connections that are cut at one COMMIT in ten, before it, right behind it, and before its reply is heard.
import { setTimeout as nap } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Protocol, protocol } from '../../../src/domain/money/commit-batch.ts'
import { type Cut, type CuttingProxy, type Moment, openCuttingProxy } from '../../support/cutting-proxy.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { seeded } from '../../support/random.ts'
import { carefree, forgetful } from '../../support/sabotage.ts'

let world: MoneyWorld
let proxy: CuttingProxy
const escaped: unknown[] = []
const note = (error: unknown) => void escaped.push(error)
beforeAll(async () => {
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  world = await openMoneyWorld()
  proxy = await openCuttingProxy(world.database.target)
})
afterAll(async () => {
  await world.close()
  await proxy.close()
  // What the driver throws late is thrown by then.
  await nap(50)
  process.off('uncaughtException', note)
  process.off('unhandledRejection', note)
  expect(escaped).toEqual([])
})

const betsEach = 60

/** Two processes behind the proxy serve players who bet one after the other; what they were told, and what is there. */
async function story(name: string, moments: readonly Moment[], chosen: Partial<Protocol> = {}) {
  const random = seeded(Number(process.env['SEED'] ?? 1))
  const seats = await Promise.all(Array.from({ length: 8 }, () => world.seat(100_000n)))
  const before = proxy.cuts()
  proxy.cutWhen((): Cut | undefined => {
    const moment = random.pick(moments)
    return random.chance(0.1) ? { moment, how: random.pick(['FIN', 'RST'] as const) } : undefined
  })
  const open = [0, 1].map(() => world.process({ target: proxy.target, protocol: { ...protocol, ...chosen } }))
  const verdicts = await Promise.all(
    seats.map(async (seat, n) => {
      const told: string[] = []
      for (let m = 0; m < betsEach; m += 1) {
        const bet = world.commands.bet(seat, { key: `${name} ${n} ${m}` })
        told.push((await open[m % 2]?.send(bet))?.verdict ?? '')
      }
      return told
    }),
  )
  proxy.cutWhen(() => undefined)
  const ready = open.map((one) => one.ready())
  await Promise.all(open.map((one) => one.close()))
  return {
    cuts: proxy.cuts() - before,
    verdicts: new Set(verdicts.flat()),
    ready,
    cash: await Promise.all(seats.map((seat) => world.cash(seat))),
    wrong: await moneyViolations(world.sql),
  }
}

const once = 100_000n - 100n * BigInt(betsEach)

test('every bet is placed once and answered, and nothing escapes', async () => {
  const { cuts, verdicts, ready, cash, wrong } = await story('cut', ['BEFORE', 'BEHIND', 'UNHEARD'])
  // The busier the machine, the larger the batches, and the fewer they are.
  expect(cuts).toBeGreaterThan(2)
  // A bet whose first try was committed unheard finds itself.
  expect(verdicts).toEqual(new Set(['OK', 'REPLAY']))
  expect(ready).toEqual([true, true])
  expect(cash).toEqual(cash.map(() => once))
  expect(wrong).toEqual([])
})

test('where nobody looks at the keys, the same cuts place bets twice', async () => {
  const { cuts, cash, wrong } = await story('careless', ['UNHEARD'], { decide: forgetful, write: carefree })
  expect(cuts).toBeGreaterThan(0)
  expect(cash.some((minor) => minor < once)).toBe(true)
  expect(wrong.some((what) => what.startsWith('I6 '))).toBe(true)
})
