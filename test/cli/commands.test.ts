import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { pitbossProgram } from '../../src/cli/program.ts'
import { isApiToken } from '../../src/domain/operators/token.ts'
import { pitboss } from '../support/command.ts'
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts'
import { generateKeys } from '../support/hub88-client.ts'
import { urlOf } from '../support/server-process.ts'

// A process for every command: slow where many tests share few cores.
vi.setConfig({ testTimeout: 180_000 })

let database: TestDatabase
let folder: string
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const privatePem = () => generateKeys().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const run = (...args: string[]) => pitboss(args, { DATABASE_URL: urlOf(database.target) })

beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync('/tmp/pitboss-test-')
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

describe('on a database of its own', () => {
  test('a brand, an operator, a provider and games are added one after the other', async () => {
    const brand = ['--name', 'Riviera Play', '--time-zone', 'Europe/Paris', '--currency', 'EUR']
    expect(await run('brand', 'add', '--code', 'riviera', ...brand)).toEqual({
      code: 0,
      out: 'added the brand riviera\n',
      err: '',
    })
    const person = ['--login', 'ana', '--name', 'Ana Borg', '--role', 'SUPPORT', '--brand', 'riviera']
    expect(await run('operator', 'add', ...person)).toMatchObject({ code: 0, err: '' })
    const key = file('acme.pub.pem', generateKeys().publicKey)
    const account = [
      '--brand',
      'riviera',
      '--provider',
      'acme',
      '--code',
      'riviera-acme',
      '--dialect',
      'hub88',
    ]
    expect(await run('provider', 'add', ...account, '--public-key', key)).toMatchObject({ code: 0, err: '' })
    const csv = file('games.csv', 'provider,code,name,category,rtp\nacme,book,Book of Acme,SLOT,0.965\n')
    expect(await run('game', 'import', csv)).toMatchObject({
      code: 0,
      out: '1 added, 0 changed, 0 unchanged\n',
    })
  })

  test('token prints just the token; list shows it without what it opens; revoke ends it', async () => {
    const made = await run('token', '--role', 'SUPPORT', '--brand', 'riviera')
    expect({
      code: made.code,
      token: isApiToken(made.out.trim()),
      lines: made.out.split('\n').length,
    }).toEqual({
      code: 0,
      token: true,
      lines: 2,
    })
    const named = await run(
      'token',
      'create',
      '--operator',
      'ana',
      '--days',
      '3',
      '--permission',
      'BETS_READ',
    )
    expect(isApiToken(named.out.trim())).toBe(true)
    const list = await run('token', 'list')
    expect(list.out).not.toContain('pb_')
    const line = list.out.split('\n').find((one) => one.includes(' ana ')) ?? ''
    const id = line.slice(0, 36)
    expect(await run('token', 'revoke', id)).toEqual({ code: 0, out: `revoked ${id}\n`, err: '' })
    expect(await run('token', 'revoke', id)).toEqual({
      code: 1,
      out: '',
      err: 'error: the token is revoked already\n',
    })
  })

  test('migrate has nothing to do twice', async () => {
    expect(await run('migrate')).toMatchObject({
      code: 0,
      out: 'nothing to do: the database is up to date\n',
    })
  })

  test.each([
    [
      'a wrong value',
      ['brand', 'add', '--code', 'X', '--name', 'X', '--time-zone', 'UTC', '--currency', 'EUR'],
      1,
    ],
    ['a missing option', ['brand', 'add'], 2],
    ['an unknown option', ['token', 'create', '--roll', 'SUPPORT'], 2],
    ['an unknown command', ['brandish'], 2],
    ['a role that there is none of', ['token', '--role', 'KING', '--brand', 'riviera'], 2],
    ['a file that there is none of', ['game', 'import', '/nowhere.csv'], 1],
  ])('%s is one clear line, without a stack trace', async (_, args, code) => {
    const result = await run(...args)
    expect({ code: result.code, out: result.out }).toEqual({ code, out: '' })
    expect(result.err).toMatch(/^error: .+/)
    expect(result.err).not.toMatch(/\n\s+at /)
  })

  test('a wrong value is named by its option', async () => {
    const { err } = await run(
      'brand',
      'add',
      '--code',
      'x',
      '--name',
      'X',
      '--time-zone',
      'Mars/One',
      '--currency',
      'EUR',
    )
    expect(err).toBe('error: --time-zone is not an IANA time zone such as Europe/Malta\n')
  })

  test('a field is named by its option, also where the option says less', async () => {
    const brand = ['--code', 'x', '--name', 'X', '--time-zone', 'UTC', '--currency', 'EUR']
    expect(await run('brand', 'add', ...brand, '--cooling-off', '-1')).toMatchObject({
      code: 1,
      err: 'error: --cooling-off is not a whole number from 0 to 8760\n',
    })
    expect(await run('token', '--role', 'SUPPORT', '--brand', 'riviera', 'rivera')).toMatchObject({
      code: 1,
      err: 'error: --brand: there is no brand rivera\n',
    })
    expect(await run('token', '--operator', 'ana', '--days', '401')).toMatchObject({
      code: 1,
      err: 'error: --days is not 1 to 400\n',
    })
    expect(await run('token', '--operator', 'ana', '--permission', 'BETS_READ', 'AUDIT_READ')).toMatchObject({
      code: 1,
      out: '',
      err: 'error: --permission has what the role SUPPORT does not have: AUDIT_READ\n',
    })
    const account = ['--brand', 'riviera', '--provider', 'acme', '--code', 'y', '--dialect', 'evolution']
    const short = file('short.secret', 'short\n')
    expect(
      await pitboss(['provider', 'add', ...account, '--shared-secret-file', short], {
        DATABASE_URL: urlOf(database.target),
        PITBOSS_SECRET: 's'.repeat(32),
      }),
    ).toMatchObject({ code: 1, err: 'error: --shared-secret-file has one of 5 characters, not 16 to 512\n' })
    const secret = file('long.secret', 's'.repeat(16))
    const engine = [...account.slice(0, -1), 'engine', '--shared-secret-file', secret]
    expect(
      await pitboss(['provider', 'add', ...engine], {
        DATABASE_URL: urlOf(database.target),
        PITBOSS_SECRET: 's'.repeat(32),
      }),
    ).toMatchObject({ code: 1, err: 'error: --engine-url is missing: engine calls a game engine there\n' })
  })

  test("a provider's private key is refused, so that it never lies in the database", async () => {
    const account = ['--brand', 'riviera', '--provider', 'acme', '--code', 'z', '--dialect', 'hub88']
    const key = file('acme.pem', privatePem())
    const { code, err } = await run('provider', 'add', ...account, '--public-key', key)
    expect(code).toBe(1)
    expect(err).toMatch(/^error: --public-key has a private key/)
  })

  test('a token of simulate need not stand where processes are listed', async () => {
    const key = file('sim.pem', privatePem())
    const play = [
      'simulate',
      '--url',
      'http://127.0.0.1:1',
      '--provider',
      'acme',
      '--key',
      key,
      '--calls',
      '1',
    ]
    const { code, err } = await pitboss(play, { PITBOSS_API_TOKEN: 'pb_x' })
    expect({ code, missing: err.includes('--token') }).toEqual({ code: 1, missing: false })
    expect(err).not.toMatch(/\n\s+at /)
  })
})

test('a database without tables is refused with the command to run', async () => {
  const bare = await createBareDatabase()
  try {
    const result = await pitboss(['token', 'list'], { DATABASE_URL: urlOf(bare.target) })
    expect(result.code).toBe(1)
    expect(result.err).toMatch(
      /^error: the database lacks \d+ migrations: run {2}npm run pitboss -- migrate\n$/,
    )
    const migrated = await pitboss(['migrate'], { DATABASE_URL: urlOf(bare.target) })
    expect({ code: migrated.code, last: migrated.out.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: 'the database is up to date',
    })
  } finally {
    await bare.drop()
  }
})

test('schema prints the whole SDL and needs no database', async () => {
  const { code, out } = await pitboss(['schema'])
  expect(code).toBe(0)
  expect(buildSchema(out).getMutationType()?.getFields()['openSession']).toBeDefined()
})

/** The commands that do something, by their full names. */
const leavesOf = (command: Command, path: string[] = []): [string, Command][] =>
  command.commands.length === 0
    ? [[path.join(' '), command]]
    : command.commands.flatMap((child) => leavesOf(child, [...path, child.name()]))

const leaves = leavesOf(pitbossProgram())

test('there are these commands', () => {
  expect(leaves.map(([name]) => name)).toEqual([
    'migrate',
    'seed',
    'simulate',
    'conformance',
    'brand add',
    'operator add',
    'provider add',
    'provider keys',
    'game import',
    'token create',
    'token list',
    'token revoke',
    'documents load',
    'documents list',
    'documents remove',
    'retention',
    'reconcile',
    'figures rebuild',
    'figures verify',
    'verify',
    'seal export',
    'schema',
  ])
})

test.each(leaves)('%s --help says what it does, with an example', (name, command) => {
  let text = ''
  command.configureOutput({ writeOut: (part) => void (text += part) }).outputHelp()
  expect(text).toMatch(new RegExp(`^Usage: pitboss ${name}`))
  expect(text).toMatch(/\nExamples?(:|, beside)[\s\S]*npm run (-s )?pitboss -- /)
})

test('--help of the whole says how to begin', async () => {
  const { code, out, err } = await pitboss(['--help'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('npm run pitboss -- token create --role SUPPORT --brand demo')
  expect(await pitboss(['help'])).toMatchObject({ code: 0, err: '', out })
  expect((await pitboss(['help', 'verify'])).out).toBe((await pitboss(['verify', '--help'])).out)
})
