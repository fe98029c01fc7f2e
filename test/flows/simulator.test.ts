import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asSystemOn } from '../../src/cli/command-context.ts'
import { dialectKnowledge } from '../../src/cli/dialect-knowledge.ts'
import { ensureScript } from '../../src/cli/ensure-script.ts'
import { addBrand } from '../../src/domain/brands/add-brand.ts'
import { importGames } from '../../src/domain/games/import-games.ts'
import { createToken } from '../../src/domain/operators/create-token.ts'
import { addAccount } from '../../src/domain/providers/add-account.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import type { Tally } from '../../src/simulator/tally.ts'
import { moneyViolations } from '../support/money-checks.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { generateKeys } from '../support/hub88-client.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const keys = generateKeys()
let database: TestDatabase
let servers: ServerProcess[] = []
let tally: Tally

beforeAll(async () => {
  database = await createTestDatabase()
  const token = await furnish()
  servers = await Promise.all([startServerProcess(database.target), startServerProcess(database.target)])
  tally = await simulate({
    urls: servers.map(({ url }) => url),
    token,
    accountCode: 'demo-acme',
    privateKey: keys.privateKey,
    seed: '7',
    run: 'flow',
    players: 60,
    calls: 2_000,
    faultShare: 0.6,
  })
}, 300_000)

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await database.drop()
})

/** A brand with one provider account and two games, and a token for the platform's part. */
const furnish = (): Promise<string> =>
  asSystemOn(database.target, async (ctx) => {
    await addBrand(ctx, { code: 'demo', name: 'Demo', timeZone: 'Europe/Malta', currency: 'EUR' })
    const provider = { code: 'acme', name: 'Acme' }
    const account = { brandCode: 'demo', provider, code: 'demo-acme', dialect: 'hub88' }
    await addAccount(ctx, { ...account, publicKeys: [keys.publicKey] }, dialectKnowledge)
    const game = { provider: 'acme', category: 'SLOT', rtp: '0.96', deviation: '', status: '' }
    await importGames(ctx, [
      { ...game, line: 1, code: 'book', name: 'Book' },
      { ...game, line: 2, code: 'wheel', name: 'Wheel' },
    ])
    const login = await ensureScript(ctx, 'SERVICE', ['demo'])
    const expiresAt = new Date(Date.now() + 3_600_000)
    return (await createToken(ctx, { login, name: 'simulator', expiresAt })).token
  })

describe('2,000 calls of a fixed seed against two servers on one database', () => {
  test('every reply and every balance is as the plan expects', () => {
    expect(tally.unexpected).toEqual([])
    expect({ unexpected: tally.unexpectedCount, skipped: tally.skipped }).toEqual({
      unexpected: 0,
      skipped: 0,
    })
  })

  test('the calls are exactly those of the seed', () => {
    expect(tally.calls).toBe(2_000)
    expect(tally.traitCounts()).toEqual({
      PLAIN: 1244,
      ROLLBACK: 45,
      DUPLICATE: 171,
      REORDERED: 122,
      ROLLBACK_FIRST: 99,
      CONFLICT: 99,
      LOST_REPLY: 78,
      RACE: 82,
      REFUSED: 51,
      BAD_SIGNATURE: 9,
    })
  })

  test('both servers played', async () => {
    const rows = await database.sql<{ lanes: number }[]>`
      select count(distinct lane)::int as lanes from journal where type = 'BetPlaced'`
    expect(rows[0]?.lanes).toBe(4)
  })

  test('every call that was answered left its row, with the reply that was sent', async () => {
    const rows = await database.sql<{ kind: string; status: string; count: number }[]>`
      select operation as kind, convert_from(reply_body, 'UTF8')::json ->> 'status' as status, count(*)::int as count
      from provider_calls where signature = 'VALID' group by 1, 2`
    // What was hung up on, or asked again, may be there or not: it is left out by counting what must be there.
    for (const { kind, status, count } of rows) {
      const answered = tally.statusCount(kind as 'BET', status)
      const most = answered + tally.statusCount(kind as 'BET', 'NO_REPLY') + tally.askedAgain
      expect([kind, status, count >= answered && count <= most]).toEqual([kind, status, true])
    }
  })

  test('the books are true', async () => {
    expect(await moneyViolations(database.sql)).toEqual([])
  })
})
