import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldAll } from '../../src/domain/figures/fold.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { seedBrand, seedOperator, seedToken, startTestApp, type TestApp } from '../support/app.ts'
import { examples } from '../support/examples.ts'
import { Factory } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import { type MoneyWorld, openMoneyWorld } from '../support/money-world.ts'

const screen = examples.find(({ file }) => file === '10-player-360')?.text ?? ''

interface Amount {
  readonly amount: string
  readonly currency: string
}

interface Shown {
  readonly name: string | null
  readonly wallets: unknown[] | null
  readonly held: Amount[] | null
  readonly openRounds: { nodes: { id: string; held: Amount }[] } | null
  readonly figures: Figures[] | null
  readonly sessions: { nodes: { ip: string | null; device: string | null; country: string | null }[] } | null
  readonly bets: { nodes: { id: string }[] } | null
  readonly activities: { nodes: unknown[] }
}

interface Figures {
  readonly window: string
  readonly currency: string
  readonly bets: string
  readonly turnover: Amount
  readonly ggr: Amount
  readonly rtpActual: { value: string | null; reason: string | null }
  readonly biggestWin: Amount | null
}

interface Answer {
  readonly players: { nodes: Shown[] }
}

const named = (seat: { readonly externalId: string }) => ({ externalId: { eq: seat.externalId } })

describe('the screen of a player', () => {
  let pitboss: TestApp
  let seat: Seat
  let other: Seat

  beforeAll(async () => {
    pitboss = await startTestApp()
    const { sql } = pitboss.database
    const factory = new Factory(sql)
    seat = factory.seat({ id: pitboss.brandId, code: 'demo' }, { externalId: 'ann' })
    for (const stakeMinor of [150n, 250n]) factory.bet(seat, { outcome: 'OPEN', stakeMinor })
    factory.bet(seat, { outcome: 'LOST', stakeMinor: 1000n })
    other = factory.seat({ id: await seedBrand(sql, 'elsewhere'), code: 'elsewhere' }, { externalId: 'bob' })
    await factory.save()
    const launch = { ip: '192.0.2.7', device: 'iPhone', country: 'MT' }
    await sql`update sessions set ${sql(launch)} where player_id = ${seat.playerId}`
  })
  afterAll(() => pitboss?.close())

  const ask = (role: Parameters<TestApp['graphql']>[2], of: Seat = seat) =>
    pitboss.graphql<Answer>(screen, { player: named(of) }, role)

  test('has everything in one answer: money held by round and in all, and what was played', async () => {
    const { data, errors } = await ask('ADMIN')
    expect(errors).toBeUndefined()
    const [shown] = data.players.nodes
    expect(shown).toMatchObject({
      externalId: 'ann',
      held: [{ amount: '4.00', currency: 'EUR' }],
      sessions: { nodes: [{ ip: '192.0.2.7', device: 'iPhone', country: 'MT' }] },
    })
    expect(shown?.openRounds?.nodes.map(({ held }) => held.amount).toSorted()).toEqual(['1.50', '2.50'])
    expect(shown?.bets?.nodes).toHaveLength(3)
    expect(shown?.figures?.map(({ window }) => window)).toEqual(
      'TODAY LAST_7_DAYS LAST_30_DAYS ALL_TIME'.split(' '),
    )
  })

  test.for([
    { role: 'SUPPORT', name: /^Ann \d+$/, denied: ['device', 'ip'] },
    { role: 'FRAUD_ANALYST', name: /^A\*\*\* /, denied: [] },
    { role: 'ANALYST', name: /^A\*\*\* /, denied: ['device', 'ip'] },
    { role: 'AUDITOR', name: /^A\*\*\* /, denied: [] },
  ] as const)(
    'shows $role what the role may see, the rest masked or null',
    async ({ role, name, denied }) => {
      const { data, errors = [] } = await ask(role)
      const [shown] = data.players.nodes
      expect(shown?.name).toMatch(name)
      expect(shown?.held).toHaveLength(1)
      expect(shown?.sessions?.nodes[0]?.ip).toBe(denied.length === 0 ? '192.0.2.7' : null)
      const refused = errors.map(({ path, extensions }) => `${extensions.code} ${path?.at(-1)}`)
      expect(refused.toSorted()).toEqual(denied.map((field) => `FORBIDDEN ${field}`))
    },
  )

  test('blanks only the parts that a token may not see', async () => {
    const { sql } = pitboss.database
    const { operatorId } = await seedOperator(sql, 'ADMIN', [pitboss.brandId])
    const { token } = await seedToken(sql, operatorId, { permissions: ['PLAYERS_READ'] })
    const { data, errors = [] } = await ask({ token })
    const [shown] = data.players.nodes
    const nothing = { wallets: null, held: null, openRounds: null, figures: null, sessions: null, bets: null }
    expect(shown).toMatchObject({ externalId: 'ann', ...nothing, activities: { nodes: [] } })
    expect(new Set(errors.map(({ path }) => path?.at(-1)))).toEqual(new Set(Object.keys(nothing)))
  })

  test('of another brand is that of nobody', async () => {
    const { data, errors } = await ask('ADMIN', other)
    expect(errors).toBeUndefined()
    expect(data.players.nodes).toEqual([])
    const id = globalId('Player', other.playerId)
    const query = '{ player(by: { byId: "ID" }) { held { amount } figures { bets } } }'.replace('ID', id)
    expect((await pitboss.graphql(query)).data).toEqual({ player: null })
  })
})

describe('the figures of a player', () => {
  let world: MoneyWorld
  let graph: Graph

  beforeAll(async () => {
    world = await openMoneyWorld()
    const [brand] = await world.sql<{ id: string }[]>`select id from brands`
    graph = openGraph(world.database, [brand?.id ?? ''])
  })
  afterAll(async () => {
    await graph?.close()
    await world?.close()
  })

  const figuresOf = async (externalId: string) => {
    await foldAll(world)
    const { data, errors } = await graph.ask(screen, { player: named({ externalId }) })
    expect(errors).toEqual([])
    return (data as Answer).players.nodes[0]?.figures ?? []
  }

  test('are exact in each window, by the clock of the brand', async () => {
    const seat = await world.seat(100_000n)
    const { commands } = world
    const process = world.process()
    const settled = [
      { key: uuidv7(), stake: 300n, win: 0n, daysAgo: 0 },
      { key: uuidv7(), stake: 700n, win: 650n, daysAgo: 0 },
      { key: uuidv7(), stake: 1000n, win: 2500n, daysAgo: 3 },
      { key: uuidv7(), stake: 5000n, win: 100n, daysAgo: 20 },
      { key: uuidv7(), stake: 20_000n, win: 9000n, daysAgo: 90 },
    ]
    for (const { key, stake, win } of settled) {
      await process.send(commands.bet(seat, { key, roundKey: key, amountMinor: stake }))
      const paid = { key: `${key} w`, roundKey: key, referenceKey: key, amountMinor: win, closesRound: true }
      await process.send(commands.win(seat, paid))
    }
    await process.send(commands.bet(seat, { key: 'open', roundKey: 'open', amountMinor: 999n }))
    await foldAll(world)
    await makeOlder(world, seat.playerId, settled)
    const figures = await figuresOf(seat.externalId)
    const lines = figures.map(({ window, bets, turnover, ggr, rtpActual, biggestWin }) =>
      [window, bets, turnover.amount, ggr.amount, rtpActual.value, biggestWin?.amount].join(' '),
    )
    expect(lines).toEqual([
      'TODAY 2 10.00 3.50 0.65 6.50',
      'LAST_7_DAYS 3 20.00 -11.50 1.575 25.00',
      'LAST_30_DAYS 4 70.00 37.50 0.464286 25.00',
      'ALL_TIME 5 270.00 147.50 0.453704 90.00',
    ])
  })

  test('are zeros with a reason for a player who never played', async () => {
    const seat = await world.seat(500n)
    const [today, ...others] = await figuresOf(seat.externalId)
    const zero = { amount: '0.00', currency: 'EUR' }
    const rtpActual = { value: null, reason: 'NO_TURNOVER' }
    const none = { bets: '0', turnover: zero, ggr: zero, rtpActual, biggestWin: null }
    expect(today).toEqual({ window: 'TODAY', currency: 'EUR', ...none })
    expect(others).toHaveLength(3)
  })
})

/** Moves what was folded of single bets into the past: each has an amount of its own. */
async function makeOlder(
  { sql }: MoneyWorld,
  playerId: string,
  settled: readonly { readonly stake: bigint; readonly win: bigint; readonly daysAgo: number }[],
): Promise<void> {
  const [whole] = await sql`select * from player_figures where player_id = ${playerId}`
  await sql`delete from player_figures where player_id = ${playerId}`
  for (const daysAgo of new Set(settled.map((one) => one.daysAgo))) {
    const those = settled.filter((one) => one.daysAgo === daysAgo)
    const sum = (of: (one: (typeof those)[number]) => bigint) =>
      those.reduce((total, one) => total + of(one), 0n)
    const biggest = those.reduce((most, { win }) => (win > most ? win : most), 0n)
    await sql`insert into player_figures ${sql({
      ...whole,
      starts_at: new Date(whole?.['starts_at'].getTime() - daysAgo * 86_400_000),
      bets: BigInt(those.length),
      stake_minor: sum(({ stake }) => stake),
      win_minor: sum(({ win }) => win),
      biggest_win_minor: biggest,
    })}`
  }
}
