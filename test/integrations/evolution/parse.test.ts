import { expect, test } from 'vitest'
import type { ReceivedCall } from '../../../src/domain/providers/call-row.ts'
import type { OpenAccount } from '../../../src/domain/providers/types.ts'
import type { Request } from '../../../src/integrations/evolution/operations.ts'
import { echoOf, parseCall } from '../../../src/integrations/evolution/parse.ts'
import { canVerify, verifyCall } from '../../../src/integrations/evolution/verify.ts'
import { sha256 } from '../../../src/lib/fingerprint.ts'
import { giftFields, handFields, newGift, newHand, onHand } from '../../support/evolution-client.ts'

const account = (given: Partial<OpenAccount> = {}): OpenAccount => ({
  id: 'account',
  brandId: 'brand',
  providerId: 'provider',
  code: 'code',
  dialect: 'evolution',
  publicKeys: [],
  secrets: [],
  engineUrl: null,
  freeWinsTo: 'CASH',
  stuckAfterMinutes: 1440,
  status: 'ENABLED',
  createdAt: new Date(0),
  ...given,
})

const received = (body: string, query = 'authToken=t'): ReceivedCall => ({
  id: 'id',
  method: 'POST',
  path: '/debit',
  query,
  headers: {},
  body: Buffer.from(body),
  receivedAt: new Date(1_000),
  requestId: 'request',
})

const player = { token: 'game-token', user: 'player-1' }
const hand = newHand({ round: 'round-1', id: 'tx-1', refId: 'ref-1', amount: 3.56 })

function parse(request: Request, body: object | string, given: Partial<OpenAccount> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return parseCall(request, received(text), account(given))
}

function command(...given: Parameters<typeof parse>) {
  const { operation } = parse(...given)
  if (operation.kind !== 'COMMAND') throw new Error(`expected a command, got ${JSON.stringify(operation)}`)
  return operation.command
}

const secret = 'a-token-of-32-letters-and-more-00'

test.each([
  { query: `authToken=${secret}`, result: 'VALID' },
  { query: `other=1&authToken=${secret}`, result: 'VALID' },
  { query: `auth%54oken=${secret.replace('-', '%2D')}`, result: 'VALID' },
  { query: `authToken=${secret}x`, result: 'INVALID' },
  { query: `authToken=${secret.slice(1)}`, result: 'INVALID' },
  { query: `authToken=${secret}&authToken=${secret}`, result: 'INVALID' },
  { query: 'authToken=', result: 'INVALID' },
  { query: 'authToken', result: 'INVALID' },
  { query: 'authToken=%zz', result: 'INVALID' },
  { query: `AuthToken=${secret}`, result: 'MISSING' },
  { query: '', result: 'MISSING' },
])('the query "$query" is $result', ({ query, result }) => {
  expect(verifyCall(received('{}', query), account({ secrets: ['another-secret-here', secret] }))).toBe(
    result,
  )
})

test('an account without secrets lets nobody in, with a plus in the token or without', () => {
  expect(verifyCall(received('{}', 'authToken='), account())).toBe('INVALID')
  const secrets = ['plus+in+the+middle']
  expect(verifyCall(received('{}', 'authToken=plus+in+the+middle'), account({ secrets }))).toBe('VALID')
  expect(verifyCall(received('{}', 'authToken=plus%2Bin+the+middle'), account({ secrets }))).toBe('VALID')
})

test('a secret is visible ASCII of 16 to 512 characters', () => {
  expect([15, 16, 512, 513].map((length) => canVerify('x'.repeat(length)))).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect(canVerify('with a blank in it')).toBe(false)
  expect(canVerify('ümlaut-is-not-ascii')).toBe(false)
})

test('a debit becomes a bet under the key of its refId, in minor units', () => {
  expect(command('DEBIT', handFields(player, hand))).toEqual({
    kind: 'BET',
    scopeId: 'account',
    brandId: 'brand',
    providerAccountId: 'account',
    providerId: 'provider',
    transactionKey: 'debit:ref-1',
    fingerprint: expect.any(Buffer),
    tokenHash: sha256('game-token'),
    playerExternalId: 'player-1',
    roundKey: 'round-1',
    gameCode: 'reel_quest',
    amountMinor: 356n,
    currency: 'EUR',
    betKind: 'REAL',
    closesRound: false,
    actor: { kind: 'PROVIDER_ACCOUNT', id: 'account' },
    trace: 'request',
    receivedAt: new Date(1_000),
  })
})

test('credit and cancel name the debit by its refId and have keys of their own id', () => {
  const credit = command('CREDIT', handFields(player, hand))
  expect(credit).toMatchObject({ kind: 'WIN', transactionKey: 'credit:tx-1', referenceKey: 'debit:ref-1' })
  expect(credit).toMatchObject({ settlesBet: true, afterSettlement: 'REFUSE', closesRound: false })
  expect(credit).toMatchObject({ amountMinor: 356n, currency: 'EUR', roundKey: 'round-1' })
  const cancel = command('CANCEL', handFields(player, hand))
  expect(cancel).toMatchObject({
    kind: 'ROLLBACK',
    transactionKey: 'cancel:tx-1',
    referenceKey: 'debit:ref-1',
    afterWin: 'REFUSE',
    unmatched: 'REFUSE',
    closesRound: false,
  })
})

test('a promo payout goes where free wins of the account go, and may name a round', () => {
  const gift = newGift({ id: 'gift-1', amount: 10.5 })
  const paid = command('PROMO_PAYOUT', giftFields(player, gift), { freeWinsTo: 'BONUS' })
  expect(paid).toMatchObject({ kind: 'PROMO', transactionKey: 'promo:gift-1', amountMinor: 1_050n })
  expect(paid).toMatchObject({ paidTo: 'BONUS', currency: 'EUR', playerExternalId: 'player-1' })
  expect(paid).not.toHaveProperty('roundKey')
  const within = { ...giftFields(player, gift), game: { id: 'round-1' } }
  expect(command('PROMO_PAYOUT', within)).toMatchObject({ roundKey: 'round-1', paidTo: 'CASH' })
})

const fingerprintOf = (...given: Parameters<typeof parse>) => command(...given).fingerprint.toString('hex')

test('the same call again has the same fingerprint, whatever its attempt, session and spelling', () => {
  for (const request of ['DEBIT', 'CREDIT', 'CANCEL'] as const) {
    const first = fingerprintOf(request, handFields(player, hand, 'attempt-1'))
    const other = { ...player, token: 'another-session' }
    expect(fingerprintOf(request, handFields(other, hand, 'attempt-2'))).toBe(first)
    const spelled = JSON.stringify(handFields(player, hand)).replace('3.56', '3.560000')
    expect(fingerprintOf(request, spelled)).toBe(first)
  }
})

test.each(['DEBIT', 'CREDIT', 'CANCEL'] as const)(
  'other terms of a %s have another fingerprint',
  (request) => {
    const changes = [
      { amount: 3.57 },
      { round: 'round-2' },
      { table: 'reel_quest_ii' },
      { currency: 'USD' },
      ...(request === 'DEBIT' ? [] : [{ refId: 'ref-2' }]),
    ]
    const prints = [
      fingerprintOf(request, handFields(player, hand)),
      fingerprintOf(request, handFields({ ...player, user: 'player-2' }, hand)),
      ...changes.map((change) => fingerprintOf(request, handFields(player, { ...hand, ...change }))),
    ]
    expect(new Set(prints).size).toBe(prints.length)
  },
)

test('a debit is known by its refId alone: another id is the same debit', () => {
  const [first, second] = [hand, onHand(hand)].map((one) => command('DEBIT', handFields(player, one)))
  expect(second?.transactionKey).toBe(first?.transactionKey)
  expect(second?.fingerprint).toEqual(first?.fingerprint)
})

test('check and balance name session and player; a balance its currency', () => {
  const { sid, userId, currency } = handFields(player, hand)
  const tokenHash = sha256('game-token')
  expect(parse('CHECK', { sid, userId }).operation).toEqual({
    kind: 'CHECK_TOKEN',
    token: 'game-token',
    tokenHash,
    playerExternalId: 'player-1',
  })
  expect(parse('BALANCE', { sid, userId, currency }).operation).toEqual({
    kind: 'BALANCE',
    tokenHash,
    playerExternalId: 'player-1',
    currency: 'EUR',
  })
})

test.each([
  { text: '0', minor: 0n },
  { text: '0.29', minor: 29n },
  { text: '4.35', minor: 435n },
  { text: '63727092.34', minor: 6_372_709_234n },
  { text: '63727092.340000', minor: 6_372_709_234n },
  { text: '10000000000000.00', minor: 10n ** 15n },
])('the amount $text is read exactly', ({ text, minor }) => {
  const body = JSON.stringify(handFields(player, hand)).replace('3.56', text)
  expect(command('DEBIT', body)).toMatchObject({ amountMinor: minor })
})

test.each(['3.561', '1e2', '-1', '3.5600000', '10000000000000.01', '"3.56"', 'null', 'true', '{}'])(
  'the amount %s is refused',
  (text) => {
    const body = JSON.stringify(handFields(player, hand)).replace('3.56', text)
    expect(parse('DEBIT', body).operation).toEqual({
      kind: 'REFUSED',
      answer: { verdict: 'BAD_REQUEST', fault: 'TYPE', field: 'transaction.amount' },
      field: 'transaction.amount',
    })
  },
)

const fields = handFields(player, hand)
const broken: readonly (readonly [string, object])[] = [
  ['sid', { sid: undefined }],
  ['sid', { sid: 5 }],
  ['userId', { userId: '' }],
  ['uuid', { uuid: 7 }],
  ['currency', { currency: undefined }],
  ['game', { game: undefined }],
  ['game', { game: 'round-1' }],
  ['game', { game: [] }],
  ['game.id', { game: { ...fields.game, id: undefined } }],
  ['game.details', { game: { ...fields.game, details: undefined } }],
  ['game.details.table', { game: { ...fields.game, details: { table: 5 } } }],
  ['game.details.table.id', { game: { ...fields.game, details: { table: {} } } }],
  ['transaction', { transaction: undefined }],
  ['transaction.id', { transaction: { ...fields.transaction, id: 'x'.repeat(121) } }],
  ['transaction.refId', { transaction: { ...fields.transaction, refId: undefined } }],
  ['transaction.amount', { transaction: { ...fields.transaction, amount: undefined } }],
]

test.each(broken)('a movement with a broken %s is refused under its path', (path, change) => {
  for (const request of ['DEBIT', 'CREDIT', 'CANCEL'] as const) {
    const { operation } = parse(request, { ...fields, ...change })
    const answer = { verdict: 'BAD_REQUEST', fault: 'TYPE', field: path }
    expect(operation).toEqual({ kind: 'REFUSED', answer, field: path })
  }
})

test('a currency that is unknown, or finer than the wire, is refused as one', () => {
  for (const currency of ['EURO', 'BTC']) {
    expect(parse('DEBIT', { ...fields, currency }).operation).toMatchObject({
      kind: 'REFUSED',
      answer: { verdict: 'CURRENCY', field: 'currency' },
    })
  }
})

test('a body that is not JSON is refused as such', () => {
  for (const body of ['', '{', '[1]x', '{"sid":"a","sid":"b"}']) {
    expect(parse('DEBIT', body).operation).toMatchObject({ answer: { fault: 'SYNTAX' } })
  }
  expect(parse('DEBIT', '[]').operation).toMatchObject({ answer: { fault: 'TYPE' } })
})

test('tokens of query and body are secrets, also of a call that is refused', () => {
  const call = received('{"sid":"game-token"}', 'authToken=with%2Dsign&authToken=twice')
  expect(parseCall('DEBIT', call, account()).secrets).toEqual([
    'with%2Dsign',
    'with-sign',
    'twice',
    'twice',
    'game-token',
  ])
})

test('the attempt is echoed from whatever can be read', () => {
  expect(echoOf(Buffer.from('{"uuid":"attempt-1"}'))).toBe('attempt-1')
  expect(echoOf(Buffer.from('{"uuid":5}'))).toBeUndefined()
  expect(echoOf(Buffer.from('nonsense'))).toBeUndefined()
  expect(parse('DEBIT', { uuid: 'attempt-1' }).attemptKey).toBe('attempt-1')
})
