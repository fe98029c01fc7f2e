import { expect, test } from 'vitest'
import { type Verdict, verdicts } from '../../../src/domain/money/types.ts'
import { renderReply } from '../../../src/integrations/hub88/render.ts'
import { statusOf } from '../../../src/integrations/hub88/statuses.ts'

const families = ['HUB88', 'CALETA'] as const

/** Answers after which the provider never sends a win or a rollback again. */
const endsRetries = [
  'INVALID_TOKEN',
  'INVALID_GAME',
  'USER_DISABLED',
  'WRONG_CURRENCY',
  'DUPLICATE_TRANSACTION',
  'TRANSACTION_DOES_NOT_EXIST',
  'TRANSACTION_ROLLED_BACK',
].map((name) => `RS_ERROR_${name}`)

const onlyBets: readonly Verdict[] = ['FUNDS', 'LIMIT', 'PLAYER_BLOCKED', 'SESSION_EXPIRED', 'GAME']

test('what only stops bets never ends the retries of a win or a rollback', () => {
  for (const family of families) {
    for (const verdict of onlyBets) {
      expect(endsRetries).not.toContain(statusOf(family, 'WIN', { verdict }))
      expect(endsRetries).not.toContain(statusOf(family, 'ROLLBACK', { verdict }))
    }
  }
})

test('only OK is RS_OK for a bet and a win: nothing else may have moved money', () => {
  for (const kind of ['BET', 'WIN'] as const) {
    const fine = verdicts.filter((verdict) => statusOf('HUB88', kind, { verdict }) === 'RS_OK')
    expect(fine).toEqual(['OK'])
  }
})

test('a replay is answered as the first call was', () => {
  for (const first of verdicts.filter((verdict) => verdict !== 'REPLAY')) {
    expect(statusOf('CALETA', 'BET', { verdict: 'REPLAY', first })).toBe(
      statusOf('CALETA', 'BET', { verdict: first }),
    )
  }
  expect(statusOf('HUB88', 'BET', { verdict: 'REPLAY' })).toBe('RS_ERROR_UNKNOWN')
})

test('each family has its own word for a limit and for a switched-off account', () => {
  const limit = families.map((family) => statusOf(family, 'BET', { verdict: 'LIMIT' }))
  expect(limit).toEqual(['RS_ERROR_LIMIT_REACHED', 'RS_ERROR_BET_LIMIT_EXCEEDED'])
  const off = families.map((family) =>
    statusOf(family, 'WIN', { verdict: 'RETRY_LATER', accountDisabled: true }),
  )
  expect(off).toEqual(['RS_ERROR_INVALID_PARTNER', 'RS_ERROR_UNKNOWN'])
})

const answer = { playerExternalId: 'p1', balanceMinor: 123n, currency: 'EUR' }

test('a conflict tells nothing of the player that the id belongs to', () => {
  expect(renderReply('BET', 'HUB88', { ...answer, verdict: 'DUPLICATE_CONFLICT' }, 'r1')).toBe(
    '{"status":"RS_ERROR_DUPLICATE_TRANSACTION","request_uuid":"r1"}',
  )
})

test('a balance that the wire cannot carry is left out, and the reply is still rendered', () => {
  const text = renderReply('BET', 'HUB88', { ...answer, currency: 'BTC', verdict: 'FUNDS' }, 'r1')
  expect(text).toBe('{"user":"p1","status":"RS_ERROR_NOT_ENOUGH_MONEY","request_uuid":"r1"}')
})

test('every verdict renders for every request of either family', () => {
  const requests = ['USER_INFO', 'TOKEN_CHECK', 'BALANCE', 'BET', 'WIN', 'ROLLBACK'] as const
  for (const family of families) {
    for (const request of requests) {
      for (const verdict of verdicts) {
        const text = renderReply(request, family, { verdict, token: 't' }, undefined)
        expect(JSON.parse(text)).toMatchObject(
          text.includes('token') ? { token: 't' } : { status: expect.stringMatching(/^RS_/) },
        )
      }
    }
  }
})
