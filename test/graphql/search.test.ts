import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gameTokenHash } from '../../src/domain/sessions/game-token.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { type Role, roles } from '../../src/domain/operators/permissions.ts'
import { seedBrand, seedOperator, startTestApp, type TestApp } from '../support/app.ts'
import { Factory, type MadeBet } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'

/** What both brands have alike: whoever is found must be of the caller's own. */
const twin = {
  transactionKey: '5f0c1b7a-9d1e-4c33-8a55-0c1d2e3f4a5b',
  roundKey: 'table-7 live',
  externalId: 'CUST-1001',
  name: 'Anna van der Berg',
  email: 'anna.berg@example.com',
  attempt: 'attempt-77',
  token: 'gt_same-token-of-two',
}
const requestId = uuidv7(new Date('2026-03-01T10:00:00Z'))

let pitboss: TestApp
let seat: Seat
let bet: MadeBet
let other: { seat: Seat; bet: MadeBet; token: string }

beforeAll(async () => {
  pitboss = await startTestApp()
  const { sql } = pitboss.database
  const factory = new Factory(sql)
  const otherBrand = { id: await seedBrand(sql, 'other'), code: 'other' }
  seat = factory.seat({ id: pitboss.brandId, code: 'demo' })
  const otherSeat = factory.seat(otherBrand)
  const placedAt = new Date('2026-03-01T10:00:00.500Z')
  bet = factory.bet(seat, { outcome: 'WON', placedAt })
  const otherBet = factory.bet(otherSeat, { outcome: 'WON', placedAt })
  for (let at = 0; at < 30; at += 1) factory.bet(seat)
  await factory.save()
  for (const [place, made] of [
    [seat, bet],
    [otherSeat, otherBet],
  ] as const) {
    await sql`update transactions set transaction_key = ${twin.transactionKey}
      where scope_id = ${place.accountId} and transaction_key = ${made.transactionKey}`
    await sql`update rounds set round_key = ${twin.roundKey} where id = ${made.roundId}`
    await sql`update players set external_id = ${twin.externalId} where id = ${place.playerId}`
    await sql`update player_profiles set name = ${twin.name}, email = ${twin.email}
      where player_id = ${place.playerId}`
    await sql`update provider_calls set attempt_key = ${twin.attempt}, request_id = ${requestId}
      where bet_id = ${made.id} and operation = 'bet'`
  }
  await sql`update sessions set token_hash = ${gameTokenHash(twin.token)} where id = ${seat.sessionId}`
  const { token } = await seedOperator(sql, 'ADMIN', [otherBrand.id])
  other = { seat: otherSeat, bet: otherBet, token }
}, 60_000)
afterAll(() => pitboss?.close())

interface Searched {
  readonly search: {
    readonly hits: readonly { matched: string; value: string; exact: boolean; node: { id: string } }[]
    readonly complete: boolean
    readonly searched: readonly string[]
  } | null
}

const query = `query Search($text: String!, $first: Int! = 20) { search(text: $text, first: $first) {
  hits { matched value exact node { id } } complete searched } }`

const ask = (text: string, role: Role | { token: string } = 'ADMIN', first = 20) =>
  pitboss.graphql<Searched>(query, { text, first }, role)

async function found(text: string, role: Role | { token: string } = 'ADMIN', first = 20) {
  const { data, errors } = await ask(text, role, first)
  expect(errors).toBeUndefined()
  return data.search?.hits.map(({ node, matched, exact }) => [node.id, matched, exact]) ?? []
}

const hit = (type: string, key: string, matched: string, exact = true) => [
  globalId(type, key),
  matched,
  exact,
]

async function idOf(table: string, condition: string): Promise<string> {
  const [row] = await pitboss.database.sql.unsafe<{ id: string }[]>(
    `select id from ${table} where ${condition}`,
  )
  return row?.id ?? expect.fail(`no row of ${table}`)
}

const placing = (made: MadeBet) =>
  idOf('transactions', `bet_id = '${made.id}' and kind = 'BET'`).then((id) => ({ bet: made.id, id }))

describe('a search', () => {
  it('finds the bet and the transaction by the key of the provider, in whatever letters', async () => {
    const { id } = await placing(bet)
    const both = [hit('Bet', bet.id, 'TRANSACTION_KEY'), hit('Transaction', id, 'TRANSACTION_KEY')]
    expect(await found(twin.transactionKey)).toEqual(both)
    expect(await found(`  ${twin.transactionKey.toUpperCase()} `)).toEqual(both)
    expect(await found(twin.transactionKey.slice(0, 8))).toEqual(both.map(([one, by]) => [one, by, false]))
  })

  it.each(['Bet', 'Transaction', 'Round', 'Session', 'Player', 'ProviderCall'])(
    'finds a %s by its global id and by the plain one',
    async (type) => {
      const keys: Record<string, string> = {
        Bet: bet.id,
        Transaction: (await placing(bet)).id,
        Round: bet.roundId,
        Session: seat.sessionId,
        Player: seat.playerId,
        ProviderCall: await idOf('provider_calls', `bet_id = '${bet.id}' and operation = 'bet'`),
      }
      const key = keys[type] ?? ''
      expect(await found(globalId(type, key))).toEqual([hit(type, key, 'ID')])
      expect(await found(key.toUpperCase())).toEqual([hit(type, key, 'ID')])
    },
  )

  it('finds anything else by its global id', async () => {
    const id = globalId('Wallet', seat.walletId)
    expect(await found(id)).toEqual([[id, 'ID', true]])
  })

  it('finds by round key, player, session token, attempt and request', async () => {
    const callId = await idOf('provider_calls', `bet_id = '${bet.id}' and operation = 'bet'`)
    const round = hit('Round', bet.roundId, 'ROUND_KEY')
    expect(await found(twin.roundKey)).toEqual([round])
    expect(await found('table-7')).toEqual([[round[0], 'ROUND_KEY', false]])
    expect(await found(twin.externalId)).toEqual([hit('Player', seat.playerId, 'EXTERNAL_ID')])
    expect(await found('CUST-')).toEqual([hit('Player', seat.playerId, 'EXTERNAL_ID', false)])
    expect(await found(twin.token)).toEqual([hit('Session', seat.sessionId, 'GAME_TOKEN')])
    expect(await found(requestId)).toEqual([hit('ProviderCall', callId, 'REQUEST_ID')])
    expect(await found(twin.attempt)).toEqual([hit('ProviderCall', callId, 'ATTEMPT_KEY')])
  })

  it.each([
    ['anna VAN der  berg', 'NAME', true],
    ['Anna', 'NAME', false],
    ['berg', 'NAME', true],
    ['Ber', 'NAME', false],
    ['ANNA.BERG@example.com', 'EMAIL', true],
    ['anna.b', 'EMAIL', false],
  ])('finds the player by "%s"', async (text, matched, exact) => {
    expect(await found(text)).toEqual([hit('Player', seat.playerId, matched, exact)])
  })

  it('takes wildcards and quotes for what they are', async () => {
    for (const text of ['%%%', '___', "'; --", '\\x41', '{1,2}']) expect(await found(text)).toEqual([])
  })

  it('says whether there is more', async () => {
    const some = (await ask('tx-', 'ADMIN', 10)).data.search
    expect([some?.hits.length, some?.complete]).toEqual([10, false])
    const all = (await ask('round-', 'ADMIN', 100)).data.search
    expect([all?.hits.length, all?.complete]).toEqual([30, true])
  })
})

describe('an id as people quote it', () => {
  const requery = async (dialect: string) => {
    const { sql } = pitboss.database
    await sql`update provider_accounts set dialect = ${dialect} where id = ${seat.accountId}`
  }

  it("finds every kind of Evolution's transactions by the id alone", async () => {
    await requery('evolution')
    const { sql } = pitboss.database
    const [first, second] = await sql<{ id: string; bet_id: string; transaction_key: string }[]>`
      select id, bet_id, transaction_key from transactions where scope_id = ${seat.accountId}
      and transaction_key like 'tx-%' order by id limit 2`
    await sql`update transactions set transaction_key = 'debit:ref-4711' where id = ${first?.id ?? ''}`
    await sql`update transactions set transaction_key = 'promo:ref-4711' where id = ${second?.id ?? ''}`
    const both = [first, second].flatMap((one) => [
      globalId('Bet', one?.bet_id ?? ''),
      globalId('Transaction', one?.id ?? ''),
    ])
    const ids = (await found('ref-4711')).map(([id, , exact]) => `${id} ${exact}`)
    expect(new Set(ids)).toEqual(new Set(both.map((id) => `${id} true`)))
    await requery('hub88')
    expect(await found('ref-4711')).toEqual([])
    for (const one of [first, second]) {
      await sql`update transactions set transaction_key = ${one?.transaction_key ?? ''} where id = ${one?.id ?? ''}`
    }
  })

  it("finds Swipe's rounds by the round id alone, as a whole", async () => {
    await requery('swipe')
    expect(await found('table-7')).toEqual([hit('Round', bet.roundId, 'ROUND_KEY')])
    await requery('hub88')
    expect(await found('table-7')).toEqual([hit('Round', bet.roundId, 'ROUND_KEY', false)])
  })

  it("finds a deposit by the cashier's own key", async () => {
    const deposit = `mutation ($input: RecordDepositInput!) {
      recordDeposit(input: $input) { transaction { id } userErrors { code } } }`
    const player = { byId: globalId('Player', seat.playerId) }
    const input = { idempotencyKey: 'payment-0815', player, amount: { amount: '5.00', currency: 'EUR' } }
    const { data } = await pitboss.graphql<{ recordDeposit: { transaction: { id: string } } }>(
      deposit,
      { input },
      'SERVICE',
    )
    expect(await found('payment-0815', 'SUPPORT')).toEqual([
      [data.recordDeposit.transaction.id, 'IDEMPOTENCY_KEY', true],
    ])
    expect(await found('payment-0815', other)).toEqual([])
  })
})

describe('what a caller may not read', () => {
  const fields: Readonly<Record<Role, string>> = {
    ADMIN:
      'ID TRANSACTION_KEY IDEMPOTENCY_KEY ROUND_KEY GAME_TOKEN EXTERNAL_ID NAME EMAIL ATTEMPT_KEY REQUEST_ID',
    GAME_OPS: 'ID TRANSACTION_KEY IDEMPOTENCY_KEY ROUND_KEY GAME_TOKEN EXTERNAL_ID ATTEMPT_KEY REQUEST_ID',
    FRAUD_ANALYST:
      'ID TRANSACTION_KEY IDEMPOTENCY_KEY ROUND_KEY GAME_TOKEN EXTERNAL_ID ATTEMPT_KEY REQUEST_ID',
    SUPPORT: 'ID TRANSACTION_KEY IDEMPOTENCY_KEY ROUND_KEY GAME_TOKEN EXTERNAL_ID NAME EMAIL',
    ANALYST: 'ID TRANSACTION_KEY IDEMPOTENCY_KEY ROUND_KEY GAME_TOKEN EXTERNAL_ID',
    AUDITOR: 'ID TRANSACTION_KEY IDEMPOTENCY_KEY ROUND_KEY GAME_TOKEN EXTERNAL_ID ATTEMPT_KEY REQUEST_ID',
    SERVICE: 'ID TRANSACTION_KEY IDEMPOTENCY_KEY ROUND_KEY GAME_TOKEN EXTERNAL_ID NAME EMAIL',
  }

  it.each(roles)('%s is told what was searched, and finds no more', async (role) => {
    const { data } = await ask('berg', role)
    const searched = fields[role].split(' ')
    expect(data.search?.searched).toEqual(searched)
    expect(data.search?.hits.length).toBe(searched.includes('NAME') ? 1 : 0)
    const calls = searched.includes('ATTEMPT_KEY') ? 1 : 0
    const callId = await idOf('provider_calls', `bet_id = '${bet.id}' and operation = 'bet'`)
    for (const text of [twin.attempt, requestId, callId, globalId('ProviderCall', callId)]) {
      expect((await found(text, role)).length, text).toBe(calls)
    }
  })

  it('is not found in another brand, by any id or key', async () => {
    const theirs = [other.bet.id, other.bet.roundId, other.seat.playerId, other.seat.sessionId]
    const more = [globalId('Bet', other.bet.id), globalId('Wallet', other.seat.walletId)]
    const call = await idOf('provider_calls', `bet_id = '${other.bet.id}' and operation = 'bet'`)
    for (const text of [...theirs, ...more, call, (await placing(other.bet)).id]) {
      expect(await found(text), text).toEqual([])
      expect((await found(text, other)).length, text).toBe(1)
    }
    const { id } = await placing(other.bet)
    expect(await found(twin.transactionKey, other)).toEqual([
      hit('Bet', other.bet.id, 'TRANSACTION_KEY'),
      hit('Transaction', id, 'TRANSACTION_KEY'),
    ])
    for (const text of [twin.externalId, 'berg', twin.email]) {
      const ids = (await found(text, other)).map(([one]) => one)
      expect(ids).toEqual([globalId('Player', other.seat.playerId)])
    }
    expect(await found(twin.token, other)).toEqual([])
  })
})

describe('what cannot be searched for', () => {
  it.each([
    ['', 'text is shorter than 2 bytes'],
    [' a ', 'text is shorter than 2 bytes'],
    ['x'.repeat(257), 'text is longer than 256 bytes: 257'],
    ['\u00e9'.repeat(129), 'text is longer than 256 bytes: 258'],
    ['a bell \u0007 in it', 'text has a control character'],
  ])('is refused, and the reason is told', async (text, message) => {
    const { status, data, errors } = await ask(text)
    expect([status, data.search, errors?.length]).toEqual([200, null, 1])
    expect(errors?.[0]).toMatchObject({
      message,
      path: ['search'],
      extensions: { code: 'BAD_USER_INPUT', field: 'text' },
    })
  })

  it.each([
    ['x'.repeat(10_240), 'LIMIT_EXCEEDED'],
    ['half \ud800 of it', 'BAD_USER_INPUT'],
    ['nul \0 in it', 'BAD_USER_INPUT'],
  ])('is refused at the door', async (text, code) => {
    const { status, errors } = await ask(text)
    expect([status, errors?.map(({ extensions }) => [extensions.code, extensions['field']])]).toEqual([
      400,
      [[code, 'text']],
    ])
  })

  it.each([0, 101, -1])('first: %i is refused', async (first) => {
    const { errors } = await ask('berg', 'ADMIN', first)
    expect(errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
      [`first must be 1 to 100, not ${first}`, 'BAD_USER_INPUT'],
    ])
  })
})
