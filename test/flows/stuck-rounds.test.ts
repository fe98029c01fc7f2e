// Rounds that hang: the queue, and what operators and the server itself do about them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/domain/operators/permissions.ts'
import { type EngineScene, openEngineScene, openTimes } from '../support/engine-scene.ts'
import { furnishGames } from '../support/house.ts'
import { moneyViolations } from '../support/money-checks.ts'
import { until } from '../support/until.ts'

/** The engine takes no call that is so old: whatever is placed three hours ago stays open. */
const threeHoursMs = 3 * 3_600_000
const clock = { behindMs: threeHoursMs, now: () => new Date(Date.now() - clock.behindMs) }

let scene: EngineScene
const held: { bet: string; round: string }[] = []
beforeAll(async () => {
  scene = await openEngineScene({ times: { ...openTimes, clock } })
  const session = await scene.session('p-1', '100.00')
  for (const stake of ['1.00', '2.00', '3.00', '4.00']) {
    const { bet, pending } = await scene.place(session, stake)
    expect([bet?.status, pending]).toEqual(['OPEN', true])
    const [row] = await scene.app.database.sql<{ round_id: string }[]>`
      select round_id from bets where id = ${plain(bet?.id)}`
    held.push({ bet: plain(bet?.id), round: row?.round_id ?? '' })
  }
  clock.behindMs = 0
}, 60_000)
afterAll(() => scene.close())

const plain = (globalId = '') => Buffer.from(globalId, 'base64url').toString().replace(/^\w+:/, '')
const globalId = (type: string, key: string) => Buffer.from(`${type}:${key}`).toString('base64url')

interface Queue {
  readonly stuckRounds: {
    readonly nodes: readonly { readonly round: { readonly id: string }; readonly held: { amount: string } }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  } | null
}

const queueFields = `nodes { round { id } stuckSince minutesOpen openBets held { amount currency } paid { amount }
  lastProviderCall { direction operation verdict } canAskProvider }
  pageInfo { hasNextPage endCursor }`

const queue = async (args: string, role: Role = 'GAME_OPS') => {
  const { data } = await scene.app.graphql<Queue>(`{ stuckRounds(${args}) { ${queueFields} } }`, {}, role)
  return data.stuckRounds
}

type Verb = 'closeRound' | 'voidRound' | 'askProvider'

async function resolve(verb: Verb, round: string, key: string, role: Role = 'GAME_OPS') {
  const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input!`
  const more = verb === 'askProvider' ? 'answer' : 'transaction { kind }'
  const { data, errors } = await scene.app.graphql<Record<Verb, object>>(
    `mutation ($input: ${type}) { ${verb}(input: $input) {
      round { status bets(first: 5) { nodes { status result } } } ${more} replayed userErrors { code field } } }`,
    { input: { idempotencyKey: key, roundId: globalId('Round', round), reason: 'it hangs' } },
    role,
  )
  return errors ? errors.map(({ extensions }) => extensions.code) : data[verb]
}

const cashOf = async (externalId: string) => {
  const [row] = await scene.app.database.sql<{ cash: bigint }[]>`
    select cash_minor as cash from wallets w join players p on p.id = w.player_id
    where p.external_id = ${externalId}`
  return row?.cash
}

describe('the queue of stuck rounds', () => {
  it('has the oldest first, with the money they hold and what is known', async () => {
    const found = await queue('first: 10')
    expect(found?.nodes.map(({ round }) => plain(round.id))).toEqual(held.map(({ round }) => round))
    expect(found?.nodes[1]).toEqual({
      round: { id: globalId('Round', held[1]?.round ?? '') },
      stuckSince: expect.any(String),
      minutesOpen: 180,
      openBets: 1,
      held: { amount: '2.00', currency: 'EUR' },
      paid: { amount: '0.00' },
      lastProviderCall: { direction: 'OUTBOUND', operation: 'PLAY', verdict: 'RETRY_LATER' },
      canAskProvider: true,
    })
  })

  it('is read page by page', async () => {
    const first = await queue('first: 3')
    expect(first?.nodes.map((one) => one.held.amount)).toEqual(['1.00', '2.00', '3.00'])
    expect(first?.pageInfo.hasNextPage).toBe(true)
    const second = await queue(`first: 3, after: "${first?.pageInfo.endCursor}"`)
    expect(second?.nodes.map((one) => one.held.amount)).toEqual(['4.00'])
    expect(second?.pageInfo.hasNextPage).toBe(false)
  })

  it.each([
    ['minutesOpen: 175', 4],
    ['minutesOpen: 190', 0],
    ['providerAccount: { eq: "ACCOUNT" }', 4],
    ['game: { in: [] }', 0],
  ])('filtered by %s has %i', async (filter, count) => {
    const account = globalId('ProviderAccount', scene.accountId)
    const found = await queue(`first: 10, filter: { ${filter.replace('ACCOUNT', account)} }`)
    expect(found?.nodes.length).toBe(count)
  })

  it('says what they hold in all, what was last heard of each, and what can be done', async () => {
    const { data, errors } = await scene.app.graphql(
      `query ($first: Int! = 2) { stuckRounds(first: $first) {
        totalCount { value precision }
        totals { currency count openBets held { amount } heldBonus { amount } paid { amount } }
        nodes { actions lastHeardAt heldBonus { amount } lastEvent { type recordedAt }
          lastProviderCall { receivedAt } } } }`,
      {},
      'GAME_OPS',
    )
    expect(errors).toBeUndefined()
    const { nodes, ...sums } = (data as { stuckRounds: { nodes: Record<string, unknown>[] } }).stuckRounds
    expect(sums).toEqual({
      totalCount: { value: 4, precision: 'EXACT' },
      totals: [
        {
          currency: 'EUR',
          count: '4',
          openBets: '4',
          held: { amount: '10.00' },
          heldBonus: { amount: '0.00' },
          paid: { amount: '0.00' },
        },
      ],
    })
    for (const node of nodes) {
      expect(node).toMatchObject({
        actions: ['ASK_PROVIDER', 'CLOSE_ROUND', 'VOID_ROUND'],
        heldBonus: { amount: '0.00' },
        lastEvent: { type: 'BET_PLACED' },
      })
    }
    const last = nodes[0] as Record<'lastEvent' | 'lastProviderCall', Record<string, string>>
    const times = [last.lastEvent['recordedAt'], last.lastProviderCall['receivedAt']]
    const heard = Math.max(...times.map((at) => Date.parse(at ?? '')))
    expect(Date.parse(String(nodes[0]?.['lastHeardAt']))).toBe(heard)
  })

  it('sums what the filter lets pass', async () => {
    const none =
      '{ stuckRounds(first: 1, filter: { game: { in: [] } }) { totalCount { value } totals { count } } }'
    expect((await scene.app.graphql(none)).data).toEqual({
      stuckRounds: { totalCount: { value: 0 }, totals: [] },
    })
  })

  it('has those that are not stuck yet when they are asked for', async () => {
    const { sql } = scene.app.database
    await sql`update provider_accounts set stuck_after_minutes = 1440 where id = ${scene.accountId}`
    expect((await queue('first: 10'))?.nodes).toEqual([])
    expect((await queue('first: 10, notYetStuck: true, filter: { minutesOpen: 175 }'))?.nodes.length).toBe(4)
    expect((await queue('first: 10, notYetStuck: true, filter: { minutesOpen: 190 }'))?.nodes).toEqual([])
    await sql`update provider_accounts set stuck_after_minutes = 60 where id = ${scene.accountId}`
  })

  it('leaves out what is younger than its account allows', async () => {
    const { sql } = scene.app.database
    await sql`update provider_accounts set stuck_after_minutes = 181 where id = ${scene.accountId}`
    expect((await queue('first: 10'))?.nodes).toEqual([])
    await sql`update provider_accounts set stuck_after_minutes = 60 where id = ${scene.accountId}`
  })

  it('is for those who resolve rounds', async () => {
    expect(await queue('first: 10', 'SUPPORT')).toBeNull()
    for (const verb of ['closeRound', 'voidRound', 'askProvider'] as const) {
      expect(await resolve(verb, held[0]?.round ?? '', 'no', 'SUPPORT')).toEqual(['FORBIDDEN'])
    }
  })
})

describe('a stuck round', () => {
  it('is closed with nothing won, once', async () => {
    const round = held[0]?.round ?? ''
    const closed = {
      round: { status: 'COMPLETED', bets: { nodes: [{ status: 'SETTLED', result: 'LOST' }] } },
      transaction: { kind: 'CLOSE_ROUND' },
      replayed: false,
      userErrors: [],
    }
    expect(await resolve('closeRound', round, 'close')).toEqual(closed)
    expect(await resolve('closeRound', round, 'close')).toEqual({ ...closed, replayed: true })
    expect(await resolve('voidRound', round, 'void-too')).toMatchObject({
      round: null,
      userErrors: [{ code: 'ALREADY_COMPLETED', field: ['roundId'] }],
    })
    expect(await cashOf('p-1')).toBe(9000n)
  })

  it('is voided, and its stake given back', async () => {
    expect(await resolve('voidRound', held[1]?.round ?? '', 'void')).toMatchObject({
      round: { status: 'COMPLETED', bets: { nodes: [{ status: 'VOIDED', result: null }] } },
      transaction: { kind: 'VOID_ROUND' },
      userErrors: [],
    })
    expect(await cashOf('p-1')).toBe(9200n)
  })

  it('whose provider never heard of it stays as it is', async () => {
    expect(await resolve('askProvider', held[2]?.round ?? '', 'ask-unheard')).toMatchObject({
      round: { status: 'OPEN' },
      answer: 'UNHEARD',
      userErrors: [],
    })
  })

  it('is settled as its provider says, and asking again answers the same', async () => {
    const { bet = '', round = '' } = held[2] ?? {}
    const entry = scene.engine.book.play({ betId: bet, currency: 'EUR', stakeMinor: '300' })
    const told = await resolve('askProvider', round, 'ask')
    const status = entry.status === 'PLAYED' ? 'SETTLED' : 'ROLLED_BACK'
    expect(told).toMatchObject({
      round: { status: 'COMPLETED', bets: { nodes: [{ status }] } },
      answer: entry.status,
      replayed: false,
    })
    expect(await resolve('askProvider', round, 'ask')).toEqual({ ...told, replayed: true })
  })

  it('leaves an audit entry with the reason for each action', async () => {
    const rows = await scene.app.database.sql`
      select action, outcome, code, reason, subject_id from audit_entries
      where subject_type = 'Round' and actor_id = ${scene.app.operators.GAME_OPS.operatorId} order by id`
    const by = (action: string, at: number, code: string | null = null) => ({
      action,
      outcome: code ? 'REFUSED' : 'ALLOWED',
      code,
      reason: 'it hangs',
      subject_id: held[at]?.round,
    })
    expect([...rows]).toEqual([
      by('closeRound', 0),
      by('voidRound', 0, 'ALREADY_COMPLETED'),
      by('voidRound', 1),
      by('askProvider', 2),
      by('askProvider', 2),
    ])
  })

  it('that is not there, or not in the brand, cannot be resolved', async () => {
    const none = '00000000-0000-7000-8000-000000000000'
    expect(await resolve('closeRound', none, 'none')).toMatchObject({
      round: null,
      userErrors: [{ code: 'ROUND_UNKNOWN', field: ['roundId'] }],
    })
  })
})

it('the money of resolved rounds holds', async () => {
  expect(await moneyViolations(scene.app.database.sql)).toEqual([])
})

describe('a round that nobody closes', () => {
  it('is completed by the server once it is stuck and nothing in it is open', async () => {
    const { sql } = scene.app.database
    const { bet } = await scene.place(await scene.session('p-2'), '1.00')
    const [young] = await sql<{ id: string }[]>`select round_id as id from bets where id = ${plain(bet?.id)}`
    const quiet = held[0]?.round ?? ''
    const ids = [quiet, young?.id ?? '']
    await sql`update rounds set status = 'OPEN', completed_at = null where id = any(${ids})`
    const statusOf = async (roundId: string) => {
      const [row] = await sql<{ status: string }[]>`select status from rounds where id = ${roundId}`
      return row?.status
    }
    await until(async () => (await statusOf(quiet)) === 'COMPLETED')
    expect(await statusOf(young?.id ?? '')).toBe('OPEN')
    expect(await statusOf(held[3]?.round ?? '')).toBe('OPEN')
    const [event] = await sql`
      select type, actor_kind from journal where round_id = ${quiet} order by recorded_at desc limit 1`
    expect(event).toEqual({ type: 'RoundCompleted', actor_kind: 'SYSTEM' })
  })

  it('cannot be asked about where the dialect has no inquiry', async () => {
    const { sql } = scene.app.database
    await furnishGames(sql, scene.app.brandId)
    const round = held[3]?.round ?? ''
    await sql`
      update rounds set provider_account_id = (select id from provider_accounts where code = 'demo-spinwell')
      where id = ${round}`
    expect(await resolve('askProvider', round, 'ask-hub88')).toMatchObject({
      round: null,
      answer: null,
      userErrors: [{ code: 'NOT_SUPPORTED', field: ['roundId'] }],
    })
  })
})
