// Bets go on while what they run on is killed, stopped, cut off and starved. Nothing that was acknowledged is lost,
// nothing happens twice, every open question is answered by asking again, and nobody has to start anything anew.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Fault, faults, untrue } from '../support/faults.ts'
import { auditKills } from '../support/kills-audit.ts'
import { type KillsStage, more, openKillsStage } from '../support/kills-stage.ts'
import { seeded } from '../support/random.ts'
import { until } from '../support/until.ts'

// Servers are started anew beside whatever else is tested.
vi.setConfig({ testTimeout: 120_000 })

const seed = Number(process.env['SEED'] ?? 1)

let stage: KillsStage
beforeAll(async () => {
  stage = await openKillsStage({ random: seeded(seed) })
})
afterAll(() => stage.close())

/** As many answers as players have: each has been served since. */
const round = () => until(more(stage.client, { answered: stage.sessions.length }))

const isCut = ([name]: [string, Fault]) => name.startsWith('a connection is cut')

describe('while bets go on,', () => {
  const all = Object.entries(faults)
  const cases: [title: string, strikes: Fault[]][] = [
    ...all.filter((one) => !isCut(one)).map(([name, strike]): [string, Fault[]] => [name, [strike]]),
    ['connections are cut around their COMMIT', all.filter(isCut).map(([, strike]) => strike)],
  ]

  test.each(cases)('%s: no coin is lost or made', async (_title, strikes) => {
    await stage.whilePlaying(async () => {
      for (const strike of strikes) {
        await round()
        await strike(stage)
      }
      await round()
    })
    expect({ seed, wrong: await auditKills(stage) }).toEqual({ seed, wrong: [] })
  })

  test('a COMMIT that never was, but was said to be, is found in the books', async () => {
    await stage.whilePlaying(async () => {
      // One alone may be of a batch that moved nothing.
      for (let lies = 0; lies < 3; lies += 1) {
        await untrue(stage)
        await round()
      }
    })
    const wrong = await auditKills(stage)
    expect(wrong.filter((what) => /where the provider counts/.test(what))).not.toEqual([])
  })
})
