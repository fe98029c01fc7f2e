// `pitboss conformance` as it is typed: what it prints, writes and exits with.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { canonical, signCanonical } from '../../src/conformance/dialects/swipe.ts'
import { serveBuggyWallet, type WalletServer, worldFile } from '../support/buggy-wallet-server.ts'
import { pitboss } from '../support/command.ts'

vi.setConfig({ testTimeout: 120_000 })

let folder: string
let sound: WalletServer
let buggy: WalletServer
let key: string
let world: string

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const run = (url: string, ...args: string[]) =>
  pitboss(['conformance', '--dialect', 'swipe', '--url', url, '--key', key, ...args])

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pitboss-test-'))
  sound = await serveBuggyWallet('swipe')
  buggy = await serveBuggyWallet('swipe', 'CREDITS_EVERY_REPEAT')
  key = file('key', `${sound.key}\n`)
  world = file('world.json', JSON.stringify(worldFile))
})

afterAll(async () => {
  await sound.close()
  await buggy.close()
  rmSync(folder, { recursive: true })
})

describe('a run', () => {
  test('without failures exits with 0 and lists what was skipped, with the reason', async () => {
    const { code, out, err } = await run(sound.url, '--world', world, '--only', '1-3,14-15,28')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const cells = out.split('\n').map((line) => line.split(/ {2,}/).map((cell) => cell.trim()))
    expect(cells.map((row) => row.filter((cell) => cell !== ''))).toEqual([
      ['#', 'VERDICT', 'SCENARIO', 'EXPECTED OF MONEY: OF ANSWERS -> CAME'],
      ['1', 'PASS', 'bet then win', 'debit, credit: 200 -> as expected'],
      ['2', 'PASS', 'duplicate bet, same payload', expect.stringMatching(/^one debit: 200, own-/)],
      ['3', 'PASS', expect.any(String), 'none: 200, 400 -> as expected'],
      ['14', 'SKIP', expect.any(String), 'the world has no commands.block, which blocks players.blocked'],
      ['15', 'N/A', 'wrong currency', 'calls of this dialect carry no currency'],
      ['28', 'SKIP', expect.any(String), 'there is no --crash command: a crash cannot be made from outside'],
      ['3 passed, 0 failed, 2 skipped, 1 not in this dialect'],
      [],
    ])
  })

  test('with a failure exits with 1, names the step, and writes both reports', async () => {
    const [json, junit] = [join(folder, 'run.json'), join(folder, 'run.xml')]
    const args = ['--world', world, '--only', '1,4,28', '--json', json, '--junit', junit]
    const { code, out, err } = await run(buggy.url, ...args)
    expect(code).toBe(1)
    expect(err).toBe('error: the wallet does not do what the protocol asks\n')
    expect(out).toMatch(/ 4 {2}FAIL {5}duplicate win +one credit\n +the same win: balance in the reply\n/)
    expect(out).toMatch(/ +expected {2}1002\.00 EUR\n +came {6}1004\.00 EUR\n/)

    const report = JSON.parse(readFileSync(json, 'utf8')) as Report
    expect(report).toMatchObject({ dialect: 'swipe', url: buggy.url })
    expect(report.counts).toEqual({ PASS: 1, FAIL: 1, SKIP: 1, 'N/A': 0 })
    expect(report.rows[1]?.steps.at(-1)).toMatchObject({ expected: '1002.00 EUR', ok: false })

    const xml = readFileSync(junit, 'utf8')
    expect(xml).toContain('name="wallet conformance, swipe" tests="3" failures="1" errors="0" skipped="1"')
    expect(xml).toContain('<failure message="the same win: balance in the reply: expected 1002.00 EUR, came')
    expect(xml.match(/<testcase /g)).toHaveLength(3)
  })

  test('plays with players named on the command line, and skips what they cannot show', async () => {
    const players = ['--main', 'main:live-main', '--currency', 'EUR', '--game', 'book']
    const { code, out } = await run(sound.url, ...players, '--only', '1,3')
    expect(code).toBe(0)
    expect(out).toContain('SKIP     duplicate id, other amount, round or player')
    expect(out).toContain('the world has no players.second')
  })

  test('runs the commands of its world', async () => {
    const mark = join(folder, 'blocked')
    const commands = { block: `touch ${mark} && false` }
    const told = file('commands.json', JSON.stringify({ ...worldFile, commands }))
    const { out } = await run(sound.url, '--world', told, '--only', '14')
    expect(out).toContain(`SKIP     disabled player: bet / win`)
    expect(out).toContain(`\`touch ${mark} && false\` ended with 1`)
    expect(readFileSync(mark, 'utf8')).toBe('')
  })
})

interface Report {
  readonly counts: object
  readonly rows: readonly { readonly steps: readonly object[] }[]
}

describe('what cannot be tried exits with 2 and says why in a line', () => {
  test('a URL where nobody answers', async () => {
    const { code, out, err } = await run('http://127.0.0.1:9/wallet', '--world', world)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe(
      'error: --url: there is no answer from http://127.0.0.1:9/wallet: the connection is refused\n',
    )
  })

  test('a wallet that does not know the player, or the signature', async () => {
    const players = ['--main', 'main:gone', '--currency', 'EUR', '--game', 'book']
    const { code, err } = await run(sound.url, ...players)
    expect({ code, err }).toEqual({
      code: 2,
      err: 'error: --world: the balance of players.main cannot be asked: 404 session_not_found\n',
    })
  })

  test('a world with a mistake', async () => {
    const wrong = file('wrong.json', JSON.stringify({ ...worldFile, currency: 'GOLD' }))
    const { code, err } = await run(sound.url, '--world', wrong)
    expect({ code, err }).toEqual({
      code: 2,
      err: 'error: --world: currency is not a known currency code\n',
    })
  })

  test.each([
    [[], 'error: give one of --world, --main and --arrange: whom to play with\n'],
    [['--only', '37'], 'error: --only names scenario 37; there are 1 to 36\n'],
    [['--arrange', 'http://127.0.0.1:9/graphql'], 'error: --api-token is missing: --arrange needs it\n'],
    [
      ['--arrange', 'http://127.0.0.1:9/graphql', '--api-token', 'pb_x'],
      'error: --arrange: there is no answer from http://127.0.0.1:9/graphql\n',
    ],
  ])('the options %j', async (args, complaint) => {
    expect(await run(sound.url, ...args)).toEqual({ code: 2, out: '', err: complaint })
  })

  test('a token that is read from a file or the environment, and a file that is not there', async () => {
    const there = ['--arrange', 'http://127.0.0.1:9/graphql']
    const nobody = 'error: --arrange: there is no answer from http://127.0.0.1:9/graphql\n'
    const token = file('token', 'pb_x\n')
    expect(await run(sound.url, ...there, '--api-token-file', token)).toMatchObject({ code: 2, err: nobody })
    const args = ['conformance', '--dialect', 'swipe', '--url', sound.url, '--key', key, ...there]
    expect(await pitboss(args, { PITBOSS_API_TOKEN: 'pb_x' })).toMatchObject({ code: 2, err: nobody })
    const none = await run(sound.url, ...there, '--api-token-file', join(folder, 'none'))
    expect(none.err).toBe(`error: --api-token-file ${join(folder, 'none')}: there is no such file\n`)
  })

  test('a key that is none', async () => {
    const args = ['--dialect', 'hub88', '--url', sound.url, '--key', key, '--world', world]
    const { code, err } = await pitboss(['conformance', ...args])
    expect({ code, err }).toEqual({ code: 2, err: 'error: --key: this is not a private key in PEM\n' })
  })
})

test('signs canonical JSON by the published vector', () => {
  const body = canonical({ user_id: 123, amount: 100.5 })
  expect(body).toBe('{"amount":100.5,"user_id":123}')
  expect(signCanonical(body, 'secret-key')).toBe(
    '9876ed3affd6596f3ddb9102a396718452cf83069904f3d001a2e91e164adc01',
  )
})
