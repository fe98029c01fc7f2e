// The kit against a wallet that keeps every rule, and against the same wallet with one rule broken at a time.
import { afterEach, describe, expect, test } from 'vitest'
import { kitDialects } from '../../src/conformance/dialects/registry.ts'
import { runKit } from '../../src/conformance/kit.ts'
import type { Row } from '../../src/conformance/row.ts'
import { type PlantedBug, plantedBugs } from '../support/buggy-wallet.ts'
import { serveBuggyWallet, type WalletDialect, type WalletServer } from '../support/buggy-wallet-server.ts'

let server: WalletServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

async function tryWallet(name: WalletDialect, bug?: PlantedBug): Promise<readonly Row[]> {
  const dialect = kitDialects.get(name)
  if (!dialect) throw new Error(name)
  const opened = await serveBuggyWallet(name, bug)
  server = opened
  const { url, key, world, wallet } = opened
  return runKit({ dialect, url, key, world, timeoutMs: 5_000, onRow: () => wallet.refill() })
}

const numbersOf = (rows: readonly Row[], verdict: Row['verdict']) =>
  rows.filter((row) => row.verdict === verdict).map(({ number }) => number)

const failures = (rows: readonly Row[]) =>
  rows.flatMap(({ number, steps }) =>
    steps.filter(({ ok }) => !ok).map((step) => `${number} ${step.what}: ${step.expected}, ${step.came}`),
  )

describe('a wallet that keeps the rules passes every row', () => {
  test.each([
    ['hub88', [29]],
    ['caleta', [29]],
    ['swipe', [15, 29]],
    ['evolution', [29]],
  ] as const)('%s', async (dialect, notApplicable) => {
    const rows = await tryWallet(dialect)
    expect(failures(rows)).toEqual([])
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 36 }, (_, at) => at + 1))
    expect(numbersOf(rows, 'N/A')).toEqual(notApplicable)
    // Without a command there is no crash.
    expect(numbersOf(rows, 'SKIP')).toEqual([28])
    expect(rows.filter(({ verdict }) => verdict === 'PASS')).toHaveLength(35 - notApplicable.length)
  })
})

/** The rows that a bug turns red, in every dialect or in those that differ. */
const red: Readonly<Record<PlantedBug, readonly number[]>> = {
  FLOATS: [22],
  DEBITS_EVERY_REPEAT: [2, 23, 27],
  CREDITS_EVERY_REPEAT: [4],
  NO_TOMBSTONE: [7, 25],
  REFUSES_WINS_OF_BLOCKED: [14],
  REFUSES_WINS_OF_EXPIRED: [11],
  VERIFIES_PARSED_JSON: [16],
  VERIFIES_NOTHING: [16],
  DEBITS_THEN_REFUSES: [13, 24, 31],
  GOES_BELOW_ZERO: [13, 24, 31],
  LOSES_UPDATES: [24, 26],
  IGNORES_CURRENCY: [15],
  IGNORES_CONTENT: [3],
  REVERSES_TWICE: [8],
  REVERSES_A_REVERSAL: [34],
  REVERSES_WON_BETS_THE_OTHER_WAY: [9, 26],
  PAYS_REVERSED_BETS: [10],
  // A win that names a win names no bet: to this wallet that is as unknown as any.
  PAYS_UNKNOWN_BETS: [5, 33],
  PAYS_ANYBODY: [33],
  TAKES_BELOW_ZERO: [17],
  FORGETS_EXPIRY: [12],
  LIMITS_WINS: [30],
  REFUSES_UNKNOWN_ROLLBACKS: [6, 7, 25, 31],
  REFUSES_ZERO_WINS: [18, 19, 20, 22, 35],
  PAYS_A_ROUND_ONCE: [19, 20],
  DEBITS_FREE_BETS: [21],
  REVERSES_BY_TOKEN_ONLY: [36],
  TAKES_ANY_KIND_FOR_A_REPEAT: [32],
  REFUSES_BETS_IN_CLOSED_ROUNDS: [35],
}

const elsewhere: Partial<Record<WalletDialect, Partial<typeof red>>> = {
  // Its signature is defined over the parsed JSON, and its calls carry no currency.
  swipe: { VERIFIES_PARSED_JSON: [], IGNORES_CURRENCY: [] },
  // It signs no bodies; a promo payout is a credit as well.
  // Its bets are settled once by the rule, and its rounds have no end.
  evolution: {
    VERIFIES_PARSED_JSON: [],
    CREDITS_EVERY_REPEAT: [4, 21],
    PAYS_A_ROUND_ONCE: [],
    DEBITS_FREE_BETS: [],
    REFUSES_BETS_IN_CLOSED_ROUNDS: [],
  },
}

const tried = ['hub88', 'swipe', 'evolution'] as const

/** Each bug in the first dialect and where it shows otherwise; else by turns, unless EVERY_BUG asks for all. */
const bugsOf = (dialect: (typeof tried)[number]) =>
  plantedBugs.filter((bug, index) => {
    const turn = tried[1 + (index % 2)] === dialect
    return dialect === 'hub88' || elsewhere[dialect]?.[bug] || turn || process.env['EVERY_BUG']
  })

describe.each(tried)('%s: a broken rule turns its rows red, and no other', (dialect) => {
  test.each(bugsOf(dialect))('%s', async (bug) => {
    const rows = await tryWallet(dialect, bug)
    expect({ failed: numbersOf(rows, 'FAIL'), skipped: numbersOf(rows, 'SKIP') }).toEqual({
      failed: elsewhere[dialect]?.[bug] ?? red[bug],
      skipped: [28],
    })
  })
})

test('some bug turns every row red, but the plain round and what no wallet like this can show', () => {
  const all = new Set(Object.values(red).flat())
  const never = Array.from({ length: 36 }, (_, at) => at + 1).filter((number) => !all.has(number))
  expect(never).toEqual([1, 28, 29])
})
