import { expect, test } from 'vitest'
import { explainFailure } from '../../src/db/explain-failure.ts'

const failure = (code: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { code, ...more })

test.each([
  [failure('28P01', 'password authentication failed for user "a"'), /refuses the password of DATABASE_URL$/],
  [failure('53300', 'too many connections for role "a"'), /no connection left: too many connections for/],
  [failure('57P03', 'the database system is starting up'), /takes no connections now/],
  [failure('42501', 'permission denied for table players'), /may not do this: permission denied for table/],
  [failure('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate'), /not accepted: self-signed certificate$/],
  [failure('ERR_TLS_CERT_ALTNAME_INVALID', 'IP: 10.0.0.1 is not in'), /certificate is not accepted: IP/],
  [failure('ENOENT', 'connect ENOENT /x', { syscall: 'connect', address: '/x' }), /nothing listens there$/],
  [
    failure('ENOENT', 'ENOENT: no such file, open /x', { syscall: 'open', path: '/x' }),
    /^ENOENT: no such file/,
  ],
  [failure('ENOSPC', 'ENOSPC: no space left, write', { syscall: 'write' }), /^ENOSPC: no space/],
])('%s is told in words', (error, words) => {
  expect(explainFailure(error)).toMatch(words)
})

test('a fault of ours is not explained away', () => {
  expect(explainFailure(new TypeError('x is not a function'))).toBeUndefined()
  expect(explainFailure(failure('42P01', 'relation "x" does not exist'))).toBeUndefined()
  expect(explainFailure('no error')).toBeUndefined()
})
