import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { hub88 } from '../../../src/integrations/hub88/hub88.ts'
import { providerTime } from '../../../src/integrations/hub88/provider-time.ts'
import { signBody } from '../../../src/integrations/hub88/sign.ts'
import { publicKey, verifyCall } from '../../../src/integrations/hub88/verify.ts'
import { generateKeys } from '../../support/hub88-client.ts'
import { openAccount, receivedCall } from '../../support/received-call.ts'

const paths = [
  ['/user/info', 'USER_INFO', 'INVALID_PARTNER'],
  ['/user/balance', 'BALANCE', 'INVALID_PARTNER'],
  ['/transaction/bet', 'BET', 'INVALID_PARTNER'],
  ['/transaction/win', 'WIN', 'INVALID_PARTNER'],
  ['/transaction/rollback', 'ROLLBACK', 'INVALID_PARTNER'],
  ['/wallet/check', 'TOKEN_CHECK', 'UNKNOWN'],
  ['/wallet/balance', 'BALANCE', 'UNKNOWN'],
  ['/wallet/bet', 'BET', 'UNKNOWN'],
  ['/wallet/win', 'WIN', 'UNKNOWN'],
  ['/wallet/rollback', 'ROLLBACK', 'UNKNOWN'],
] as const

test.each(paths)('POST %s is %s, of the family that calls a switched-off account %s', (path, name, word) => {
  const route = hub88.route('POST', path)
  expect(route?.operation).toBe(name)
  const reply = route?.render({ verdict: 'RETRY_LATER', accountDisabled: true }, 'r1')
  expect(reply).toEqual({ status: 200, text: `{"status":"RS_ERROR_${word}","request_uuid":"r1"}` })
  expect(hub88.route('GET', path)).toBeUndefined()
})

test('a route parses its own request, echoes its attempt and verifies its signature', () => {
  const call = receivedCall({ request_uuid: 'r1', user: 'p1', token: 't' })
  const info = hub88.route('POST', '/user/info')
  expect(info?.parse(call, openAccount()).operation).toEqual({ kind: 'PLAYER', playerExternalId: 'p1' })
  expect(info?.echoOf(call)).toBe('r1')
  expect(info?.verify(call, openAccount())).toBe('MISSING')
  const check = hub88.route('POST', '/wallet/check')
  expect(check?.parse(call, openAccount()).operation).toMatchObject({ kind: 'CHECK_TOKEN', token: 't' })
})

test('there is nothing else below an account', () => {
  for (const path of ['', '/', '/transaction', '/transaction/bet/', '/wallet/info', '/USER/INFO']) {
    expect(hub88.route('POST', path)).toBeUndefined()
  }
})

test('the dialect keeps these headers, and is verified with public keys', () => {
  expect(hub88).toMatchObject({
    name: 'hub88',
    headers: ['content-type', 'user-agent', 'x-msg-timestamp'],
    signatureHeaders: ['x-hub88-signature', 'x-auth-signature'],
    verifiesWith: 'PUBLIC_KEY',
  })
})

test('it counts what five decimal places can', () => {
  const counted = ['JPY', 'EUR', 'KWD', 'MBCH', 'BTC'].map((currency) => hub88.canCount(currency))
  expect(counted).toEqual([true, true, true, true, false])
})

const keys = generateKeys()
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ecPem = ec.publicKey.export({ type: 'spki', format: 'pem' }).toString()

test('a public key is one of RSA in PEM', () => {
  expect(hub88.canVerify(keys.publicKey)).toBe(true)
  expect(publicKey(keys.publicKey)?.asymmetricKeyType).toBe('rsa')
  for (const text of ['', 'no key', ecPem, keys.publicKey.slice(0, 60)]) {
    expect(hub88.canVerify(text)).toBe(false)
    expect(publicKey(text)).toBeUndefined()
  }
})

test('a text is signed as its UTF-8, bytes as they are', () => {
  const text = '{"user":"Zoë"}'
  const bytes = Buffer.from([0xff, 0x00, 0x7b])
  expect(signBody(text, keys.privateKey)).toBe(signBody(Buffer.from(text), keys.privateKey))
  const signed = receivedCall('', {
    body: bytes,
    headers: { 'x-hub88-signature': signBody(bytes, keys.privateKey) },
  })
  expect(verifyCall(signed, openAccount({ publicKeys: [keys.publicKey] }))).toBe('VALID')
})

test('a signature is base64 and nothing around it', () => {
  const account = openAccount({ publicKeys: [keys.publicKey] })
  const signature = signBody('{}', keys.privateKey)
  const verify = (text: string) =>
    verifyCall(receivedCall('{}', { headers: { 'x-auth-signature': text } }), account)
  expect(verify(signature)).toBe('VALID')
  // All of these are decoded to the same bytes by a lenient reader.
  for (const text of [
    ` ${signature}`,
    `${signature} `,
    `${signature}\n`,
    `"${signature}"`,
    `${signature}===`,
  ]) {
    expect([text, verify(text)]).toEqual([text, 'INVALID'])
  }
  expect(verify('')).toBe('INVALID')
})

test('any of the keys verifies, and those that cannot be read are passed over', () => {
  const headers = { 'x-hub88-signature': signBody('{}', keys.privateKey) }
  const verify = (...publicKeys: string[]) =>
    verifyCall(receivedCall('{}', { headers }), openAccount({ publicKeys }))
  expect(verify('no key', ecPem, generateKeys().publicKey, keys.publicKey)).toBe('VALID')
  expect(verify('no key', ecPem)).toBe('INVALID')
  expect(verify()).toBe('INVALID')
})

test('the keys of an account are read once', () => {
  const publicKeys = [keys.publicKey]
  let reads = 0
  const account = {
    ...openAccount(),
    get publicKeys() {
      reads += 1
      return publicKeys
    },
  }
  const call = receivedCall('{}', { headers: { 'x-hub88-signature': signBody('{}', keys.privateKey) } })
  expect([1, 2, 3].map(() => verifyCall(call, account))).toEqual(['VALID', 'VALID', 'VALID'])
  expect(reads).toBe(1)
})

test.each([
  ['  2023-01-17T08:13:17Z\t', '2023-01-17T08:13:17.000Z'],
  ['2023-01-17 08:13:17', '2023-01-17T08:13:17.000Z'],
  ['2023-01-17 08:13:17+0000', '2023-01-17T08:13:17.000Z'],
  ['2023-01-17T08:13:17.5Z', '2023-01-17T08:13:17.500Z'],
  ['2023-01-17T08:13:17.05Z', '2023-01-17T08:13:17.050Z'],
  ['2023-01-17T08:13:17.999999999Z', '2023-01-17T08:13:17.999Z'],
])('the moment "%s" is %s', (text, moment) => {
  expect(providerTime(text)?.toISOString()).toBe(moment)
})

test.each([
  '2023-01-17T08:13:17.Z',
  '2023-01-17T08:13:17.1234567890Z',
  '2023-01-17',
  'at 2023-01-17T08:13:17Z',
  '2023-01-17T08:13:17Z or so',
  '2023-01-17T25:13:17Z',
])('"%s" is no moment', (text) => {
  expect(providerTime(text)).toBeUndefined()
})
