import { expect, test } from 'vitest'
import type { Command } from '../../../src/domain/money/types.ts'
import type { ReceivedCall } from '../../../src/domain/providers/call-row.ts'
import type { OpenAccount } from '../../../src/domain/providers/types.ts'
import type { SessionTerms } from '../../../src/domain/sessions/session-terms.ts'
import { parseBalance, parseMovement } from '../../../src/integrations/swipe/parse.ts'
import type { Movement } from '../../../src/integrations/swipe/terms.ts'
import { sha256 } from '../../../src/lib/fingerprint.ts'
import { betFields, refundFields, winFields } from '../../support/swipe-client.ts'

const account: OpenAccount = {
  id: 'account',
  brandId: 'brand',
  providerId: 'provider',
  code: 'code',
  dialect: 'swipe',
  publicKeys: [],
  secrets: [],
  engineUrl: null,
  freeWinsTo: 'BONUS',
  stuckAfterMinutes: 1440,
  status: 'ENABLED',
  createdAt: new Date(0),
}
const session: SessionTerms = { playerId: 'player', currency: 'EUR', gameCode: 'book' }

const received = (body: string, query = ''): ReceivedCall => ({
  id: 'id',
  method: 'POST',
  path: '/bet',
  query,
  headers: {},
  body: Buffer.from(body),
  receivedAt: new Date(1_000),
  requestId: 'request',
})

const parse = (movement: Movement, fields: object) =>
  parseMovement(movement, received(JSON.stringify(fields)), account)

function completed(movement: Movement, fields: object, terms: SessionTerms | undefined = session) {
  const { operation } = parse(movement, fields)
  if (operation.kind !== 'OF_SESSION') throw new Error(`expected a command, got ${JSON.stringify(operation)}`)
  expect(operation.tokenHash).toEqual(sha256('the session'))
  return operation.complete(terms)
}

function command(...given: Parameters<typeof completed>): Command {
  const operation = completed(...given)
  if (operation.kind !== 'COMMAND') throw new Error(`expected a command, got ${JSON.stringify(operation)}`)
  return operation.command
}

/** `complete(undefined)`, which a default would hide. */
function withoutSession(movement: Movement, fields: object) {
  const { operation } = parse(movement, fields)
  return operation.kind === 'OF_SESSION' ? operation.complete(undefined) : operation
}

const bet = betFields({ token: 'the session' }, { amount: '12.50' })

test('a bet becomes a command in the currency and game of its session', () => {
  expect(command('BET', bet)).toEqual({
    kind: 'BET',
    scopeId: 'account',
    brandId: 'brand',
    providerAccountId: 'account',
    providerId: 'provider',
    transactionKey: bet.txID,
    tokenHash: sha256('the session'),
    fingerprint: expect.any(Buffer),
    roundKey: `${bet.roundID} book`,
    amountMinor: 1_250n,
    currency: 'EUR',
    betKind: 'REAL',
    closesRound: false,
    actor: { kind: 'PROVIDER_ACCOUNT', id: 'account' },
    trace: 'request',
    receivedAt: new Date(1_000),
  })
  expect(command('BET', { ...bet, type: 'free', frID: 'f' })).toMatchObject({ betKind: 'FREE' })
  const yen = { ...session, currency: 'JPY' }
  expect(command('BET', { ...bet, amount: '12' }, yen)).toMatchObject({ amountMinor: 12n, currency: 'JPY' })
})

test('a win pays and ends its round; one of a free round pays nothing, and a campaign pays as a gift', () => {
  const win = winFields(bet)
  expect(command('WIN', win)).toMatchObject({
    kind: 'WIN',
    amountMinor: 200n,
    freeWinsTo: 'BONUS',
    closesRound: true,
  })
  expect(command('WIN', win)).not.toHaveProperty('referenceKey')
  expect(command('WIN', { ...win, type: 'free', frID: 'f' })).toMatchObject({ kind: 'WIN', amountMinor: 0n })
  expect(command('WIN', { ...win, frID: 'f' })).toMatchObject({
    kind: 'PROMO',
    amountMinor: 200n,
    paidTo: 'BONUS',
  })
})

test('a refund reverses what it names, as a whole', () => {
  expect(command('ROLLBACK', refundFields(bet))).toMatchObject({
    kind: 'ROLLBACK',
    referenceKey: bet.txID,
    wholeMinor: 1_250n,
    roundKey: `${bet.roundID} book`,
    afterWin: 'REVERSE_REFERENCED',
    closesRound: 'WHEN_QUIET',
  })
})

test('only a refund does without a session', () => {
  const unknown = { kind: 'REFUSED', answer: { verdict: 'SESSION_INVALID' } }
  expect(withoutSession('BET', bet)).toEqual(unknown)
  expect(withoutSession('WIN', winFields(bet))).toEqual(unknown)
  const refund = withoutSession('ROLLBACK', refundFields(bet))
  expect(refund).toMatchObject({ kind: 'COMMAND', command: { kind: 'ROLLBACK', referenceKey: bet.txID } })
  expect(refund).not.toHaveProperty('command.wholeMinor')
})

test('type, player, round and amount make another call of it; session and spelling do not', () => {
  const of = (change: object, terms = session) => command('BET', { ...bet, ...change }, terms).fingerprint
  const first = of({}).toString('hex')
  expect(of({ amount: '12.5', frID: 'f', more: true }).toString('hex')).toBe(first)
  const changed = [{ type: 'free' }, { roundID: 'r' }, { amount: '12.51' }].map((change) => of(change))
  const others = [...changed, of({}, { ...session, playerId: 'another' })].map((one) => one.toString('hex'))
  expect(new Set([first, ...others]).size).toBe(5)

  const refund = refundFields(bet)
  const refunds = [{}, { origTxID: 'another' }, { roundID: 'r' }, { amount: '1' }].map((change) =>
    command('ROLLBACK', { ...refund, ...change }).fingerprint.toString('hex'),
  )
  expect(new Set([...refunds, first]).size).toBe(5)
})

test.each(['0.001', '99999999999999999999', '10000000000000.01'])(
  'an amount of %s is refused by name',
  (amount) => {
    const refused = { kind: 'REFUSED', field: 'amount', answer: { verdict: 'BAD_REQUEST', field: 'amount' } }
    expect(completed('BET', { ...bet, amount })).toMatchObject(refused)
    expect(completed('ROLLBACK', refundFields(bet, { amount }))).toMatchObject(refused)
  },
)

test('what is refused still says which transaction it was, and which session to hide', () => {
  const parsed = parse('BET', { ...bet, amount: 'much' })
  expect(parsed).toMatchObject({
    transactionKey: bet.txID,
    secrets: ['the session'],
    operation: { kind: 'REFUSED', field: 'amount' },
  })
  expect(JSON.stringify(parsed.operation)).not.toContain('the session')
})

test('a balance is asked by the session of the query, hidden as it was written', () => {
  expect(parseBalance(received('', 'sessionID=the%20session'))).toEqual({
    secrets: ['the session', 'the%20session'],
    operation: { kind: 'BALANCE', tokenHash: sha256('the session') },
  })
  const long = `sessionID=${'x'.repeat(1025)}`
  for (const query of ['', 'sessionID=', 'sessionid=x', long]) {
    expect(parseBalance(received('', query)).operation).toMatchObject({ kind: 'REFUSED', field: 'sessionID' })
  }
})
