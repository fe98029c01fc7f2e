// The platform around us at work: a player from registration to blocking, over HTTP, as its script and its staff.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/domain/operators/permissions.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { furnishGames } from '../support/house.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
  await furnishGames(app.database.sql, app.brandId)
})
afterAll(() => app.close())

const outcome = 'replayed userErrors { code field message }'
const mutations = {
  registerPlayer: `player { id externalId status email } wallet { currency cash { amount } }`,
  blockPlayer: 'player { status sessions(first: 5) { nodes { status closeReason } } }',
  unblockPlayer: 'player { status }',
  recordActivity: 'activity { type facts { name value } }',
  openSession: 'gameToken session { id status game { code } }',
  closeSession: 'session { status closeReason }',
  recordDeposit: 'transaction { kind verdict amount { amount currency } } wallet { cash { amount } }',
  recordWithdrawal: 'transaction { kind } wallet { cash { amount } }',
} as const

type Name = keyof typeof mutations
type Payload = { replayed: boolean; userErrors: { code: string; field: string[] | null }[] } & Record<
  string,
  unknown
>

const documentOf = (name: Name) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
  return `mutation Do($input: ${type}) { ${name}(input: $input) { ${mutations[name]} ${outcome} } }`
}

/** The payload of a mutation that is not forbidden; as the platform's script when no role is named. */
async function run(name: Name, input: object, role: Role = 'SERVICE'): Promise<Payload> {
  const { data, errors } = await app.graphql<Record<string, Payload>>(documentOf(name), { input }, role)
  expect(errors).toBeUndefined()
  return data[name] ?? expect.fail(`${name} has no payload`)
}

const done = { replayed: false, userErrors: [] }
const player = { byExternal: { brandCode: 'demo', externalId: 'p-1' } }
const launch = { player, providerAccountCode: 'demo-spinwell', gameCode: 'book', currency: 'EUR' }

const wallets = (usd: string) => ({
  wallet: {
    player: {
      wallets: [
        { currency: 'EUR', cash: { amount: '10.30' } },
        { currency: 'USD', cash: { amount: usd } },
      ],
    },
  },
})

describe('the mutations', () => {
  it('register a player and move money', async () => {
    const person = {
      brandCode: 'demo',
      externalId: 'p-1',
      country: 'MT',
      currency: 'EUR',
      email: 'ada@example.com',
    }
    const registration = { idempotencyKey: 'p-1', ...person }
    const registered = {
      player: { id: expect.any(String), externalId: 'p-1', status: 'ACTIVE', email: 'ada@example.com' },
      wallet: { currency: 'EUR', cash: { amount: '0.00' } },
    }
    expect(await run('registerPlayer', registration)).toEqual({ ...registered, ...done })
    expect(await run('registerPlayer', registration)).toEqual({ ...registered, ...done, replayed: true })

    const paid = { idempotencyKey: 'pay-1', player, amount: { amount: '12.30', currency: 'EUR' } }
    expect(await run('recordDeposit', paid)).toEqual({
      transaction: { kind: 'DEPOSIT', verdict: 'OK', amount: { amount: '12.30', currency: 'EUR' } },
      wallet: { cash: { amount: '12.30' } },
      ...done,
    })
    const payout = { idempotencyKey: 'pay-2', player, amount: { amount: '2', currency: 'EUR' } }
    expect(await run('recordWithdrawal', payout)).toEqual({
      transaction: { kind: 'WITHDRAWAL' },
      wallet: { cash: { amount: '10.30' } },
      ...done,
    })
  })

  it('open and close sessions, and close them by blocking', async () => {
    const opened = await run('openSession', { idempotencyKey: 'launch-1', ...launch, ip: '203.0.113.7' })
    expect(opened).toEqual({
      gameToken: expect.stringMatching(/^gt_[\w-]{43}$/),
      session: { id: expect.any(String), status: 'OPEN', game: { code: 'book' } },
      ...done,
    })
    const again = await run('openSession', { idempotencyKey: 'launch-1', ...launch, ip: '203.0.113.7' })
    expect(again).toEqual({ ...opened, replayed: true })

    const left = { session: { byGameToken: opened['gameToken'] }, reason: 'PLAYER', idempotencyKey: 'left-1' }
    expect(await run('closeSession', left)).toEqual({
      session: { status: 'CLOSED', closeReason: 'PLAYER' },
      ...done,
    })
    const closedAgain = await run('closeSession', { ...left, idempotencyKey: 'left-2' }, 'SUPPORT')
    expect(closedAgain).toMatchObject({
      session: null,
      userErrors: [{ code: 'ALREADY_CLOSED', field: ['session'] }],
    })

    const login = {
      idempotencyKey: 'login-1',
      player,
      type: 'LOGIN',
      facts: [{ name: 'method', value: 'passkey' }],
    }
    expect(await run('recordActivity', { ...login, ip: '203.0.113.7' })).toEqual({
      activity: { type: 'LOGIN', facts: [{ name: 'method', value: 'passkey' }] },
      ...done,
    })

    await run('openSession', { idempotencyKey: 'launch-2', ...launch })
    const block = { idempotencyKey: 'block-1', player, reason: 'a stolen card' }
    expect(await run('blockPlayer', block, 'FRAUD_ANALYST')).toEqual({
      player: {
        status: 'BLOCKED',
        sessions: {
          nodes: [
            { status: 'CLOSED', closeReason: 'BLOCKED' },
            { status: 'CLOSED', closeReason: 'PLAYER' },
          ],
        },
      },
      ...done,
    })
    const refused = await run('openSession', { idempotencyKey: 'launch-3', ...launch })
    expect(refused).toMatchObject({
      session: null,
      gameToken: null,
      userErrors: [{ code: 'PLAYER_BLOCKED' }],
    })
    const unblock = { idempotencyKey: 'unblock-1', player, reason: 'it was not stolen' }
    expect(await run('unblockPlayer', unblock, 'SUPPORT')).toEqual({ player: { status: 'ACTIVE' }, ...done })
  })

  it('show each step of one document the state after the step before', async () => {
    const { data } = await app.graphql(
      `mutation Steps($player: PlayerRef!) {
        a: blockPlayer(input: { idempotencyKey: "s-1", player: $player, reason: "one" }) { player { status } }
        b: unblockPlayer(input: { idempotencyKey: "s-2", player: $player, reason: "two" }) { player { status } }
        c: recordDeposit(input: { idempotencyKey: "s-3", player: $player,
          amount: { amount: "1", currency: "USD" } }) { wallet { player { wallets { currency cash { amount } } } } }
        d: recordDeposit(input: { idempotencyKey: "s-4", player: $player,
          amount: { amount: "1", currency: "USD" } }) { wallet { player { wallets { currency cash { amount } } } } }
      }`,
      { player },
    )
    expect(data).toEqual({
      a: { player: { status: 'BLOCKED' } },
      b: { player: { status: 'ACTIVE' } },
      c: wallets('1.00'),
      d: wallets('2.00'),
    })
  })

  it('give the audit entry to those who may read it, that of the first answer to a replay', async () => {
    const input = { idempotencyKey: 'audited', player, reason: 'to be seen' }
    const document = `mutation Do($input: BlockPlayerInput!) {
      blockPlayer(input: $input) { replayed userErrors { code } auditEntry { id action outcome code reason } } }`
    const first = await app.graphql(document, { input })
    const auditEntry = {
      id: expect.any(String),
      action: 'blockPlayer',
      outcome: 'ALLOWED',
      code: null,
      reason: 'to be seen',
    }
    expect(first.data).toEqual({ blockPlayer: { replayed: false, userErrors: [], auditEntry } })
    const { blockPlayer } = first.data as { blockPlayer: object }
    const second = await app.graphql(document, { input })
    expect(second.data).toEqual({ blockPlayer: { ...blockPlayer, replayed: true } })
    const refused = await app.graphql(document, { input: { ...input, idempotencyKey: 'audited-2' } })
    expect(refused.data).toEqual({
      blockPlayer: {
        replayed: false,
        userErrors: [{ code: 'ALREADY_BLOCKED' }],
        auditEntry: { ...auditEntry, outcome: 'REFUSED', code: 'ALREADY_BLOCKED' },
      },
    })
    await run('unblockPlayer', { idempotencyKey: 'audited-3', player, reason: 'seen' })
  })

  it.each([
    [
      'registerPlayer',
      'EXTERNAL_ID_TAKEN',
      { brandCode: 'demo', externalId: 'p-1', country: 'MT', currency: 'EUR' },
    ],
    [
      'registerPlayer',
      'BRAND_UNKNOWN',
      { brandCode: 'none', externalId: 'p-2', country: 'MT', currency: 'EUR' },
    ],
    [
      'registerPlayer',
      'INPUT_INVALID',
      { brandCode: 'demo', externalId: 'p-2', country: 'mt', currency: 'EUR' },
    ],
    ['blockPlayer', 'PLAYER_UNKNOWN', { player: { byId: 'bm90aGluZw' }, reason: 'why' }],
    ['blockPlayer', 'INPUT_INVALID', { player, reason: '' }],
    ['unblockPlayer', 'NOT_BLOCKED', { player, reason: 'why' }],
    ['recordActivity', 'SESSION_UNKNOWN', { player, type: 'LOGIN', session: { byGameToken: 'gt_no' } }],
    [
      'openSession',
      'GAME_DISABLED',
      { player, providerAccountCode: 'demo-spinwell', gameCode: 'gone', currency: 'EUR' },
    ],
    [
      'openSession',
      'WALLET_MISSING',
      { player, providerAccountCode: 'demo-spinwell', gameCode: 'book', currency: 'SEK' },
    ],
    ['closeSession', 'SESSION_UNKNOWN', { session: { byId: 'U2Vzc2lvbjp4' } }],
    ['recordDeposit', 'BAD_AMOUNT', { player, amount: { amount: '0.001', currency: 'EUR' } }],
    ['recordWithdrawal', 'INSUFFICIENT_FUNDS', { player, amount: { amount: '99', currency: 'EUR' } }],
  ] as const)('%s refuses with %s as data, and gives the same answer again', async (name, code, input) => {
    const asked = { idempotencyKey: `${name}-${code}`, ...input }
    const first = await run(name, asked)
    expect(first.userErrors.map((error) => error.code)).toEqual([code])
    expect(await run(name, asked)).toEqual({ ...first, replayed: true })
    const [row] = await app.database.sql`
      select count(*)::int as count from audit_entries
      where actor_id = ${app.operators.SERVICE.operatorId} and action = ${name} and code = ${code}`
    expect(row).toEqual({ count: 1 })
  })

  it('are forbidden to a role without the permission, each with one audit entry', async () => {
    const input = { idempotencyKey: 'not-mine', player, amount: { amount: '1', currency: 'EUR' } }
    const { status, data, errors } = await app.graphql(documentOf('recordDeposit'), { input }, 'ANALYST')
    expect([status, data]).toEqual([200, { recordDeposit: null }])
    expect(errors).toMatchObject([{ path: ['recordDeposit'], extensions: { code: 'FORBIDDEN' } }])
    const entries = await app.database.sql`
      select action, outcome, code, brand_id from audit_entries
      where actor_id = ${app.operators.ANALYST.operatorId}`
    expect([...entries]).toEqual([
      { action: 'recordDeposit', outcome: 'REFUSED', code: 'FORBIDDEN', brand_id: app.brandId },
    ])
  })

  it('name the permission that is missing alike, whether the schema or the rules ask for it', async () => {
    const mutation = `mutation ($input: SetLimitInput!) { setLimit(input: $input) { replayed } }`
    const amount = { amount: '1', currency: 'EUR' }
    const given = { of: { brandCode: 'demo' }, kind: 'STAKE_PER_BET', amount, reason: 'r' }
    const refusals = (['ANALYST', 'SUPPORT'] as const).map(async (role) => {
      const { errors } = await app.graphql(mutation, { input: { ...given, idempotencyKey: role } }, role)
      return errors?.map(({ path, extensions }) => ({ path, ...extensions }))
    })
    const refused = { path: ['setLimit'], code: 'FORBIDDEN', errorId: expect.any(String) }
    expect(await Promise.all(refusals)).toEqual([
      [{ ...refused, permission: 'PLAYERS_WRITE' }],
      [{ ...refused, permission: 'BRANDS_MANAGE' }],
    ])
  })

  it('have one effect when the same call comes ten times at once', async () => {
    const input = { idempotencyKey: 'ten', player, amount: { amount: '5', currency: 'NOK' } }
    const answers = await Promise.all(Array.from({ length: 10 }, () => run('recordDeposit', input)))
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    const [row] = await app.database.sql`
      select cash_minor from wallets where currency = 'NOK'`
    expect(row).toEqual({ cash_minor: 500n })
  })
})
