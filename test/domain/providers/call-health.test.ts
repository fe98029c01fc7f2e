import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../../../src/lib/global-id.ts'
import { type Graph, openGraph } from '../../support/graph.ts'
import { betFields, generateKeys, hub88Client, winFields } from '../../support/hub88-client.ts'
import { openScene, type Scene } from '../../support/hub88-scene.ts'
import { type ProviderApp, startProviderApp } from '../../support/provider-app.ts'

let scene: Scene
let second: ProviderApp
let graph: Graph

/** Bets, the same again, wins, reads, declined and forged calls, over two servers at once. */
beforeAll(async () => {
  scene = await openScene()
  second = await startProviderApp(scene.app.database)
  const { accountCode } = scene.world
  const clients = [scene, hub88Client(second.url, accountCode, scene.keys.privateKey)]
  const forger = hub88Client(scene.app.url, accountCode, generateKeys().privateKey)
  const players = await Promise.all(Array.from({ length: 6 }, () => scene.player()))
  const stories = players.map(async (session, n) => {
    const client = clients[n % 2] ?? scene
    for (let round = 0; round < 5; round += 1) {
      const bet = betFields(session)
      await client.call('/transaction/bet', bet)
      await client.call('/transaction/bet', bet)
      await client.call('/transaction/win', winFields(bet))
      await client.call('/transaction/bet', betFields(session, { amount: 10 ** 9 }))
      await client.call('/user/balance', {
        user: session.user,
        token: session.token,
        request_uuid: bet.request_uuid,
      })
      // More would not be kept: forged calls are limited.
      if (round < 2) await forger.call('/transaction/bet', betFields(session))
    }
  })
  await Promise.all(stories)
  graph = openGraph(scene.app.database, [scene.world.brandId])
})

afterAll(async () => {
  await graph?.close()
  await second?.close()
  await scene?.app.close()
})

interface Counts {
  readonly from: string
  readonly to: string
  readonly calls: number
  readonly errors: number
  readonly duplicates: number
  readonly declined: number
  readonly latencyP50Us: number | null
  readonly latencyP95Us: number | null
  readonly noLatencyBecause: string | null
}

const fields = 'from to calls errors duplicates declined latencyP50Us latencyP95Us noLatencyBecause'

async function health(args: string): Promise<{ whole: Counts; buckets: Counts[] }> {
  const id = globalId('ProviderAccount', scene.world.accountId)
  const query = `{ node(id: "${id}") { ... on ProviderAccount {
    health${args} { whole { ${fields} } buckets { ${fields} } } } } }`
  const { data, errors, statements } = await graph.ask(query)
  expect(errors).toEqual([])
  expect(statements).toEqual(['providerAccounts: by id', 'providers: health of accounts'])
  return (data as { node: { health: { whole: Counts; buckets: Counts[] } } }).node.health
}

interface Call {
  readonly effect: string
  readonly latency_us: number
  readonly received_at: Date
}

const scan = () => scene.app.database.sql<Call[]>`select effect, latency_us, received_at from provider_calls`

/** What the calls of a time come to. */
function counted(calls: readonly Call[], from: string, to: string) {
  const within = calls.filter(
    (one) => +one.received_at >= Date.parse(from) && +one.received_at < Date.parse(to),
  )
  const of = (effect: string) => within.filter((one) => one.effect === effect).length
  const latencies = within.map(({ latency_us }) => latency_us).toSorted((a, b) => a - b)
  const share = (part: number) => latencies[Math.ceil(latencies.length * part) - 1] ?? null
  const counts = { calls: within.length, errors: of('REJECTED') }
  return {
    ...counts,
    duplicates: of('DUPLICATE'),
    declined: of('DECLINED'),
    p50: share(0.5),
    p95: share(0.95),
  }
}

function expectCounted(shown: Counts, calls: readonly Call[]): void {
  const { p50, p95, ...counts } = counted(calls, shown.from, shown.to)
  expect(shown).toMatchObject(counts)
  expect(shown.noLatencyBecause).toBe(counts.calls === 0 ? 'NO_ACTIVITY' : null)
  for (const [latency, exact] of [
    [shown.latencyP50Us, p50],
    [shown.latencyP95Us, p95],
  ] as const) {
    if (exact === null) expect(latency).toBeNull()
    else expect(Math.abs((latency ?? 0) / Math.max(exact, 1) - 1)).toBeLessThan(0.05)
  }
}

describe('the health of a provider account', () => {
  test('is what a scan of its calls comes to, minute by minute and as a whole', async () => {
    const calls = await scan()
    expect(calls).toHaveLength(162)
    const { whole, buckets } = await health('')
    expect(buckets).toHaveLength(60)
    for (const shown of [whole, ...buckets]) expectCounted(shown, calls)
    expect(whole).toMatchObject({ calls: 162, errors: 12, duplicates: 30, declined: 30 })
  })

  test('is told by the hour too, and of one direction', async () => {
    const calls = await scan()
    const { whole, buckets } = await health('(bucket: HOUR, direction: INBOUND)')
    expect(buckets).toHaveLength(24)
    for (const shown of [whole, ...buckets]) expectCounted(shown, calls)
    expect((await health('(direction: OUTBOUND)')).whole).toMatchObject({ calls: 0 })
  })

  test('shows a time without calls as zeros, with the reason for the latency that is missing', async () => {
    const { buckets } = await health('(window: { gte: "2026-01-01T00:00:30Z", lt: "2026-01-01T00:02:10Z" })')
    const nothing = { calls: 0, errors: 0, duplicates: 0, declined: 0 }
    const silent = { ...nothing, latencyP50Us: null, latencyP95Us: null, noLatencyBecause: 'NO_ACTIVITY' }
    expect(buckets).toEqual(
      ['00', '01', '02'].map((minute, at) => ({
        ...silent,
        from: `2026-01-01T00:${minute}:00.000Z`,
        to: `2026-01-01T00:0${at + 1}:00.000Z`,
      })),
    )
  })

  test.for([
    ['{ gte: "2026-01-01T00:00:00Z" }', 'window needs both gte and lt'],
    ['{ gte: "2026-01-02T00:00:00Z", lt: "2026-01-01T00:00:00Z" }', 'window ends before it begins'],
    [
      '{ gte: "2026-01-01T00:00:00Z", lt: "2026-01-02T00:01:00Z" }',
      'window has 1441 parts of a MINUTE, more than 1440',
    ],
  ] as const)('a window %s is refused', async ([window, message]) => {
    expect((await graph.ask(`{ providerHealth(window: ${window}) { whole { calls } } }`)).errors).toEqual([
      message,
    ])
  })

  test('is not seen from another brand', async () => {
    const { data } = await graph.ask('{ providerHealth { whole { calls } } }', {}, [crypto.randomUUID()])
    expect(data).toEqual({ providerHealth: [] })
  })
})
