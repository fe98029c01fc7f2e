import { expect, it } from 'vitest'
import { addressProblem, guardedLookup } from '../../../src/integrations/engine/address.ts'

const strict = { allowHttp: false, allowPrivate: false }

it.each([
  'https://engine.example.com/api',
  'https://203.0.114.7',
  'http://127.0.0.1:4747',
  'http://localhost:4747',
  'http://[::1]:4747',
])('%s may be called', (url) => {
  expect(addressProblem(new URL(url), strict)).toBeUndefined()
})

it.each([
  ['http://engine.example.com', 'is not https'],
  ['http://10.0.0.1', 'is not https'],
  ['https://10.1.2.3', 'is in a private network'],
  ['https://172.16.0.9', 'is in a private network'],
  ['https://192.168.1.1', 'is in a private network'],
  ['https://169.254.169.254/latest', 'is in a private network'],
  ['https://100.64.0.1', 'is in a private network'],
  ['https://0.0.0.0', 'is in a private network'],
  ['https://[fd00::1]', 'is in a private network'],
  ['https://[fe80::1]', 'is in a private network'],
  ['https://[::ffff:10.0.0.1]', 'is in a private network'],
  // Other ways to write the same addresses.
  ['https://0x0a000001', 'is in a private network'],
  ['https://3232235777', 'is in a private network'],
])('%s may not: it %s', (url, problem) => {
  expect(addressProblem(new URL(url), strict)).toBe(problem)
})

it('what is forbidden can be allowed', () => {
  expect(addressProblem(new URL('http://engine.example.com'), { ...strict, allowHttp: true })).toBeUndefined()
  expect(addressProblem(new URL('https://10.0.0.1'), { ...strict, allowPrivate: true })).toBeUndefined()
})

/** The hosts file of every machine has this name; any other name that leads inward is looked at the same way. */
const lookedUp = (allowPrivate: boolean, name: string) =>
  new Promise((resolve) => {
    guardedLookup({ ...strict, allowPrivate })(name, { all: true }, (error, addresses) =>
      resolve(error ? error.message : addresses),
    )
  })

it('a name that leads into a private network is refused when it is resolved', async () => {
  // The resolver takes an address as a name of itself.
  expect(await lookedUp(false, '10.0.0.1')).toBe('10.0.0.1 is in a private network')
  expect(await lookedUp(true, '10.0.0.1')).toEqual([{ address: '10.0.0.1', family: 4 }])
  expect(await lookedUp(false, 'localhost')).toEqual(expect.arrayContaining([expect.objectContaining({})]))
})
