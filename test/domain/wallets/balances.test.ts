import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../../../src/lib/global-id.ts'
import { type Graph, openGraph } from '../../support/graph.ts'
import { type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { type Moment, playWallet, type Told } from '../../support/played-wallet.ts'
import { seeded } from '../../support/random.ts'

let world: MoneyWorld
let graph: Graph
let wallet: string
let moments: readonly Moment[]

beforeAll(async () => {
  world = await openMoneyWorld()
  const played = await playWallet(world, 360, 160)
  moments = played.moments
  wallet = globalId('Wallet', played.seat.walletId)
  const [row] = await world.sql<{ brand_id: string }[]>`select brand_id from wallets limit 1`
  graph = openGraph(world.database, [row?.brand_id ?? ''])
})

afterAll(async () => {
  await graph?.close()
  await world?.close()
})

const nothing: Told = { cash: 0n, bonus: 0n, owed: 0n }

/** A stamp as a number of microseconds, and back. */
const toUs = (at: string) => BigInt(Date.parse(`${at.slice(0, 23)}Z`)) * 1000n + BigInt(at.slice(23, 26))
const toAt = (us: bigint) =>
  `${new Date(Number(us / 1000n)).toISOString().slice(0, 23)}${String(us % 1000n).padStart(3, '0')}Z`

/** What the model says of an instant: after the last command whose last leg was recorded then or before. */
const modelAt = (at: string): Told => moments.findLast((one) => one.at <= at) ?? nothing

interface Shown {
  readonly cash: { minorUnits: string }
  readonly bonus: { minorUnits: string }
  readonly owed: { minorUnits: string }
}

const told = (shown: Shown): Told => ({
  cash: BigInt(shown.cash.minorUnits),
  bonus: BigInt(shown.bonus.minorUnits),
  owed: BigInt(shown.owed.minorUnits),
})

const only = ({ cash, bonus, owed }: Told): Told => ({ cash, bonus, owed })

const money = 'cash { minorUnits } bonus { minorUnits } owed { minorUnits }'

async function balanceAt(at: string): Promise<Told> {
  const query = `query At($wallet: ID!, $at: DateTime!) {
    node(id: $wallet) { ... on Wallet { balanceAt(at: $at) { ${money} unknownBecause } } }
  }`
  const { data, errors } = await graph.ask(query, { wallet, at })
  expect(errors).toEqual([])
  return told((data as { node: { balanceAt: Shown } }).node.balanceAt)
}

interface StatementShown {
  readonly opening: Shown
  readonly closing: Shown
  readonly entryCount: string
  readonly sums: (Shown & { cause: string; entryCount: number })[]
}

async function statement(from: string, to: string): Promise<StatementShown> {
  const query = `query Statement($wallet: ID!, $from: DateTime!, $to: DateTime!) {
    node(id: $wallet) { ... on Wallet { statement(from: $from, to: $to) {
      opening { ${money} } closing { ${money} } entryCount sums { cause entryCount ${money} }
    } } }
  }`
  const { data, errors } = await graph.ask(query, { wallet, from, to })
  expect(errors).toEqual([])
  return (data as { node: { statement: StatementShown } }).node.statement
}

const causes = {
  BET: 'STAKES',
  WIN: 'WINS',
  ROLLBACK: 'ROLLBACKS',
  PROMO: 'PROMOS',
  DEPOSIT: 'DEPOSITS',
  WITHDRAWAL: 'WITHDRAWALS',
  ADJUSTMENT: 'ADJUSTMENTS',
} as const

describe('a balance at an instant', () => {
  test('the history is worth asking about: every kind of command moved money, and something is owed', () => {
    expect(new Set(moments.map(({ kind }) => kind))).toEqual(new Set(Object.keys(causes)))
    expect(moments.some(({ owed }) => owed < 0n)).toBe(true)
    expect(moments.some(({ bonus }) => bonus > 0n)).toBe(true)
  })

  test('is that of the model exactly on the microsecond of each command, and just after', async () => {
    for (const moment of moments) {
      expect(await balanceAt(moment.at), moment.at).toEqual(only(moment))
      expect(await balanceAt(toAt(toUs(moment.at) + 1n))).toEqual(only(modelAt(toAt(toUs(moment.at) + 1n))))
    }
  })

  test('is that of the model at random instants between', async () => {
    const random = seeded(6)
    const stamps = moments.map(({ at }) => toUs(at))
    for (let n = 0; n < 60; n += 1) {
      const at = random.int(stamps.length - 1)
      const [low = 0n, high = 0n] = stamps.slice(at, at + 2)
      // The legs of one command lie within some microseconds: an instant among them is of neither model state.
      const instant = toAt(low + BigInt(Math.floor(random.unit() * Number(high - low - 20n))))
      expect(await balanceAt(instant), instant).toEqual(only(modelAt(instant)))
    }
  })

  test('is zero before the first entry, and that of now in the future', async () => {
    expect(await balanceAt('1970-01-01T00:00:00Z')).toEqual(nothing)
    expect(await balanceAt(toAt(toUs(moments[0]?.at ?? '') - 1n))).toEqual(nothing)
    const last = moments.at(-1) ?? expect.fail('no moment')
    expect(await balanceAt('9999-12-31T23:59:59.999999Z')).toEqual(only(last))
  })

  test('names the newest entry of then', async () => {
    const at = moments[20]?.at ?? ''
    const query = `query At($wallet: ID!, $at: DateTime!) {
      node(id: $wallet) { ... on Wallet { balanceAt(at: $at) {
        at version lastEntry { recordedAt walletVersion wallet { id } }
      } } }
    }`
    const { data } = await graph.ask(query, { wallet, at })
    const { balanceAt: shown } = (data as { node: { balanceAt: Record<string, unknown> } }).node
    expect(shown).toEqual({
      at,
      version: expect.any(String),
      lastEntry: { recordedAt: at, walletVersion: shown['version'], wallet: { id: wallet } },
    })
  })
})

describe('a statement between two instants', () => {
  test('explains the difference to the last unit, cause by cause, as the model tells it', async () => {
    const random = seeded(61)
    for (let n = 0; n < 40; n += 1) {
      const [a, b] = [random.int(moments.length), random.int(moments.length)]
      const [first, last] = [moments[Math.min(a, b)], moments[Math.max(a, b)]]
      if (!first || !last) continue
      const shown = await statement(first.at, last.at)
      expect(told(shown.opening)).toEqual(only(first))
      expect(told(shown.closing)).toEqual(only(last))
      expect(shown.sums.map(({ cause, ...sum }) => [cause, told(sum)])).toEqual(
        modelSums(Math.min(a, b), Math.max(a, b)),
      )
      const entries = shown.sums.reduce((total, { entryCount }) => total + entryCount, 0)
      expect(String(entries)).toBe(shown.entryCount)
    }
  })

  test('has the legs between, each once, over pages', async () => {
    const [first, last] = [moments[10], moments[60]]
    if (!first || !last) throw new Error('a short history')
    const query = `query Legs($wallet: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
      node(id: $wallet) { ... on Wallet { statement(from: $from, to: $to) {
        opening { version } closing { version }
        ledgerEntries(first: 7, after: $after, sort: { key: RECORDED_AT, direction: ASC }) {
          nodes { walletVersion } pageInfo { hasNextPage endCursor }
        }
      } } }
    }`
    const versions: bigint[] = []
    const bounds = { opening: 0n, closing: 0n }
    for (let after: string | null = null, more = true; more; ) {
      const { data, errors } = await graph.ask(query, { wallet, from: first.at, to: last.at, after })
      expect(errors).toEqual([])
      const { opening, closing, ledgerEntries } = (data as LegsAnswer).node.statement
      Object.assign(bounds, { opening: BigInt(opening.version), closing: BigInt(closing.version) })
      versions.push(...ledgerEntries.nodes.map(({ walletVersion }) => BigInt(walletVersion)))
      after = ledgerEntries.pageInfo.endCursor
      more = ledgerEntries.pageInfo.hasNextPage
    }
    const count = Number(bounds.closing - bounds.opening)
    expect(versions).toEqual(Array.from({ length: count }, (_, at) => bounds.opening + BigInt(at) + 1n))
  })

  test('of nothing is nothing, and of the whole history everything', async () => {
    const last = moments.at(-1) ?? expect.fail('no moment')
    const empty = await statement(last.at, last.at)
    expect([empty.entryCount, told(empty.opening)]).toEqual(['0', told(empty.closing)])
    const whole = await statement('1970-01-01T00:00:00Z', '2100-01-01T00:00:00Z')
    expect(whole.sums.map(({ cause, ...sum }) => [cause, told(sum)])).toEqual(
      modelSums(-1, moments.length - 1),
    )
  })

  test('that ends before it begins is refused', async () => {
    const query = `{ node(id: "${wallet}") { ... on Wallet {
      statement(from: "2026-01-01T00:00:00.000001Z", to: "2026-01-01T00:00:00Z") { entryCount } } } }`
    expect((await graph.ask(query)).errors).toEqual(['to lies before from'])
  })
})

interface LegsAnswer {
  readonly node: {
    readonly statement: {
      readonly opening: { version: string }
      readonly closing: { version: string }
      readonly ledgerEntries: {
        readonly nodes: { walletVersion: string }[]
        readonly pageInfo: { hasNextPage: boolean; endCursor: string }
      }
    }
  }
}

/** What each cause added from one moment of the model to another. */
function modelSums(from: number, to: number): [string, Told][] {
  const sums = new Map<string, Told>(Object.values(causes).map((cause) => [cause, nothing]))
  for (let at = from + 1; at <= to; at += 1) {
    const [before, after] = [moments[at - 1] ?? nothing, moments[at]]
    const cause = after && causes[after.kind as keyof typeof causes]
    const sum = cause && sums.get(cause)
    if (!after || !sum) throw new Error('a moment of no cause')
    sums.set(cause, {
      cash: sum.cash + after.cash - before.cash,
      bonus: sum.bonus + after.bonus - before.bonus,
      owed: sum.owed + after.owed - before.owed,
    })
  }
  return [...sums]
}
