import { describe, expect, test } from 'vitest'
import { verdicts } from '../../../src/domain/money/types.ts'
import type { Answer } from '../../../src/integrations/dialect.ts'
import { evolution } from '../../../src/integrations/evolution/evolution.ts'
import { operations, type Request } from '../../../src/integrations/evolution/operations.ts'
import { echoOf, parseCall } from '../../../src/integrations/evolution/parse.ts'
import { renderReply } from '../../../src/integrations/evolution/render.ts'
import { statusOf } from '../../../src/integrations/evolution/statuses.ts'
import { Fields } from '../../../src/integrations/fields.ts'
import { parseJson } from '../../../src/integrations/strict-json.ts'
import { fingerprint } from '../../../src/lib/fingerprint.ts'
import { giftFields, handFields, newGift, newHand } from '../../support/evolution-client.ts'
import { openAccount, receivedCall } from '../../support/received-call.ts'

const told = { playerExternalId: 'p1', balanceMinor: 12_345n, bonusMinor: 45n, currency: 'EUR' }
const limits = ['STAKE_PER_BET', 'STAKE_PER_ROUND', 'STAKE', 'LOSS'] as const
const payments = ['CREDIT', 'CANCEL', 'PROMO_PAYOUT'] as const

test('only a debit that reached a limit is told which', () => {
  for (const kind of limits) {
    const limit = { level: 'PLAYER', kind } as const
    for (const request of payments) {
      expect(statusOf(request, { verdict: 'LIMIT', limit })).toBe('TEMPORARY_ERROR')
      expect(statusOf(request, { verdict: 'REPLAY', first: 'LIMIT', limit })).toBe('TEMPORARY_ERROR')
    }
    expect(statusOf('DEBIT', { verdict: 'FUNDS', limit })).toBe('INSUFFICIENT_FUNDS')
    expect(statusOf('DEBIT', { verdict: 'OK', limit })).toBe('OK')
    expect(statusOf('DEBIT', { verdict: 'REPLAY', first: 'OK', limit })).toBe('BET_ALREADY_EXIST')
  }
})

test('a replay of a replay, or of nothing, may be asked again', () => {
  for (const request of ['DEBIT', ...payments] as const) {
    expect(statusOf(request, { verdict: 'REPLAY' })).toBe('TEMPORARY_ERROR')
    expect(statusOf(request, { verdict: 'REPLAY', first: 'REPLAY' })).toBe('TEMPORARY_ERROR')
  }
})

const texts: readonly (readonly [string, Request, Answer, number, string])[] = [
  [
    'a debit',
    'DEBIT',
    { ...told, verdict: 'OK' },
    200,
    '{"status":"OK","balance":123.000000,"bonus":0.450000,"uuid":"u1"}',
  ],
  [
    'a debit again',
    'DEBIT',
    { ...told, verdict: 'REPLAY', first: 'OK' },
    200,
    '{"status":"BET_ALREADY_EXIST","balance":123.000000,"bonus":0.450000,"uuid":"u1"}',
  ],
  [
    'a debit of another under its refId',
    'DEBIT',
    { ...told, verdict: 'DUPLICATE_CONFLICT' },
    400,
    '{"status":"INVALID_PARAMETER","uuid":"u1"}',
  ],
  [
    'a debit with a wrong token',
    'DEBIT',
    { verdict: 'BAD_SIGNATURE' },
    401,
    '{"status":"INVALID_TOKEN_ID","uuid":"u1"}',
  ],
  [
    'a credit of an uncertain outcome',
    'CREDIT',
    { ...told, verdict: 'RETRY_LATER' },
    200,
    '{"status":"TEMPORARY_ERROR","uuid":"u1","retransmission":true}',
  ],
  [
    'a credit that only debits are refused for',
    'CREDIT',
    { ...told, verdict: 'PLAYER_BLOCKED' },
    200,
    '{"status":"TEMPORARY_ERROR","balance":123.000000,"bonus":0.450000,"uuid":"u1","retransmission":true}',
  ],
  [
    'a balance without bonus money',
    'BALANCE',
    { verdict: 'OK', balanceMinor: 5n, currency: 'EUR' },
    200,
    '{"status":"OK","balance":0.050000,"bonus":0.000000,"uuid":"u1"}',
  ],
  [
    'a balance that is not known',
    'BALANCE',
    { verdict: 'OK', currency: 'EUR' },
    200,
    '{"status":"OK","uuid":"u1"}',
  ],
  [
    'a balance of no currency',
    'BALANCE',
    { verdict: 'OK', balanceMinor: 5n },
    200,
    '{"status":"OK","uuid":"u1"}',
  ],
]

test.each(texts)('%s', (_name, request, answer, status, text) => {
  expect(renderReply(request, answer, 'u1')).toEqual({ status, text })
  expect(renderReply(request, answer, undefined).text).toBe(text.replace(',"uuid":"u1"', ''))
})

test('a check tells no balance, whatever its verdict', () => {
  for (const verdict of verdicts) {
    expect(renderReply('CHECK', { ...told, verdict, token: 't' }, 'u1').text).not.toContain('balance')
  }
})

const player = { token: 'game-token', user: 'player-1' }
const hand = newHand({ round: 'round-1', id: 'tx-1', refId: 'ref-1', amount: 3.56 })
const gift = newGift({ id: 'gift-1', amount: 10.5, type: 'Jackpot' })
const fields = handFields(player, hand, 'u1')

const parse = (request: Request, body: object | string, query = '') =>
  parseCall(request, receivedCall(body, { query }), openAccount())

const refusedFor = (field: string) => ({
  kind: 'REFUSED',
  answer: { verdict: 'BAD_REQUEST', fault: 'TYPE', field },
  field,
})

test.each([
  ['DEBIT', fields, ['BET', 'round-1', 'reel_quest', 'EUR', 356n]],
  ['CREDIT', fields, ['WIN', 'round-1', 'reel_quest', 'EUR', 356n, 'ref-1']],
  ['CANCEL', fields, ['ROLLBACK', 'round-1', 'reel_quest', 'EUR', 356n, 'ref-1']],
  ['PROMO_PAYOUT', giftFields(player, gift), ['PROMO', 'Jackpot', 'EUR', 1_050n]],
] as const)('the fingerprint of a %s never changes', (request, body, terms) => {
  expect(parse(request, body).operation).toMatchObject({
    kind: 'COMMAND',
    command: { fingerprint: fingerprint(['player-1', ...terms]) },
  })
})

test.each([
  ['DEBIT', fields, 'debit:ref-1'],
  ['CREDIT', fields, 'credit:tx-1'],
  ['CANCEL', fields, 'cancel:tx-1'],
  ['PROMO_PAYOUT', { ...giftFields(player, gift), uuid: 'u1' }, 'promo:gift-1'],
] as const)('a %s is known by attempt, key and secret', (request, body, transactionKey) => {
  const { operation: _, ...known } = parse(request, body)
  expect(known).toStrictEqual({ attemptKey: 'u1', transactionKey, secrets: ['game-token'] })
})

test('a read has no key, and what a call does not say is not known of it', () => {
  const { operation: _, ...known } = parse('BALANCE', { sid: 's', userId: 'p1', currency: 'EUR' })
  expect(known).toStrictEqual({ secrets: ['s'] })
  expect(parse('CHECK', {})).toStrictEqual({ operation: refusedFor('sid'), secrets: [] })
  expect(parse('CHECK', { sid: 5, uuid: 'u1' })).toStrictEqual({
    attemptKey: 'u1',
    operation: refusedFor('sid'),
    secrets: [],
  })
  expect(parse('CHECK', '{', 'authToken=t')).toStrictEqual({
    operation: { kind: 'REFUSED', answer: { verdict: 'BAD_REQUEST', fault: 'SYNTAX' } },
    secrets: ['t', 't'],
  })
})

describe('a promo payout', () => {
  const body = giftFields(player, gift)
  const within = (change: object) => ({ promoTransaction: { ...body.promoTransaction, ...change } })
  test.each([
    ['promoTransaction', { promoTransaction: undefined }],
    ['promoTransaction.type', within({ type: undefined })],
    ['promoTransaction.id', within({ id: 5 })],
    ['promoTransaction.id', within({ id: 'x'.repeat(121) })],
    ['promoTransaction.amount', within({ amount: '10.50' })],
    ['currency', { currency: undefined }],
    ['game', { game: 5 }],
    ['game.id', { game: { id: 5 } }],
    ['sid', { sid: 'x'.repeat(1025) }],
    ['userId', { userId: undefined }],
  ])('with a broken %s is refused under its path', (field, change) => {
    expect(parse('PROMO_PAYOUT', { ...body, ...change }).operation).toEqual(refusedFor(field))
  })
})

test('a currency finer than the wire is named in the complaint', () => {
  const body = Buffer.from(JSON.stringify({ ...fields, currency: 'BTC' }))
  const read = () =>
    operations.DEBIT({
      fields: new Fields(parseJson(body)),
      call: receivedCall(''),
      account: openAccount(),
    })
  const message = 'BTC has more decimal places than this dialect can carry'
  expect(read).toThrow(expect.objectContaining({ code: 'CURRENCY', message, field: 'currency' }))
})

test('a route verifies, parses, echoes and renders its own request', () => {
  const route = evolution.route('POST', '/credit')
  const call = receivedCall(fields, { query: 'authToken=secret-of-16-chars' })
  const account = openAccount({ secrets: ['secret-of-16-chars'] })
  expect(route?.verify(call, account)).toBe('VALID')
  expect(route?.parse(call, account).transactionKey).toBe('credit:tx-1')
  expect(route?.echoOf(call)).toBe('u1')
  expect(route?.render({ verdict: 'REPLAY', first: 'OK' }, 'u1')).toEqual({
    status: 200,
    text: '{"status":"OK","uuid":"u1"}',
  })
  expect(echoOf(Buffer.from('{}'))).toBeUndefined()
})
