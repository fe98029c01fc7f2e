import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ReceivedCall } from '../../../src/domain/providers/call-row.ts'
import type { OpenAccount } from '../../../src/domain/providers/types.ts'
import { parseCall } from '../../../src/integrations/hub88/parse.ts'
import { providerTime } from '../../../src/integrations/hub88/provider-time.ts'
import { signBody } from '../../../src/integrations/hub88/sign.ts'
import { verifyCall } from '../../../src/integrations/hub88/verify.ts'
import { sha256 } from '../../../src/lib/fingerprint.ts'
import { betFields, generateKeys, rollbackFields, winFields } from '../../support/hub88-client.ts'

const account = (publicKeys: string[] = []): OpenAccount => ({
  id: 'account',
  brandId: 'brand',
  providerId: 'provider',
  code: 'code',
  dialect: 'hub88',
  publicKeys,
  secrets: [],
  engineUrl: null,
  freeWinsTo: 'CASH',
  stuckAfterMinutes: 1440,
  status: 'ENABLED',
  createdAt: new Date(0),
})

const received = (body: string, headers: Record<string, string> = {}): ReceivedCall => ({
  id: 'id',
  method: 'POST',
  query: '',
  path: '/transaction/bet',
  headers,
  body: Buffer.from(body),
  receivedAt: new Date(1_000),
  requestId: 'request',
})

const bet = betFields({ token: 'game-token', user: 'player-1' })

function parse(kind: 'BET' | 'WIN' | 'ROLLBACK', fields: object, family: 'HUB88' | 'CALETA' = 'HUB88') {
  return parseCall(kind, family, received(JSON.stringify(fields)), account())
}

function command(...given: Parameters<typeof parse>) {
  const { operation } = parse(...given)
  if (operation.kind !== 'COMMAND') throw new Error(`expected a command, got ${JSON.stringify(operation)}`)
  return operation.command
}

test('a bet becomes a command in minor units, with the hash of its token', () => {
  expect(command('BET', { ...bet, amount: 356_000 })).toMatchObject({
    kind: 'BET',
    scopeId: 'account',
    brandId: 'brand',
    providerAccountId: 'account',
    providerId: 'provider',
    transactionKey: bet.transaction_uuid,
    tokenHash: sha256('game-token'),
    playerExternalId: 'player-1',
    roundKey: bet.round,
    gameCode: 'reel_quest',
    amountMinor: 356n,
    currency: 'EUR',
    betKind: 'REAL',
    closesRound: false,
    actor: { kind: 'PROVIDER_ACCOUNT', id: 'account' },
    trace: 'request',
    receivedAt: new Date(1_000),
  })
  expect(command('BET', { ...bet, is_free: true })).toMatchObject({ betKind: 'FREE' })
})

test('a win names its bet, a rollback reverses what it names', () => {
  expect(command('WIN', winFields(bet))).toMatchObject({
    kind: 'WIN',
    referenceKey: bet.transaction_uuid,
    amountMinor: 200n,
    closesRound: true,
  })
  expect(command('ROLLBACK', rollbackFields(bet))).toMatchObject({
    kind: 'ROLLBACK',
    referenceKey: bet.transaction_uuid,
    afterWin: 'REVERSE_REFERENCED',
  })
})

test('a free bet of the supplier is its promotion; its win goes where the account says', () => {
  expect(command('BET', { ...bet, is_free: true, is_supplier_promo: true })).toMatchObject({
    betKind: 'PROMO',
  })
  expect(command('BET', { ...bet, is_supplier_promo: true })).toMatchObject({ betKind: 'REAL' })
  expect(command('WIN', winFields(bet))).toMatchObject({ freeWinsTo: 'CASH' })
})

test('the jackpot of a win is a part of its amount', () => {
  const win = winFields(bet)
  expect(command('WIN', { ...win, jackpot_win: 200_000 })).toMatchObject({ jackpotMinor: 200n })
  expect(command('WIN', { ...win, jackpot_win: 0 })).not.toHaveProperty('jackpotMinor')
  for (const jackpot_win of [201_000, 199_999, '1', -1, 1.5]) {
    expect(parse('WIN', { ...win, jackpot_win }).operation).toMatchObject({
      kind: 'REFUSED',
      field: 'jackpot_win',
    })
  }
})

test('attempt, token and round_closed do not make another call of it; everything else does', () => {
  const of = (change: object) => command('BET', { ...bet, ...change }).fingerprint.toString('hex')
  const first = of({})
  for (const change of [
    { request_uuid: 'r2' },
    { token: 'renewed' },
    { round_closed: true },
    { bet: 'text' },
  ]) {
    expect([change, of(change)]).toEqual([change, first])
  }
  const others = [
    { user: 'player-2' },
    { round: 'r' },
    { game_code: 'g' },
    { amount: 1_000 },
    { currency: 'USD' },
    { is_free: true },
  ].map(of)
  expect(new Set([first, ...others]).size).toBe(7)
  const win = winFields(bet)
  const otherReference = command('WIN', { ...win, reference_transaction_uuid: 'other' })
  expect(command('WIN', win).fingerprint.equals(otherReference.fingerprint)).toBe(false)
})

test('Hub88 must name the player; Caleta names an alias, which is nobody here', () => {
  const { user: _, ...nameless } = bet
  expect(parse('BET', nameless).operation).toMatchObject({ kind: 'REFUSED', field: 'user' })
  expect(command('BET', nameless, 'CALETA')).not.toHaveProperty('playerExternalId')
  const { supplier_user: __, ...withoutAlias } = nameless
  expect(parse('BET', withoutAlias, 'CALETA').operation).toMatchObject({
    kind: 'REFUSED',
    field: 'supplier_user',
  })
  expect(
    command('ROLLBACK', rollbackFields(bet, { supplier_user: undefined, user: undefined }), 'CALETA'),
  ).toMatchObject({
    kind: 'ROLLBACK',
  })
  const alias = (supplier_user: string) =>
    command('BET', { ...nameless, supplier_user }, 'CALETA').fingerprint
  expect(alias('a').equals(alias('b'))).toBe(false)
})

test('what is refused still says which attempt it was, and never shows the token', () => {
  const parsed = parse('BET', { ...bet, amount: 'much' })
  expect(parsed).toMatchObject({
    attemptKey: bet.request_uuid,
    transactionKey: bet.transaction_uuid,
    secrets: ['game-token'],
    operation: { kind: 'REFUSED', answer: { verdict: 'BAD_REQUEST', fault: 'TYPE' }, field: 'amount' },
  })
  expect(JSON.stringify(parsed.operation)).not.toContain('game-token')
})

test('a provider time is a UTC text with up to nine decimals, and never fails a call', () => {
  expect(providerTime('2023-01-17 08:13:17.985795+00:00')).toEqual(new Date('2023-01-17T08:13:17.985Z'))
  expect(providerTime('2023-01-17T08:13:17Z')).toEqual(new Date('2023-01-17T08:13:17.000Z'))
  for (const text of [
    undefined,
    '',
    'now',
    '2023-13-45 00:00:00',
    '0000-01-01 00:00:00+00:00',
    '1673943197',
    '2023-01-17 08:13:17+02:00',
  ]) {
    expect(providerTime(text)).toBeUndefined()
  }
})

test('a signature is RSA with SHA-256 over the exact bytes', () => {
  const keys = generateKeys()
  const body = '{ "a": 1 }'
  const verify = (text: string, headers: Record<string, string>, pems = [keys.publicKey]) =>
    verifyCall(received(text, headers), account(pems))
  const signature = signBody(body, keys.privateKey)
  expect(verify(body, { 'x-hub88-signature': signature })).toBe('VALID')
  expect(verify(body, { 'x-auth-signature': signature })).toBe('VALID')
  expect(verify('{"a":1}', { 'x-auth-signature': signature })).toBe('INVALID')
  expect(verify(body, {})).toBe('MISSING')
  expect(verify(body, { 'x-hub88-signature': signature }, [generateKeys().publicKey])).toBe('INVALID')
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecPem = ec.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  expect(verify(body, { 'x-hub88-signature': signBody(body, ec.privateKey) }, [ecPem])).toBe('INVALID')
})
