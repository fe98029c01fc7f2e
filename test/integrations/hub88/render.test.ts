import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../../src/domain/money/types.ts'
import type { Answer } from '../../../src/integrations/dialect.ts'
import type { Request } from '../../../src/integrations/hub88/operations.ts'
import { renderReply } from '../../../src/integrations/hub88/render.ts'
import { statusOf } from '../../../src/integrations/hub88/statuses.ts'

/** What an answer about a player may carry. */
const told = {
  playerExternalId: 'p1',
  balanceMinor: 12_345n,
  currency: 'EUR',
  country: 'MT',
  registeredAt: new Date('2025-03-09T23:59:59.999Z'),
}

/** The status without its prefix: for a bet, a win, a rollback and what is only read. */
const statuses: Readonly<Record<Exclude<Verdict, 'REPLAY'>, readonly [string, string, string, string]>> = {
  OK: ['OK', 'OK', 'OK', 'OK'],
  FUNDS: ['NOT_ENOUGH_MONEY', 'UNKNOWN', 'UNKNOWN', 'NOT_ENOUGH_MONEY'],
  LIMIT: ['LIMIT_REACHED', 'UNKNOWN', 'UNKNOWN', 'LIMIT_REACHED'],
  PLAYER_BLOCKED: ['USER_DISABLED', 'UNKNOWN', 'UNKNOWN', 'USER_DISABLED'],
  PLAYER_UNKNOWN: ['INVALID_TOKEN', 'INVALID_TOKEN', 'INVALID_TOKEN', 'INVALID_TOKEN'],
  SESSION_INVALID: ['INVALID_TOKEN', 'INVALID_TOKEN', 'INVALID_TOKEN', 'INVALID_TOKEN'],
  SESSION_EXPIRED: ['TOKEN_EXPIRED', 'UNKNOWN', 'UNKNOWN', 'TOKEN_EXPIRED'],
  CURRENCY: ['WRONG_CURRENCY', 'WRONG_CURRENCY', 'WRONG_CURRENCY', 'WRONG_CURRENCY'],
  GAME: ['INVALID_GAME', 'UNKNOWN', 'UNKNOWN', 'INVALID_GAME'],
  DUPLICATE_CONFLICT: [
    'DUPLICATE_TRANSACTION',
    'DUPLICATE_TRANSACTION',
    'DUPLICATE_TRANSACTION',
    'DUPLICATE_TRANSACTION',
  ],
  REFERENCE_UNKNOWN: [
    'TRANSACTION_DOES_NOT_EXIST',
    'TRANSACTION_DOES_NOT_EXIST',
    'TRANSACTION_DOES_NOT_EXIST',
    'TRANSACTION_DOES_NOT_EXIST',
  ],
  REFERENCE_ROLLED_BACK: [
    'TRANSACTION_ROLLED_BACK',
    'TRANSACTION_ROLLED_BACK',
    'OK',
    'TRANSACTION_ROLLED_BACK',
  ],
  ALREADY_SETTLED: ['DUPLICATE_TRANSACTION', 'TRANSACTION_ROLLED_BACK', 'OK', 'DUPLICATE_TRANSACTION'],
  TOMBSTONED: ['DUPLICATE_TRANSACTION', 'TRANSACTION_ROLLED_BACK', 'OK', 'DUPLICATE_TRANSACTION'],
  BAD_SIGNATURE: ['INVALID_SIGNATURE', 'INVALID_SIGNATURE', 'INVALID_SIGNATURE', 'INVALID_SIGNATURE'],
  BAD_REQUEST: ['WRONG_TYPES', 'WRONG_TYPES', 'WRONG_TYPES', 'WRONG_TYPES'],
  RETRY_LATER: ['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNKNOWN'],
}

const prefixed = (name: string) => (name === 'OK' ? 'RS_OK' : `RS_ERROR_${name}`)

/** The one word in which the families differ. */
const caletaWord = (name: string) => (name === 'LIMIT_REACHED' ? 'BET_LIMIT_EXCEEDED' : name)

const withBalance = ['OK', 'NOT_ENOUGH_MONEY', 'LIMIT_REACHED', 'BET_LIMIT_EXCEEDED']

const textOf = (name: string) =>
  withBalance.includes(name)
    ? `{"user":"p1","status":"${prefixed(name)}","request_uuid":"r1","currency":"EUR","balance":12345000}`
    : `{"status":"${prefixed(name)}","request_uuid":"r1"}`

describe.each(Object.entries(statuses))('%s', (name, ofMovements) => {
  const verdict = name as Exclude<Verdict, 'REPLAY'>
  const answers: readonly Answer[] = [
    { ...told, verdict },
    { ...told, verdict: 'REPLAY', first: verdict },
  ]
  test.each(answers)('has one text for each request of Hub88 (%o)', (answer) => {
    const requests = ['BET', 'WIN', 'ROLLBACK', 'BALANCE'] as const
    const texts = requests.map((request) => renderReply(request, 'HUB88', answer, 'r1'))
    expect(texts).toEqual(ofMovements.map(textOf))
  })

  test.each(answers)('has one text for each request of Caleta (%o)', (answer) => {
    const requests = ['BET', 'WIN', 'ROLLBACK', 'BALANCE'] as const
    const texts = requests.map((request) => renderReply(request, 'CALETA', answer, 'r1'))
    expect(texts).toEqual(ofMovements.map(caletaWord).map(textOf))
  })
})

test('who the player is, is told to user/info alone, with the day of registration in UTC', () => {
  const wallet = '"request_uuid":"r1","currency":"EUR","balance":12345000'
  expect(renderReply('USER_INFO', 'HUB88', { ...told, verdict: 'OK' }, 'r1')).toBe(
    `{"user":"p1","status":"RS_OK",${wallet},"country":"MT","registration_date":"2025-03-09"}`,
  )
  const { country: _, registeredAt: __, ...less } = told
  expect(renderReply('USER_INFO', 'HUB88', { ...less, verdict: 'OK' }, 'r1')).toBe(
    `{"user":"p1","status":"RS_OK",${wallet}}`,
  )
  expect(renderReply('USER_INFO', 'HUB88', { ...told, verdict: 'PLAYER_UNKNOWN' }, 'r1')).toBe(
    '{"status":"RS_ERROR_INVALID_TOKEN","request_uuid":"r1"}',
  )
  expect(renderReply('BALANCE', 'HUB88', { ...told, verdict: 'OK' }, 'r1')).toBe(
    `{"user":"p1","status":"RS_OK",${wallet}}`,
  )
})

test('a token that is good is answered with itself alone, and any other with a status', () => {
  const token = 'gt_1'
  expect(renderReply('TOKEN_CHECK', 'CALETA', { ...told, verdict: 'OK', token }, 'r1')).toBe(
    '{"token":"gt_1"}',
  )
  expect(renderReply('TOKEN_CHECK', 'CALETA', { verdict: 'SESSION_EXPIRED', token }, undefined)).toBe(
    '{"status":"RS_ERROR_TOKEN_EXPIRED"}',
  )
  expect(renderReply('BALANCE', 'CALETA', { verdict: 'OK', token }, undefined)).toBe('{"status":"RS_OK"}')
})

const wallets: readonly (readonly [string, object, string])[] = [
  ['whose balance is not known', { balanceMinor: undefined }, '{"user":"p1","status":"RS_OK"}'],
  ['whose currency is not known', { currency: undefined }, '{"user":"p1","status":"RS_OK"}'],
  ['of a currency that nobody knows', { currency: '???' }, '{"user":"p1","status":"RS_OK"}'],
  ['finer than the wire', { currency: 'BTC' }, '{"user":"p1","status":"RS_OK"}'],
  [
    'just as fine as the wire',
    { currency: 'MBCH' },
    '{"user":"p1","status":"RS_OK","currency":"MBCH","balance":12345}',
  ],
  ['in the red', { balanceMinor: -5n }, '{"user":"p1","status":"RS_OK","currency":"EUR","balance":-5000}'],
  [
    'beyond what a float holds',
    { balanceMinor: 10n ** 18n + 1n },
    '{"user":"p1","status":"RS_OK","currency":"EUR","balance":1000000000000000001000}',
  ],
  ['of nobody', { playerExternalId: undefined }, '{"status":"RS_OK"}'],
]

test.each(wallets)('a wallet %s', (_name, change, text) => {
  const { country: _, registeredAt: __, ...wallet } = told
  const answer: Answer = { ...wallet, ...change, verdict: 'OK' }
  expect(renderReply('BET', 'HUB88', answer, undefined)).toBe(text)
})

const requests: readonly Request[] = ['USER_INFO', 'TOKEN_CHECK', 'BALANCE', 'BET', 'WIN', 'ROLLBACK']

test.each(requests)('%s of a switched-off account is told nothing of the player', (request) => {
  const answer: Answer = { ...told, verdict: 'RETRY_LATER', accountDisabled: true }
  expect(renderReply(request, 'HUB88', answer, 'r1')).toBe(
    '{"status":"RS_ERROR_INVALID_PARTNER","request_uuid":"r1"}',
  )
  expect(renderReply(request, 'CALETA', answer, 'r1')).toBe(
    '{"status":"RS_ERROR_UNKNOWN","request_uuid":"r1"}',
  )
})

test('a bad request is one of syntax or of types; a fault says nothing of any other verdict', () => {
  expect(statusOf('HUB88', 'BET', { verdict: 'BAD_REQUEST', fault: 'SYNTAX' })).toBe('RS_ERROR_WRONG_SYNTAX')
  expect(statusOf('HUB88', 'BET', { verdict: 'BAD_REQUEST', fault: 'TYPE' })).toBe('RS_ERROR_WRONG_TYPES')
  expect(statusOf('HUB88', 'BET', { verdict: 'FUNDS', fault: 'SYNTAX' })).toBe('RS_ERROR_NOT_ENOUGH_MONEY')
})

test('a replay of a replay, or of nothing, may be asked again', () => {
  for (const first of ['REPLAY', undefined] as const) {
    const answer = first === undefined ? {} : { first }
    expect(statusOf('CALETA', 'ROLLBACK', { verdict: 'REPLAY', ...answer })).toBe('RS_ERROR_UNKNOWN')
  }
})
