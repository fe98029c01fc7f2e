import { expect, test } from 'vitest'
import type { Request } from '../../../src/integrations/hub88/operations.ts'
import { echoOf, parseCall } from '../../../src/integrations/hub88/parse.ts'
import type { Family } from '../../../src/integrations/hub88/statuses.ts'
import { openAccount, receivedCall } from '../../support/received-call.ts'

const parse = (
  request: Request,
  body: object | string,
  family: Family = 'HUB88',
  headers: Readonly<Record<string, string>> = {},
) => parseCall(request, family, receivedCall(body, { headers }), openAccount())

const refusedFor = (field: string) => ({
  kind: 'REFUSED',
  answer: { verdict: 'BAD_REQUEST', fault: 'TYPE', field },
  field,
})

const token = 'game-token'

test('what a call does not say is not known of it', () => {
  expect(parse('BET', {})).toStrictEqual({ secrets: [], operation: refusedFor('request_uuid') })
  expect(parse('TOKEN_CHECK', {}, 'CALETA')).toStrictEqual({ secrets: [], operation: refusedFor('token') })
  expect(parse('BET', { request_uuid: 'r1', transaction_uuid: 5, token: '' })).toStrictEqual({
    attemptKey: 'r1',
    secrets: [],
    operation: refusedFor('game_code'),
  })
  expect(parse('BET', { request_uuid: 5, transaction_uuid: 't1', token })).toStrictEqual({
    transactionKey: 't1',
    secrets: [token],
    operation: refusedFor('request_uuid'),
  })
})

test('a body that is not JSON is refused as such, with the time that its header says', () => {
  const headers = { 'x-msg-timestamp': '2023-01-17T08:13:17Z' }
  const refused = { kind: 'REFUSED', answer: { verdict: 'BAD_REQUEST', fault: 'SYNTAX' } }
  expect(parse('BET', '{', 'HUB88', headers)).toStrictEqual({
    providerTime: new Date('2023-01-17T08:13:17.000Z'),
    secrets: [],
    operation: refused,
  })
  expect(parse('BET', '{"token":"a","token":"b"}')).toStrictEqual({ secrets: [], operation: refused })
})

test('the attempt is echoed from whatever can be read', () => {
  expect(echoOf(Buffer.from('{"request_uuid":"r1","more":[]}'))).toBe('r1')
  for (const text of ['{"request_uuid":5}', '{}', '[]', 'nonsense', '']) {
    expect(echoOf(Buffer.from(text))).toBeUndefined()
  }
})
