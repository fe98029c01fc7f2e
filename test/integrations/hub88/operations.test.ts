import { describe, expect, test } from 'vitest'
import { operations, type Request } from '../../../src/integrations/hub88/operations.ts'
import { parseCall } from '../../../src/integrations/hub88/parse.ts'
import type { Family } from '../../../src/integrations/hub88/statuses.ts'
import { Fields } from '../../../src/integrations/fields.ts'
import { parseJson } from '../../../src/integrations/strict-json.ts'
import { fingerprint, sha256 } from '../../../src/lib/fingerprint.ts'
import { openAccount, receivedCall } from '../../support/received-call.ts'

const token = 'game-token'
const tokenHash = sha256(token)
const read = { request_uuid: 'r1', token, user: 'p1' }
const rollback = {
  ...read,
  transaction_uuid: 't1',
  reference_transaction_uuid: 't0',
  round: 'round',
  round_closed: true,
  game_code: 'book',
}
const bet = {
  request_uuid: 'r1',
  token,
  user: 'p1',
  transaction_uuid: 't1',
  round: 'round',
  round_closed: false,
  game_code: 'book',
  amount: 356_000,
  currency: 'EUR',
  is_free: false,
}
const win = { ...bet, reference_transaction_uuid: 't0' }
const bodies: Readonly<Record<Request, object>> = {
  USER_INFO: read,
  TOKEN_CHECK: read,
  BALANCE: read,
  BET: bet,
  WIN: win,
  ROLLBACK: rollback,
}

const parse = (
  request: Request,
  body: object | string,
  family: Family = 'HUB88',
  headers: Readonly<Record<string, string>> = {},
) => parseCall(request, family, receivedCall(body, { headers }), openAccount({ freeWinsTo: 'BONUS' }))

const refusedFor = (field: string) => ({
  kind: 'REFUSED',
  answer: { verdict: 'BAD_REQUEST', fault: 'TYPE', field },
  field,
})

/** What every command of these bodies has. */
const common = {
  scopeId: 'account',
  brandId: 'brand',
  providerAccountId: 'account',
  providerId: 'provider',
  transactionKey: 't1',
  tokenHash,
  playerExternalId: 'p1',
  roundKey: 'round',
  actor: { kind: 'PROVIDER_ACCOUNT', id: 'account' },
  trace: 'request',
  receivedAt: new Date(1_000),
}

test('what is read names the player, the token, or both', () => {
  expect(parse('USER_INFO', read).operation).toEqual({ kind: 'PLAYER', playerExternalId: 'p1' })
  expect(parse('TOKEN_CHECK', { token }, 'CALETA').operation).toEqual({
    kind: 'CHECK_TOKEN',
    tokenHash,
    token,
  })
  const balance = { kind: 'BALANCE', tokenHash, playerExternalId: 'p1' }
  expect(parse('BALANCE', read).operation).toEqual(balance)
  expect(parse('BALANCE', read, 'CALETA').operation).toEqual(balance)
  const { user: _, ...nameless } = read
  expect(parse('BALANCE', nameless, 'CALETA').operation).toStrictEqual({ kind: 'BALANCE', tokenHash })
})

test('a bet, a win and a rollback are these commands, under fingerprints that never change', () => {
  expect(parse('BET', bet).operation).toStrictEqual({
    kind: 'COMMAND',
    command: {
      ...common,
      kind: 'BET',
      gameCode: 'book',
      amountMinor: 356n,
      currency: 'EUR',
      betKind: 'REAL',
      closesRound: false,
      fingerprint: fingerprint(['BET', 'p1', 'round', 'book', 356n, 'EUR', null, false]),
    },
  })
  expect(parse('WIN', { ...win, jackpot_win: 56_000, is_free: true }).operation).toStrictEqual({
    kind: 'COMMAND',
    command: {
      ...common,
      kind: 'WIN',
      amountMinor: 356n,
      currency: 'EUR',
      jackpotMinor: 56n,
      referenceKey: 't0',
      freeWinsTo: 'BONUS',
      closesRound: false,
      fingerprint: fingerprint(['WIN', 'p1', 'round', 'book', 356n, 'EUR', 't0', true]),
    },
  })
  expect(parse('ROLLBACK', rollback).operation).toStrictEqual({
    kind: 'COMMAND',
    command: {
      ...common,
      kind: 'ROLLBACK',
      referenceKey: 't0',
      afterWin: 'REVERSE_REFERENCED',
      closesRound: true,
      fingerprint: fingerprint(['ROLLBACK', 'p1', 'round', 'book', null, null, 't0', false]),
    },
  })
})

const printOf = (...given: Parameters<typeof parse>) => {
  const { operation } = parse(...given)
  if (operation.kind !== 'COMMAND') throw new Error(`expected a command, got ${JSON.stringify(operation)}`)
  return operation.command.fingerprint
}

test('a rollback without is_free is one of real money', () => {
  expect(printOf('ROLLBACK', { ...rollback, is_free: false })).toEqual(printOf('ROLLBACK', rollback))
  expect(printOf('ROLLBACK', { ...rollback, is_free: true })).toEqual(
    fingerprint(['ROLLBACK', 'p1', 'round', 'book', null, null, 't0', true]),
  )
})

test('the alias of Caleta tells calls apart only where nobody is named, and is nothing to Hub88', () => {
  const { user: _, ...nameless } = { ...bet, supplier_user: 'alias' }
  expect(printOf('BET', nameless, 'CALETA')).toEqual(
    fingerprint(['BET', 'alias', 'round', 'book', 356n, 'EUR', null, false]),
  )
  expect(printOf('BET', { ...nameless, user: 'p1' }, 'CALETA')).toEqual(printOf('BET', bet))
  expect(parse('BET', { ...bet, user: 5, supplier_user: 'alias' }, 'CALETA').operation).toEqual(
    refusedFor('user'),
  )
})

/** Each field that must be there, of what it is, and something that it is not. */
const wrong = { text: 5, flag: 'true', natural: '356000' } as const
const needed: readonly (readonly [Request, readonly (readonly [string, keyof typeof wrong])[]])[] = [
  [
    'USER_INFO',
    [
      ['request_uuid', 'text'],
      ['user', 'text'],
    ],
  ],
  ['TOKEN_CHECK', [['token', 'text']]],
  [
    'BALANCE',
    [
      ['request_uuid', 'text'],
      ['token', 'text'],
      ['user', 'text'],
    ],
  ],
  [
    'BET',
    [
      ['request_uuid', 'text'],
      ['token', 'text'],
      ['user', 'text'],
      ['transaction_uuid', 'text'],
      ['round', 'text'],
      ['round_closed', 'flag'],
      ['game_code', 'text'],
      ['amount', 'natural'],
      ['currency', 'text'],
      ['is_free', 'flag'],
    ],
  ],
  [
    'WIN',
    [
      ['reference_transaction_uuid', 'text'],
      ['game_code', 'text'],
      ['amount', 'natural'],
      ['is_free', 'flag'],
    ],
  ],
  [
    'ROLLBACK',
    [
      ['reference_transaction_uuid', 'text'],
      ['game_code', 'text'],
      ['round_closed', 'flag'],
    ],
  ],
]

describe.each(needed)('%s', (request, fields) => {
  test.each(fields)('needs its %s, and that as a %s', (field, kind) => {
    const body = bodies[request]
    expect(parse(request, { ...body, [field]: undefined }).operation).toEqual(refusedFor(field))
    expect(parse(request, { ...body, [field]: wrong[kind] }).operation).toEqual(refusedFor(field))
    if (kind === 'text') expect(parse(request, { ...body, [field]: '' }).operation).toEqual(refusedFor(field))
  })
})

test.each([
  ['BET', { is_supplier_promo: 1 }, 'is_supplier_promo'],
  ['ROLLBACK', { is_free: 'no' }, 'is_free'],
  ['WIN', { jackpot_win: '1' }, 'jackpot_win'],
] as const)('%s with %o is refused for what it need not have', (request, change, field) => {
  expect(parse(request, { ...bodies[request], ...change }).operation).toEqual(refusedFor(field))
})

test('a token may have 1024 bytes, every other text 128', () => {
  for (const request of ['TOKEN_CHECK', 'BALANCE', 'BET'] as const) {
    const of = (length: number) => parse(request, { ...bodies[request], token: 'x'.repeat(length) }).operation
    expect(of(1024).kind).not.toBe('REFUSED')
    expect(of(1025)).toEqual(refusedFor('token'))
  }
  expect(parse('BET', { ...bet, round: 'x'.repeat(128) }).operation.kind).toBe('COMMAND')
  expect(parse('BET', { ...bet, round: 'x'.repeat(129) }).operation).toEqual(refusedFor('round'))
})

describe('an amount', () => {
  const change = (currency: string, amount: string) =>
    JSON.stringify({ ...bet, currency }).replace('356000', amount)
  test.each([
    ['EUR', '0', 0n],
    ['EUR', '1000', 1n],
    ['JPY', '100000', 1n],
    ['MBCH', '1', 1n],
    ['EUR', '1000000000000000000', 10n ** 15n],
  ])('in %s of %s is %s of its minor units', (currency, amount, amountMinor) => {
    expect(parse('BET', change(currency, amount)).operation).toMatchObject({ command: { amountMinor } })
  })

  test.each([
    ['EUR', '999'],
    ['JPY', '1000'],
    ['EUR', '1000000000000001000'],
    ['EUR', '-1000'],
    ['EUR', '1000.0'],
    ['EUR', '1e3'],
  ])('in %s of %s is refused', (currency, amount) => {
    expect(parse('BET', change(currency, amount)).operation).toEqual(refusedFor('amount'))
  })

  test.each(['BTC', 'EURO', 'eur'])('in %s is refused for its currency', (currency) => {
    expect(parse('WIN', { ...win, currency }).operation).toEqual({
      kind: 'REFUSED',
      answer: { verdict: 'CURRENCY', field: 'currency' },
      field: 'currency',
    })
  })
})

const complaint = (request: Request, body: object) => () =>
  operations[request]({
    family: 'HUB88',
    fields: new Fields(parseJson(Buffer.from(JSON.stringify(body)))),
    call: receivedCall(body),
    account: openAccount(),
    providerTime: undefined,
  })

test.each([
  ['CURRENCY', 'BTC has more decimal places than this dialect can carry', 'currency', { currency: 'BTC' }],
  ['TYPE', 'amount is not one that the currency can hold', 'amount', { amount: 999 }],
  ['TYPE', 'jackpot_win is not a part of the amount', 'jackpot_win', { jackpot_win: 357_000 }],
  ['TYPE', 'jackpot_win is not a part of the amount', 'jackpot_win', { jackpot_win: 999 }],
])('a problem %s says "%s"', (code, message, field, change) => {
  expect(complaint('WIN', { ...win, ...change })).toThrow(expect.objectContaining({ code, message, field }))
})

test('the time of the provider is of its header, and part of the command', () => {
  const at = new Date('2023-01-17T08:13:17.985Z')
  const timed = parse('BET', bet, 'HUB88', { 'x-msg-timestamp': '2023-01-17 08:13:17.985795+00:00' })
  expect(timed).toMatchObject({ providerTime: at, operation: { command: { providerTime: at } } })
  const untimed = parse('BET', bet, 'HUB88', { 'x-msg-timestamp': 'now' })
  expect(untimed).not.toHaveProperty('providerTime')
  expect(untimed).not.toHaveProperty('operation.command.providerTime')
})
