import { expect, test } from 'vitest'
import { hub88Report } from '../../../src/integrations/hub88/report.ts'

const whole = {
  transaction_uuid: 't1',
  kind: 'TK_BET',
  status: 'TS_SUCCESS',
  user: 'ada',
  round: 'r1',
  game_code: 'book',
  currency: 'EUR',
  amount: '123000',
  created_at: '2026-11-01T10:00:00.123Z',
}

type Change = Partial<Record<keyof typeof whole, string | undefined>>

const read = (change: Change = {}) =>
  hub88Report.read(
    new Map(
      Object.entries({ ...whole, ...change }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
  )

test('the columns of a report, and that of its key', () => {
  expect(hub88Report.keyColumn).toBe('transaction_uuid')
  expect(hub88Report.columns).toEqual([
    'transaction_uuid',
    'kind',
    'status',
    'user',
    'round',
    'currency',
    'amount',
    'created_at',
  ])
})

test.each([
  ['TK_BET', 'BET'],
  ['TK_FREE_BET', 'BET'],
  ['TK_NEG_BET', 'OTHER'],
  ['TK_WIN', 'WIN'],
  ['TK_FREE_WIN', 'WIN'],
  ['TK_JP_WIN', 'WIN'],
  ['TK_BONUS_WIN', 'WIN'],
  ['TK_ROLLBACK', 'ROLLBACK'],
])('%s is a %s', (kind, told) => {
  expect(read({ kind }).kind).toBe(told)
})

test.each([
  ['TS_SUCCESS', 'SUCCESS'],
  ['TS_DECLINED', 'DECLINED'],
  ['TS_ROLLEDBACK', 'ROLLED_BACK'],
  ['TS_RETRY_ATTEMPTS_LIMIT_EXCEEDED', 'UNDELIVERED'],
])('%s is %s', (status, told) => {
  expect(read({ status }).status).toBe(told)
})

test('a rollback may lack amount and currency, each or both; nothing else may', () => {
  const rollback = { kind: 'TK_ROLLBACK' }
  expect(read(rollback)).toMatchObject({ amount: '1.23', amountMinor: 123n, currency: 'EUR' })
  expect(read({ ...rollback, amount: undefined })).toMatchObject({
    amount: null,
    amountMinor: null,
    currency: 'EUR',
  })
  expect(read({ ...rollback, currency: undefined })).toMatchObject({
    amount: '1.23',
    amountMinor: null,
    currency: null,
  })
  expect(read({ ...rollback, currency: undefined, amount: undefined })).toMatchObject({
    amount: null,
    amountMinor: null,
    currency: null,
  })
})

const long = 'x'.repeat(129)
const integer = 'amount is not an integer in units of 0.00001'
const faults: readonly (readonly [keyof typeof whole, string | undefined, string])[] = [
  ['kind', undefined, 'kind is missing'],
  ['kind', `TK_${'X'.repeat(60)}`, `kind "TK_${'X'.repeat(37)}" is not known`],
  ['status', undefined, 'status is missing'],
  ['status', 'TS_OK', 'status "TS_OK" is not known'],
  ['currency', undefined, 'currency is missing'],
  ['currency', 'E', 'currency is no currency code'],
  ['currency', 'EUR ', 'currency is no currency code'],
  ['currency', ' EUR', 'currency is no currency code'],
  ['currency', 'X'.repeat(13), 'currency is no currency code'],
  ['transaction_uuid', undefined, 'transaction_uuid is missing'],
  ['transaction_uuid', long, 'transaction_uuid is too long or not well-formed'],
  ['transaction_uuid', 'a\0', 'transaction_uuid is too long or not well-formed'],
  ['created_at', undefined, 'created_at is missing'],
  ['created_at', 'yesterday', 'created_at is not a moment'],
  ['amount', undefined, integer],
  ['amount', '1.5', integer],
  ['amount', '01', integer],
  ['amount', '1 ', integer],
  ['amount', ' 1', integer],
  ['amount', '+1', integer],
  ['amount', '9'.repeat(24), integer],
]

test.each(faults)('a %s of %j makes the line unreadable: %s', (field, value, message) => {
  expect(() => read({ [field]: value })).toThrow(
    expect.objectContaining({ code: 'REPORT_LINE', message, field }),
  )
})

test('a rollback with a currency or an amount has ones that can be read', () => {
  const kind = 'TK_ROLLBACK'
  expect(() => read({ kind, currency: '?' })).toThrow(expect.objectContaining({ field: 'currency' }))
  expect(() => read({ kind, amount: '?' })).toThrow(expect.objectContaining({ field: 'amount' }))
})

test.each([
  ['0', '0.00', 0n],
  ['1', '0.00001', null],
  ['-1000', '-0.01', -1n],
  ['1000', '0.01', 1n],
  ['120000', '1.20', 120n],
  ['-123456', '-1.23456', null],
  ['9'.repeat(23), `${'9'.repeat(18)}.99999`, null],
])('an amount of %s is %s, exactly', (amount, decimal, amountMinor) => {
  expect(read({ amount })).toMatchObject({ amount: decimal, amountMinor })
})

test('what is only shown to people is cut to 128 characters, none of them NUL or half of one', () => {
  expect(read({ user: long, round: 'a\0b\0c', game_code: `${'x'.repeat(127)}😀` })).toMatchObject({
    player: 'x'.repeat(128),
    round: 'abc',
    game: `${'x'.repeat(127)}\ufffd`,
  })
  expect(read({ user: undefined, round: undefined, game_code: undefined })).toMatchObject({
    player: null,
    round: null,
    game: null,
  })
})
