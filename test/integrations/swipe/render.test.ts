import { describe, expect, test } from 'vitest'
import { type Verdict, verdicts } from '../../../src/domain/money/types.ts'
import type { Answer } from '../../../src/integrations/dialect.ts'
import { renderBalance, renderMovement } from '../../../src/integrations/swipe/render.ts'

const known = { balanceMinor: 1_050n, currency: 'EUR', transactionId: 'ours' }
const told = '{"balance":"10.50","txID":"ours"}'

/** Status and code of each verdict: for a bet, then for a win, then for a refund. */
const statuses: Readonly<Record<Exclude<Verdict, 'REPLAY'>, readonly [string, string, string]>> = {
  OK: ['200', '200', '200'],
  FUNDS: ['400 insufficient_funds', '500', '500'],
  LIMIT: ['400 bet_limit', '500', '500'],
  PLAYER_BLOCKED: ['400 account_blocked', '500', '500'],
  PLAYER_UNKNOWN: ['404 session_not_found', '404 session_not_found', '404 session_not_found'],
  SESSION_INVALID: ['404 session_not_found', '404 session_not_found', '404 session_not_found'],
  SESSION_EXPIRED: ['400 session_expired', '500', '500'],
  CURRENCY: ['400 currency_not_supported', '400 currency_not_supported', '400 currency_not_supported'],
  GAME: ['400 game_not_found', '500', '500'],
  DUPLICATE_CONFLICT: ['400', '400', '400'],
  REFERENCE_UNKNOWN: ['400', '400', '400'],
  REFERENCE_ROLLED_BACK: ['400', '400', '200'],
  ALREADY_SETTLED: ['400', '400', '200'],
  TOMBSTONED: ['400', '400', '200'],
  BAD_SIGNATURE: ['401', '401', '401'],
  BAD_REQUEST: ['400', '400', '400'],
  RETRY_LATER: ['500', '500', '500'],
}

const statusOf = ({ status, text }: { status: number; text: string }) => {
  const { code } = JSON.parse(text) as { code?: string }
  return code === undefined ? String(status) : `${status} ${code}`
}

describe.each(verdicts.filter((verdict) => verdict !== 'REPLAY'))('%s', (verdict) => {
  test('is told as it should be, the first time and again', () => {
    const answers: Answer[] = [
      { ...known, verdict },
      { ...known, verdict: 'REPLAY', first: verdict },
    ]
    for (const answer of answers) {
      const replies = (['BET', 'WIN', 'ROLLBACK'] as const).map((movement) =>
        renderMovement(movement, answer),
      )
      expect(replies.map(statusOf)).toEqual(statuses[verdict])
      for (const { status, text } of replies) {
        if (status === 200) expect(text).toBe(told)
        else expect(JSON.parse(text)).toMatchObject({ message: expect.any(String), details: answer.verdict })
      }
    }
  })
})

test('a limit on losses is told apart from those on stakes, the first time and again', () => {
  const codes = (['LOSS', 'STAKE', 'STAKE_PER_BET', 'STAKE_PER_ROUND'] as const).map((kind) => {
    const limit = { level: 'PLAYER', kind } as const
    const answers: Answer[] = [
      { verdict: 'LIMIT', limit },
      { verdict: 'REPLAY', first: 'LIMIT', limit },
    ]
    return answers.map((answer) => statusOf(renderMovement('BET', answer))).join()
  })
  const [loss, ...stakes] = codes
  expect(loss).toBe('400 loss_limit,400 loss_limit')
  expect(new Set(stakes)).toEqual(new Set(['400 bet_limit,400 bet_limit']))
})

test('a success without a wallet still has the fields that it must have', () => {
  expect(renderMovement('ROLLBACK', { verdict: 'OK' }).text).toBe('{"balance":"0","txID":""}')
  const strange: Answer = { verdict: 'OK', ...known, currency: 'ABC' }
  expect(renderMovement('BET', strange).text).toBe('{"balance":"0","txID":"ours"}')
})

test('a balance is told alone, and never when it is not known', () => {
  expect(renderBalance({ verdict: 'OK', ...known })).toEqual({ status: 200, text: '{"balance":"10.50"}' })
  expect(statusOf(renderBalance({ verdict: 'OK' }))).toBe('500')
  expect(statusOf(renderBalance({ verdict: 'SESSION_INVALID' }))).toBe('404 session_not_found')
  expect(statusOf(renderBalance({ verdict: 'RETRY_LATER', accountDisabled: true }))).toBe('500')
})

test('the field at fault is told, and the player is offered to come back to an expired session', () => {
  const refusal = renderMovement('BET', { verdict: 'BAD_REQUEST', fault: 'TYPE', field: 'amount' })
  expect(JSON.parse(refusal.text)).toEqual({
    message: 'The request cannot be accepted',
    details: 'BAD_REQUEST: amount',
  })
  const expired = JSON.parse(renderMovement('BET', { verdict: 'SESSION_EXPIRED' }).text) as object
  expect(expired).toMatchObject({ code: 'session_expired', action: 'refresh' })
})
