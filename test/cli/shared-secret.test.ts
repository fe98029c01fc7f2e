import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openAccountDirectory } from '../../src/domain/providers/find-account.ts'
import { pitboss } from '../support/command.ts'
import { generateKeys } from '../support/hub88-client.ts'
import { type House, openHouse, system } from '../support/house.ts'
import { urlOf } from '../support/server-process.ts'

// A process for every command: slow where many tests share few cores.
vi.setConfig({ testTimeout: 180_000 })

const shared = 'a secret that two parties know'
const serverSecret = 'the secret of a server under test'
let house: House
let folder: string
let secretFile: string
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

beforeAll(async () => {
  house = await openHouse()
  folder = mkdtempSync('/tmp/pitboss-test-')
  secretFile = file('shared.txt', `${shared}\n`)
})
afterAll(async () => {
  await house.close()
  rmSync(folder, { recursive: true })
})

const add = (code: string, args: readonly string[], env: Record<string, string> = {}) =>
  pitboss(['provider', 'add', '--brand', 'demo', '--provider', 'swish', '--code', code, ...args], {
    DATABASE_URL: urlOf(house.target),
    ...env,
  })

test('an account is added with the secret of a file, which servers of the same secret can open', async () => {
  const settings = ['--free-wins-to', 'bonus', '--stuck-after', '60']
  const args = ['--dialect', 'swipe', '--shared-secret-file', secretFile, ...settings]
  const made = await add('demo-swish', args, { PITBOSS_SECRET_FILE: file('server.txt', serverSecret) })
  const out = 'added the provider account demo-swish: its calls go to /providers/demo-swish/…\n'
  expect(made).toEqual({ code: 0, out, err: '' })
  const found = await openAccountDirectory(house.as(system), Buffer.from(serverSecret)).byCode('demo-swish')
  expect(found).toMatchObject({
    secrets: [shared],
    freeWinsTo: 'BONUS',
    stuckAfterMinutes: 60,
    publicKeys: [],
  })
})

test('without the secret of the servers it says which variable is missing', async () => {
  const { code, err } = await add('no-server', ['--dialect', 'swipe', '--shared-secret-file', secretFile])
  expect(code).toBe(1)
  expect(err).toContain('PITBOSS_SECRET or PITBOSS_SECRET_FILE is missing')
  expect(err).not.toContain(shared)
})

test('each dialect says what it takes', async () => {
  const key = file('acme.pub.pem', generateKeys().publicKey)
  const env = { PITBOSS_SECRET: serverSecret }
  expect(await add('a', ['--dialect', 'swipe', '--public-key', key], env)).toEqual({
    code: 1,
    out: '',
    err: 'error: --public-key mean nothing to swipe: it takes shared secrets\n',
  })
  expect((await add('b', ['--dialect', 'hub88', '--shared-secret-file', secretFile], env)).err).toBe(
    'error: --shared-secret-file mean nothing to hub88: it takes public keys\n',
  )
  const short = file('short.txt', 'fifteen-letters\n')
  expect((await add('c', ['--dialect', 'swipe', '--shared-secret-file', short], env)).err).toBe(
    'error: --shared-secret-file has one of 15 characters, not 16 to 512\n',
  )
})

test("an account's secret is replaced, and sealed for servers of another secret", async () => {
  const env = { DATABASE_URL: urlOf(house.target) }
  const args = ['--dialect', 'swipe', '--shared-secret-file', secretFile]
  expect(await add('changed', args, { PITBOSS_SECRET: serverSecret })).toMatchObject({ code: 0 })
  const other = 'the secret of servers from now on'
  const keys = ['provider', 'keys', '--code', 'changed', '--shared-secret-file', secretFile]
  const next = file('next.txt', 'another that they will know\n')
  expect(await pitboss([...keys, next], { ...env, PITBOSS_SECRET: other })).toEqual({
    code: 0,
    out: 'replaced the keys of the provider account changed\n',
    err: '',
  })
  const found = await openAccountDirectory(house.as(system), Buffer.from(other)).byCode('changed')
  expect(found?.secrets).toEqual([shared, 'another that they will know'])
  expect(await pitboss(keys.with(3, 'nobody'), { ...env, PITBOSS_SECRET: other })).toMatchObject({
    code: 1,
    err: 'error: --code: there is no such provider account\n',
  })
})
