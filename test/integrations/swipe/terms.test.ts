import { describe, expect, test } from 'vitest'
import type { SessionTerms } from '../../../src/domain/sessions/session-terms.ts'
import { Fields } from '../../../src/integrations/fields.ts'
import { parseJson } from '../../../src/integrations/strict-json.ts'
import { commandOf } from '../../../src/integrations/swipe/commands.ts'
import { parseBalance, parseMovement } from '../../../src/integrations/swipe/parse.ts'
import { type Movement, readTerms } from '../../../src/integrations/swipe/terms.ts'
import { fingerprint, sha256 } from '../../../src/lib/fingerprint.ts'
import { openAccount, receivedCall } from '../../support/received-call.ts'

const account = openAccount({ dialect: 'swipe', freeWinsTo: 'BONUS' })
const tokenHash = sha256('s')
const play = { sessionID: 's', txID: 't1', amount: '12.50', roundID: 'r', type: 'regular' }
const refund = { sessionID: 's', txID: 't2', amount: '12.50', origTxID: 't1' }
const bodies = { BET: play, WIN: play, ROLLBACK: refund }

const termsOf = (movement: Movement, body: object) =>
  readTerms(movement, new Fields(parseJson(Buffer.from(JSON.stringify(body)))))

test('what a bet, a win and a refund say', () => {
  const said = { tokenHash, transactionKey: 't1', amount: '12.50', roundId: 'r' }
  expect(termsOf('BET', play)).toStrictEqual({ ...said, movement: 'BET', type: 'regular', ofCampaign: false })
  expect(termsOf('WIN', { ...play, type: 'free', frID: 'f' })).toStrictEqual({
    ...said,
    movement: 'WIN',
    type: 'free',
    ofCampaign: true,
  })
  expect(termsOf('ROLLBACK', refund)).toStrictEqual({
    movement: 'ROLLBACK',
    tokenHash,
    transactionKey: 't2',
    amount: '12.50',
    originalKey: 't1',
    roundId: undefined,
  })
  expect(termsOf('ROLLBACK', { ...refund, roundID: 'r' })).toMatchObject({ roundId: 'r' })
})

const refusedFor = (field: string) => ({
  kind: 'REFUSED',
  answer: { verdict: 'BAD_REQUEST', fault: 'TYPE', field },
  field,
})

const needed: readonly (readonly [Movement, readonly string[]])[] = [
  ['BET', ['sessionID', 'txID', 'amount', 'roundID', 'type']],
  ['WIN', ['sessionID', 'txID', 'amount', 'roundID', 'type']],
  ['ROLLBACK', ['sessionID', 'txID', 'amount', 'origTxID']],
]

describe.each(needed)('%s', (movement, fields) => {
  const refused = (change: object) =>
    parseMovement(movement, receivedCall({ ...bodies[movement], ...change }), account).operation
  test.each(fields)('needs its %s, as a text', (field) => {
    expect(refused({ [field]: undefined })).toEqual(refusedFor(field))
    expect(refused({ [field]: 5 })).toEqual(refusedFor(field))
    expect(refused({ [field]: '' })).toEqual(refusedFor(field))
  })

  test('has texts of up to 128 bytes, and a session of up to 1024', () => {
    expect(refused({ txID: 'x'.repeat(128), sessionID: 'x'.repeat(1024) }).kind).toBe('OF_SESSION')
    expect(refused({ txID: 'x'.repeat(129) })).toEqual(refusedFor('txID'))
    expect(refused({ sessionID: 'x'.repeat(1025) })).toEqual(refusedFor('sessionID'))
  })
})

test.each([
  ['BET', { frID: 5 }, 'frID'],
  ['ROLLBACK', { roundID: 5 }, 'roundID'],
] as const)('%s with %o is refused for what it need not have', (movement, change, field) => {
  const call = receivedCall({ ...bodies[movement], ...change })
  expect(parseMovement(movement, call, account).operation).toEqual(refusedFor(field))
})

test.each(['0', '0.5', '10', '10.0', '120.0500'])('%s is an amount, as it was written', (amount) => {
  expect(termsOf('BET', { ...play, amount })).toMatchObject({ amount })
})

test.each(['-1', '+1', '01', '1.', '.5', '1e3', ' 1', '1 ', '1,5', 'x1', '1x', 'NaN'])(
  '"%s" is no amount',
  (amount) => {
    const message = 'amount is not a plain decimal of zero or more'
    const problem = expect.objectContaining({ code: 'TYPE', message, field: 'amount' })
    expect(() => termsOf('BET', { ...play, amount })).toThrow(problem)
  },
)

test.each(['Regular', 'bonus', 'free '])('"%s" is no type of a round', (type) => {
  const message = 'type is neither regular nor free'
  const problem = expect.objectContaining({ code: 'TYPE', message, field: 'type' })
  expect(() => termsOf('WIN', { ...play, type })).toThrow(problem)
})

test('what a call does not say is not known of it', () => {
  const parse = (body: object | string) => parseMovement('BET', receivedCall(body), account)
  expect(parse({})).toStrictEqual({ secrets: [], operation: refusedFor('sessionID') })
  expect(parse({ sessionID: 5, txID: 't1' })).toStrictEqual({
    transactionKey: 't1',
    secrets: [],
    operation: refusedFor('sessionID'),
  })
  expect(parse({ sessionID: 's', txID: 5 })).toStrictEqual({
    secrets: ['s'],
    operation: refusedFor('txID'),
  })
  expect(parse('{')).toStrictEqual({
    secrets: [],
    operation: { kind: 'REFUSED', answer: { verdict: 'BAD_REQUEST', fault: 'SYNTAX' } },
  })
})

test('a balance needs a session of up to 1024 bytes, and hides every value of its query', () => {
  const ask = (query: string) => parseBalance(receivedCall('', { query }))
  const longest = 'x'.repeat(1024)
  expect(ask(`sessionID=${longest}`).operation).toEqual({ kind: 'BALANCE', tokenHash: sha256(longest) })
  expect(ask(`sessionID=${longest}x`).operation).toEqual(refusedFor('sessionID'))
  expect(ask('')).toStrictEqual({ secrets: [], operation: refusedFor('sessionID') })
  expect(ask('a=1&sessionID=&b').secrets).toEqual(['1', 'b'])
  expect(ask('a=b=c&sessionID=s%2D').secrets).toEqual(['s-', 'b=c', 's%2D'])
})

const session: SessionTerms = { playerId: 'player', currency: 'EUR', gameCode: 'book' }

function command(movement: Movement, change: object = {}, of: SessionTerms | undefined = session) {
  const terms = termsOf(movement, { ...bodies[movement], ...change })
  const operation = commandOf({ terms, call: receivedCall(''), account }, of)
  if (operation.kind !== 'COMMAND') throw new Error(`expected a command, got ${JSON.stringify(operation)}`)
  return operation.command
}

test('fingerprints never change: what was carried out before an update is known after it', () => {
  expect(command('BET').fingerprint).toEqual(fingerprint(['BET', 'regular', 'player', 'r', 1_250n]))
  expect(command('WIN', { type: 'free' }).fingerprint).toEqual(
    fingerprint(['WIN', 'free', 'player', 'r', 1_250n]),
  )
  expect(command('ROLLBACK', { roundID: 'r' }).fingerprint).toEqual(
    fingerprint(['ROLLBACK', 'player', 'r', 1_250n, 't1']),
  )
})

test('a refund without a session has the amount as it was written for a mark, and no whole', () => {
  const terms = termsOf('ROLLBACK', refund)
  expect(commandOf({ terms, call: receivedCall(''), account }, undefined)).toStrictEqual({
    kind: 'COMMAND',
    command: {
      kind: 'ROLLBACK',
      scopeId: 'account',
      brandId: 'brand',
      providerAccountId: 'account',
      providerId: 'provider',
      transactionKey: 't2',
      tokenHash,
      fingerprint: fingerprint(['ROLLBACK', null, null, '12.50', 't1']),
      roundKey: ' ',
      referenceKey: 't1',
      afterWin: 'REVERSE_REFERENCED',
      closesRound: 'WHEN_QUIET',
      actor: { kind: 'PROVIDER_ACCOUNT', id: 'account' },
      trace: 'request',
      receivedAt: new Date(1_000),
    },
  })
})

test('a win of a free round ends it and pays nothing; that of a campaign is a gift', () => {
  const { closesRound, ...free } = { closesRound: undefined, ...command('WIN', { type: 'free', frID: 'f' }) }
  expect([closesRound, free]).toEqual([
    true,
    expect.objectContaining({ kind: 'WIN', amountMinor: 0n, currency: 'EUR' }),
  ])
  expect(free).not.toHaveProperty('freeWinsTo')
  const gift = command('WIN', { frID: 'f' })
  expect(gift).toMatchObject({ kind: 'PROMO', amountMinor: 1_250n, currency: 'EUR', paidTo: 'BONUS' })
  expect(gift).not.toHaveProperty('closesRound')
})

test.each(['BET', 'WIN', 'ROLLBACK'] as const)(
  '%s of what the currency cannot hold is refused',
  (movement) => {
    const terms = termsOf(movement, { ...bodies[movement], amount: '12.505' })
    expect(commandOf({ terms, call: receivedCall(''), account }, session)).toEqual(refusedFor('amount'))
  },
)
