// One bet with everything that can happen to it, told in order: calls, repetitions, a late win, one taken back, a
// correction that names it, an operator's refused action.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { type Role, roles } from '../../src/domain/operators/permissions.ts'
import { seedBrand, seedOperator, startTestApp, type TestApp } from '../support/app.ts'
import { examples } from '../support/examples.ts'
import {
  betFields,
  generateKeys,
  hub88Client,
  rollbackFields,
  winFields,
  type Hub88Client,
} from '../support/hub88-client.ts'
import { addAccount, addPlayer, addSession, type WorldSession } from '../support/provider-world.ts'
import { furnishGames } from '../support/house.ts'

let pitboss: TestApp
let hub88: Hub88Client
let session: WorldSession
let bet: ReturnType<typeof betFields>
let betId: string
let otherBetId: string

beforeAll(async () => {
  pitboss = await startTestApp()
  const { sql } = pitboss.database
  const keys = generateKeys()
  const providerId = await furnishGames(sql, pitboss.brandId)
  const account = { brandId: pitboss.brandId, providerId, code: 'demo-hub88', publicKeys: [keys.publicKey] }
  const { accountId, accountCode } = await addAccount(sql, account)
  const [game] = await sql<{ id: string }[]>`select id from games where code = 'book'`
  const world = { ...account, accountId, accountCode, gameId: game?.id ?? '' }
  session = await addSession(sql, world, await addPlayer(sql, world))
  hub88 = hub88Client(pitboss.url, accountCode, keys.privateKey)
  bet = betFields(session, { game_code: 'book' })
  await play()
  const placed = await sql<{ id: string }[]>`select id from bets order by id`
  ;[betId, otherBetId] = placed.map(({ id }) => id) as [string, string]
  await correct()
}, 60_000)
afterAll(() => pitboss?.close())

/** A bet, again; another in its round; a win that ends the round; a late one, which is taken back; a conflict. */
async function play(): Promise<void> {
  const statuses: (string | undefined)[] = []
  const call = async (...args: Parameters<Hub88Client['call']>) =>
    void statuses.push((await hub88.call(...args)).status)
  const again = { request_uuid: 'f7c3a1de-0d6b-4f7e-9f55-3b7e7d0a1c22' }
  await call('/transaction/bet', bet)
  await call('/transaction/bet', { ...bet, ...again })
  const other = betFields(session, { game_code: 'book', round: bet.round, amount: 300_000 })
  await call('/transaction/bet', other)
  await call('/transaction/bet', { ...bet, amount: 900_000 })
  await call('/transaction/win', winFields(bet))
  const late = winFields(bet, { amount: 50_000 })
  await call('/transaction/win', late)
  await call('/transaction/rollback', rollbackFields(late))
  expect(statuses).toEqual([
    'RS_OK',
    'RS_OK',
    'RS_OK',
    'RS_ERROR_DUPLICATE_TRANSACTION',
    'RS_OK',
    'RS_OK',
    'RS_OK',
  ])
}

const correction = `mutation Correct($adjust: AdjustBalanceInput!, $unnamed: AdjustBalanceInput!,
  $void: VoidRoundInput!) {
  unnamed: adjustBalance(input: $unnamed) { userErrors { code } }
  named: adjustBalance(input: $adjust) { userErrors { code } }
  voidRound(input: $void) { userErrors { code } } }`

/** One adjustment names the bet, one does not; the round cannot be voided any more. */
async function correct(): Promise<void> {
  const adjust = {
    player: { byId: globalId('Player', session.player.id) },
    account: 'CASH',
    amount: { amount: '1.50', currency: 'EUR' },
  }
  const [row] = await pitboss.database.sql<{ round: string }[]>`
    select round_id as round from bets where id = ${betId}`
  const { data } = await pitboss.graphql(correction, {
    unnamed: { ...adjust, idempotencyKey: 'a', reason: 'goodwill' },
    adjust: { ...adjust, idempotencyKey: 'b', reason: `the game showed more for ${globalId('Bet', betId)}` },
    void: {
      idempotencyKey: 'c',
      roundId: globalId('Round', row?.round ?? ''),
      reason: 'the player complains',
    },
  })
  expect(data).toEqual({
    unnamed: { userErrors: [] },
    named: { userErrors: [] },
    voidRound: { userErrors: [{ code: 'ALREADY_COMPLETED' }] },
  })
}

interface Story {
  readonly bet: {
    readonly story: {
      readonly nodes: readonly {
        readonly kind: string
        readonly what: string
        readonly code: string | null
        readonly amount: { readonly amount: string } | null
        readonly stages: readonly string[]
        readonly source: { readonly type: string; readonly id: string } | null
      }[]
      readonly totalCount: { readonly value: number }
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
    }
  } | null
}

const fields = `nodes { kind what code amount { amount } stages source { type: __typename ... on Node { id } } }
  totalCount { value } pageInfo { hasNextPage endCursor }`

async function storyOf(id: string, args = 'first: 100', role: Role | { token: string } = 'ADMIN') {
  const query = `query ($id: ID!) { bet(by: { byId: $id }) { story(${args}) { ${fields} } } }`
  const { data, errors } = await pitboss.graphql<Story>(query, { id: globalId('Bet', id) }, role)
  expect(errors).toBeUndefined()
  return data.bet?.story
}

const told = (story: Awaited<ReturnType<typeof storyOf>>) =>
  story?.nodes.map(({ kind, what, code, amount, stages, source }) =>
    [kind, what, code, amount?.amount, stages.join(' '), source?.type].filter(Boolean).join(' | '),
  )

const whole = [
  'CALL | BET | OK | CREATED REQUESTED | ProviderCall',
  'ROUND_STARTED | RoundStarted | RoundStarted',
  'PLACED | BetPlaced | 1.00 | BetPlaced',
  'CALL_REPEATED | BET | REPLAY | ProviderCall',
  'CALL_REJECTED | BET | DUPLICATE_CONFLICT | ProviderCall',
  'CALL | WIN | OK | PLAYED RESULT_RECEIVED | ProviderCall',
  'WIN | WinRecorded | 2.00 | WinRecorded',
  'SETTLED | BetSettled | 2.00 | BetSettled',
  'ROUND_COMPLETED | RoundCompleted | RoundCompleted',
  'CALL | WIN | OK | ProviderCall',
  'LATE_WIN | WinRecorded | 0.50 | WinRecorded',
  'CALL | ROLLBACK | OK | ProviderCall',
  'WIN_TAKEN_BACK | WinRolledBack | 0.50 | BALANCE_UPDATED RECORDED | WinRolledBack',
  'ACTION | adjustBalance | AuditEntry',
  'CORRECTION | AdjustmentRecorded | 1.50 | AdjustmentRecorded',
  'ACTION_REFUSED | voidRound | ALREADY_COMPLETED | AuditEntry',
]

describe('the story of a bet', () => {
  it('has everything that happened, in order', async () => {
    const story = await storyOf(betId)
    expect(told(story)).toEqual(whole)
    expect(story?.totalCount.value).toBe(whole.length)
  })

  it('is the same read page by page', async () => {
    const pages: string[] = []
    let after = ''
    for (let more = true; more; ) {
      const story = await storyOf(betId, `first: 3${after}`)
      pages.push(...(told(story) ?? []))
      more = story?.pageInfo.hasNextPage ?? false
      after = `, after: "${story?.pageInfo.endCursor}"`
    }
    expect(pages).toEqual(whole)
  })

  it('leaves out what happened to the other bet of the round', async () => {
    const kinds = (await storyOf(otherBetId))?.nodes.map(({ kind, amount }) =>
      [kind, amount?.amount ?? ''].join(' '),
    )
    expect(kinds).toEqual([
      'ROUND_STARTED ',
      'CALL ',
      'PLACED 3.00',
      'CALL ',
      'LOST 3.00',
      'ROUND_COMPLETED ',
      'ACTION_REFUSED ',
    ])
  })

  it.each(roles)('shows %s only what the role may read', async (role) => {
    const [calls, audit] = [
      ['ADMIN', 'GAME_OPS', 'FRAUD_ANALYST', 'AUDITOR'].includes(role),
      ['ADMIN', 'AUDITOR'].includes(role),
    ]
    const expected = whole.filter(
      (line) => (calls || !line.endsWith('ProviderCall')) && (audit || !line.endsWith('AuditEntry')),
    )
    expect(told(await storyOf(betId, 'first: 100', role))).toEqual(expected)
  })

  it('is of no bet of another brand', async () => {
    const brandId = await seedBrand(pitboss.database.sql, 'other')
    const { token } = await seedOperator(pitboss.database.sql, 'ADMIN', [brandId])
    expect(await storyOf(betId, 'first: 100', { token })).toBeUndefined()
  })
})

describe('a bet', () => {
  it('knows the other bets of its round, and what operators did', async () => {
    const query = `query ($id: ID!) { bet(by: { byId: $id }) {
      otherBets(first: 5) { nodes { id stake { amount } } totalCount { value } totals { count stake { amount } } }
      auditEntries(first: 5) { nodes { action outcome code } } } }`
    const ask = (role: Role) => pitboss.graphql(query, { id: globalId('Bet', betId) }, role)
    expect((await ask('ADMIN')).data).toEqual({
      bet: {
        otherBets: {
          nodes: [{ id: globalId('Bet', otherBetId), stake: { amount: '3.00' } }],
          totalCount: { value: 1 },
          totals: [{ count: '1', stake: { amount: '3.00' } }],
        },
        auditEntries: { nodes: [{ action: 'voidRound', outcome: 'REFUSED', code: 'ALREADY_COMPLETED' }] },
      },
    })
    const { data, errors } = await ask('SUPPORT')
    expect(data).toMatchObject({ bet: { auditEntries: null } })
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['bet.auditEntries', 'FORBIDDEN'],
    ])
  })

  it('is told whole by the example, without an error and below the limits', async () => {
    const { text } = examples.find(({ file }) => file === '05-bet-story') ?? expect.fail('no such example')
    const { data, errors } = await pitboss.graphql(text)
    expect(errors).toBeUndefined()
    expect(data).toMatchObject({ bets: { nodes: [{ id: globalId('Bet', otherBetId) }] } })
  })
})
