import { expect, test } from 'vitest'
import { type Verdict, verdicts } from '../../../src/domain/money/types.ts'
import type { Answer } from '../../../src/integrations/dialect.ts'
import { evolution } from '../../../src/integrations/evolution/evolution.ts'
import type { Request } from '../../../src/integrations/evolution/operations.ts'
import { renderReply } from '../../../src/integrations/evolution/render.ts'
import { statusOf } from '../../../src/integrations/evolution/statuses.ts'

const movements = ['DEBIT', 'CREDIT', 'CANCEL', 'PROMO_PAYOUT'] as const
const requests: readonly Request[] = ['CHECK', 'BALANCE', ...movements]
const withoutReplay = verdicts.filter((verdict) => verdict !== 'REPLAY')

const render = (request: Request, answer: Answer, uuid?: string) => {
  const { status, text } = renderReply(request, answer, uuid)
  return { status, body: JSON.parse(text) as Record<string, unknown>, text }
}

test('a debit is told what stopped it', () => {
  const told = Object.fromEntries(withoutReplay.map((verdict) => [verdict, statusOf('DEBIT', { verdict })]))
  expect(told).toEqual({
    OK: 'OK',
    FUNDS: 'INSUFFICIENT_FUNDS',
    LIMIT: 'CASINO_LIMIT_EXCEEDED_STAKE',
    PLAYER_BLOCKED: 'ACCOUNT_LOCKED',
    PLAYER_UNKNOWN: 'INVALID_SID',
    SESSION_INVALID: 'INVALID_SID',
    SESSION_EXPIRED: 'INVALID_SID',
    CURRENCY: 'INVALID_PARAMETER',
    GAME: 'INVALID_PARAMETER',
    DUPLICATE_CONFLICT: 'INVALID_PARAMETER',
    REFERENCE_UNKNOWN: 'BET_DOES_NOT_EXIST',
    REFERENCE_ROLLED_BACK: 'BET_ALREADY_SETTLED',
    ALREADY_SETTLED: 'BET_ALREADY_SETTLED',
    TOMBSTONED: 'FINAL_ERROR_ACTION_FAILED',
    BAD_SIGNATURE: 'INVALID_TOKEN_ID',
    BAD_REQUEST: 'INVALID_PARAMETER',
    RETRY_LATER: 'TEMPORARY_ERROR',
  })
})

const onlyBets: readonly Verdict[] = ['FUNDS', 'LIMIT', 'PLAYER_BLOCKED', 'SESSION_EXPIRED', 'GAME']

test('what only stops debits never ends the retries of what pays or gives back', () => {
  for (const request of ['CREDIT', 'CANCEL', 'PROMO_PAYOUT'] as const) {
    const told = onlyBets.map((verdict) => statusOf(request, { verdict }))
    expect(new Set(told)).toEqual(new Set(['TEMPORARY_ERROR']))
  }
})

test('only OK is OK: nothing else may have moved money', () => {
  for (const request of requests) {
    expect(withoutReplay.filter((verdict) => statusOf(request, { verdict }) === 'OK')).toEqual(['OK'])
  }
})

test('what was done before is told as such; a refusal is repeated', () => {
  const again = movements.map((request) => statusOf(request, { verdict: 'REPLAY', first: 'OK' }))
  expect(again).toEqual(['BET_ALREADY_EXIST', 'OK', 'BET_ALREADY_SETTLED', 'OK'])
  for (const request of movements) {
    for (const first of withoutReplay.filter((verdict) => verdict !== 'OK')) {
      expect(statusOf(request, { verdict: 'REPLAY', first })).toBe(statusOf(request, { verdict: first }))
    }
    expect(statusOf(request, { verdict: 'REPLAY' })).toBe('TEMPORARY_ERROR')
  }
})

test.each([
  ['STAKE_PER_BET', 'CASINO_LIMIT_EXCEEDED_STAKE'],
  ['STAKE_PER_ROUND', 'CASINO_LIMIT_EXCEEDED_STAKE'],
  ['STAKE', 'CASINO_LIMIT_EXCEEDED_TURNOVER'],
  ['LOSS', 'CASINO_LIMIT_EXCEEDED_LOSS'],
] as const)('a limit on %s is told as %s, the first time and again', (kind, status) => {
  const limit = { level: 'BRAND', kind } as const
  expect(statusOf('DEBIT', { verdict: 'LIMIT', limit })).toBe(status)
  expect(statusOf('DEBIT', { verdict: 'REPLAY', first: 'LIMIT', limit })).toBe(status)
})

test('HTTP says 401 for a wrong token, 400 for a wrong parameter and 200 for all else', () => {
  for (const request of requests) {
    for (const verdict of verdicts) {
      const { status, body } = render(request, { verdict })
      const expected = { INVALID_TOKEN_ID: 401, INVALID_PARAMETER: 400 }[String(body['status'])] ?? 200
      expect({ request, verdict, status }).toEqual({ request, verdict, status: expected })
    }
  }
})

test('what may be asked again says so, and nothing else does', () => {
  const off = render('DEBIT', { verdict: 'RETRY_LATER', accountDisabled: true }, 'u1')
  expect(off.text).toBe('{"status":"TEMPORARY_ERROR","uuid":"u1","retransmission":true}')
  for (const verdict of withoutReplay) {
    const { body } = render('CREDIT', { verdict })
    expect(body['retransmission']).toBe(body['status'] === 'TEMPORARY_ERROR' ? true : undefined)
  }
})

const told = { playerExternalId: 'p1', balanceMinor: 123_456n, bonusMinor: 456n, currency: 'EUR' }

test('balance is the cash and bonus the bonus money, digit by digit with six decimal places', () => {
  expect(renderReply('DEBIT', { ...told, verdict: 'OK' }, 'u1').text).toBe(
    '{"status":"OK","balance":1230.000000,"bonus":4.560000,"uuid":"u1"}',
  )
  const amounts = [
    { currency: 'JPY', text: '123000.000000' },
    { currency: 'KWD', text: '123.000000' },
    { currency: 'MBCH', text: '1.230000' },
  ]
  for (const { currency, text } of amounts) {
    expect(renderReply('BALANCE', { ...told, currency, verdict: 'OK' }, undefined).text).toContain(
      `"balance":${text}`,
    )
  }
  const large = { ...told, balanceMinor: 10n ** 18n + 1n, bonusMinor: 0n, verdict: 'OK' } as const
  expect(renderReply('BALANCE', large, undefined).text).toContain('"balance":10000000000000000.010000')
})

test('a refusal tells the true balance; a conflict and an uncertain outcome tell none', () => {
  expect(render('DEBIT', { ...told, verdict: 'FUNDS' }).body).toMatchObject({ balance: 1230, bonus: 4.56 })
  for (const verdict of ['DUPLICATE_CONFLICT', 'RETRY_LATER'] as const) {
    expect(render('DEBIT', { ...told, verdict }).body).not.toHaveProperty('balance')
  }
})

test('a balance that the wire cannot carry is left out, and the reply is still rendered', () => {
  expect(render('DEBIT', { ...told, currency: 'BTC', verdict: 'OK' }).body).toEqual({ status: 'OK' })
  expect(render('DEBIT', { ...told, currency: '???', verdict: 'OK' }).body).toEqual({ status: 'OK' })
})

test('a check is answered with the same session and without a balance', () => {
  expect(render('CHECK', { ...told, verdict: 'OK', token: 'gt_1' }, 'u1').text).toBe(
    '{"status":"OK","sid":"gt_1","uuid":"u1"}',
  )
  expect(render('CHECK', { verdict: 'SESSION_INVALID' }).text).toBe('{"status":"INVALID_SID"}')
})

test('the dialect has six paths, all of them POST, and counts what six decimal places can', () => {
  const paths = ['/check', '/balance', '/debit', '/credit', '/cancel', '/promo_payout']
  expect(paths.map((path) => evolution.route('POST', path)?.operation)).toEqual(requests)
  expect(evolution.route('GET', '/balance')).toBeUndefined()
  expect(evolution.route('POST', '/transaction/bet')).toBeUndefined()
  expect(['EUR', 'JPY', 'MBCH', 'BTC', '???'].map(evolution.canCount)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})
