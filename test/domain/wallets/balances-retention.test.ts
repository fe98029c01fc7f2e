import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { retain } from '../../../src/db/retention.ts'
import { globalId } from '../../../src/lib/global-id.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { type Graph, openGraph } from '../../support/graph.ts'
import { addOldLeg, beginPartitionsAt, inMonths } from '../../support/old-months.ts'

let database: TestDatabase
let graph: Graph
const walletId = randomUUID()
const wallet = globalId('Wallet', walletId)

const legs = [
  { months: -6, n: 0, account: 'CASH', amountMinor: 500n, balanceAfter: 500n, walletVersion: 1n },
  { months: -6, n: 0, account: 'HOUSE', amountMinor: -500n },
  { months: -5, n: 0, account: 'CASH', amountMinor: -20n, balanceAfter: 480n, walletVersion: 2n },
  { months: -2, n: 0, account: 'CASH', amountMinor: 7n, balanceAfter: 487n, walletVersion: 3n },
] as const

/** The wallet was opened seven months ago; the legs of the first two months after that are no longer kept. */
beforeAll(async () => {
  database = await createTestDatabase()
  const { sql } = database
  await beginPartitionsAt(sql, -6)
  await sql`insert into brands (id, code, name, time_zone, currency, created_at)
    values (${walletId}, 'brand', 'Brand', 'UTC', 'EUR', now())`
  await sql`insert into players (id, brand_id, external_id, status, country, version, last_at, created_at)
    values (${walletId}, ${walletId}, 'player', 'ACTIVE', 'MT', 0, now(), now())`
  await sql`insert into wallets
      (id, brand_id, player_id, currency, cash_minor, bonus_minor, owed_minor, version, created_at)
    values (${walletId}, ${walletId}, ${walletId}, 'EUR', 487, 0, 0, 3, ${inMonths(-7)})`
  for (const leg of legs) await addOldLeg(sql, { lane: 1, walletId, ...leg })
  const policy = { callsMonths: 0, journalMonths: 0, ledgerMonths: 4 }
  await retain({ target: database.target, policy, now: inMonths(0), log: silentLog })
  graph = openGraph(database, [walletId])
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const at = async (moment: Date) => {
  const query = `query At($wallet: ID!, $at: DateTime!) { node(id: $wallet) { ... on Wallet {
    balanceAt(at: $at) { cash { minorUnits } version unknownBecause lastEntry { walletVersion } }
    statement(from: $at, to: "2100-01-01T00:00:00Z") {
      entryCount sums { cause cash { minorUnits } } closing { cash { minorUnits } }
    }
  } } }`
  const { data, errors } = await graph.ask(query, { wallet, at: moment.toISOString() })
  expect(errors).toEqual([])
  return (data as { node: { balanceAt: unknown; statement: Record<string, unknown> } }).node
}

const monthStart = (months: number) => {
  const middle = inMonths(months)
  return new Date(Date.UTC(middle.getUTCFullYear(), middle.getUTCMonth()))
}

describe('a balance of a time whose legs are no longer kept', () => {
  test('is null, with the reason, and so are the sums that would begin with it', async () => {
    for (const moment of [inMonths(-6), inMonths(-5), monthStart(-4)]) {
      const { balanceAt, statement } = await at(moment)
      expect(balanceAt).toMatchObject({ cash: null, unknownBecause: 'NO_LONGER_KEPT', lastEntry: null })
      expect(statement).toEqual({ entryCount: null, sums: null, closing: { cash: { minorUnits: '487' } } })
    }
  })

  test('is what retention left, from the month on in which the kept ones begin', async () => {
    const { balanceAt, statement } = await at(new Date(+monthStart(-4) + 3_600_000))
    const known = { version: '2', unknownBecause: null, lastEntry: null }
    expect(balanceAt).toEqual({ cash: { minorUnits: '480' }, ...known })
    expect(statement['entryCount']).toBe('1')
    expect(statement['sums']).toContainEqual({ cause: 'OTHER', cash: { minorUnits: '7' } })
  })

  test('is zero before the wallet was opened, and goes on with the kept ones', async () => {
    const before = await at(new Date(+inMonths(-7) - 1))
    expect(before.balanceAt).toMatchObject({ cash: { minorUnits: '0' }, version: '0', unknownBecause: null })
    const now = await at(inMonths(-2))
    const lastEntry = { walletVersion: '3' }
    expect(now.balanceAt).toMatchObject({ cash: { minorUnits: '487' }, version: '3', lastEntry })
  })
})
