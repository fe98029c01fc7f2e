// What a server does by itself, again and again, while it cannot: one line of the log each time, of the right weight.
import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/connection.ts'
import { LaneLost } from '../../src/db/lane.ts'
import { logFailure } from '../../src/db/log-failure.ts'
import type { Context } from '../../src/domain/context.ts'
import { startFolding } from '../../src/domain/figures/keep-folding.ts'
import { startSealing } from '../../src/domain/journal/seals/keep-sealing.ts'
import type { EngineServices } from '../../src/domain/money/place-bet.ts'
import { startSweep } from '../../src/domain/sessions/sweep-sessions.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Log } from '../../src/lib/log.ts'
import { Problem } from '../../src/lib/problem.ts'
import { startMoneySweeps } from '../../src/sweeps.ts'

function keeping(): { log: Log; lines: Set<string> } {
  const lines = new Set<string>()
  const keep = (level: string) => (_facts: object, message: string) => void lines.add(`${level} ${message}`)
  return {
    lines,
    log: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') },
  }
}

test('while the database is away all of them warn', async () => {
  const { log, lines } = keeping()
  const target = { url: 'postgres://nobody@127.0.0.1:1/nothing' }
  const database = openDatabase({
    target,
    poolMax: 1,
    statementTimeoutMs: 1000,
    applicationName: 'jobs test',
  })
  const ctx = { ...database, log, clock: systemClock } as unknown as Context
  const { privateKey: key } = generateKeyPairSync('ed25519')
  const jobs = [startSweep(ctx, 1, { idleMs: 1, batch: 1 }), startSealing(ctx, { everyMs: 1, key })].map(
    (job) => ({ close: () => job.stop() }),
  )
  jobs.push(startFolding({ target, log, everyMs: 1 }))
  jobs.push(startMoneySweeps(ctx, {} as EngineServices, { betsEveryMs: 1, roundsEveryMs: 1 }))
  await expect
    .poll(() => [...lines].sort(), { timeout: 15_000 })
    .toEqual([
      'warn a sweep of bets or rounds failed',
      'warn a sweep of sessions failed',
      'warn figures are not up to date: their step failed',
      'warn sealing failed',
    ])
  await Promise.all(jobs.map((job) => job.close()))
  await database.close()
})

const withCode = (code: string) => Object.assign(new Error('told so'), { code })

test.each([
  ['a full disk', withCode('53100'), 'warn'],
  ['a lost lane', new LaneLost(new Error('closed')), 'warn'],
  ['what a verb told of it', new Problem('UNAVAILABLE', 'the database is not reachable'), 'warn'],
  ['what it caused', new Error('failed query', { cause: withCode('ECONNREFUSED') }), 'warn'],
  ['a permission that lacks', withCode('42501'), 'error'],
  ['a folder that cannot be written', withCode('EACCES'), 'error'],
  ['a fault of ours', new TypeError('x is undefined'), 'error'],
])('%s weighs what it should', (_what, error, level) => {
  const { log, lines } = keeping()
  logFailure(log, 'it failed')(error)
  expect([...lines]).toEqual([`${level} it failed`])
})
