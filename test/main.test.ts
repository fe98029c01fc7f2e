import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guarded } from './support/guarded.ts'
import { createBareDatabase, createTestDatabase, type TestDatabase } from './support/database.ts'
import { startServerProcess, urlOf } from './support/server-process.ts'

let database: TestDatabase
let bare: TestDatabase

beforeAll(async () => {
  ;[database, bare] = await Promise.all([createTestDatabase(), createBareDatabase()])
})
afterAll(() => Promise.all([database?.drop(), bare?.drop()]))

const program = join(import.meta.dirname, '../src/main.ts')

/** Runs the program to its end. */
async function run(env: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [...guarded, program], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => void (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

describe('the process', () => {
  it('does not start on a database that lacks migrations, and says what to do', async () => {
    const env = { DATABASE_URL: urlOf(bare.target), PITBOSS_SECRET: 's'.repeat(32), PORT: '0' }
    const { code, said } = await run(env)
    expect(code).toBe(1)
    expect(said).toMatch(
      /^the database lacks \d+ migrations, 0000_roles first: run `npm run pitboss -- migrate`\n$/,
    )
    expect(await bare.sql`select tablename from pg_tables where schemaname = 'public'`).toEqual([])
  })

  it('does not start with a wrong configuration, and says all that is wrong', async () => {
    const { code, said } = await run({ PORT: 'x', LOG_LEVEL: 'y' })
    expect(code).toBe(1)
    expect(said).toMatch(/^the configuration is wrong:\n {2}PORT .*\n {2}LOG_LEVEL .*\n$/)
  })

  it.each([
    ['postgres://127.0.0.1:1/x', 'the database is not reachable: nothing listens there'],
    ['postgres:///x?host=/nowhere', 'the database is not reachable: nothing listens there'],
    ['postgres://a:b%x@127.0.0.1/x', /^DATABASE_URL has a % that is not followed by two hexadecimal digits/],
    ['postgres://a@127.0.0.1/x?port=0', 'DATABASE_URL has a port that is none'],
    [
      'postgres://a@127.0.0.1/x?sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      'DATABASE_URL names as sslrootcert a file that cannot be read: /nowhere/ca.pem',
    ],
  ])('does not start with the database %s, and says why in a line', async (url, why) => {
    const { code, said } = await run({ DATABASE_URL: url, PITBOSS_SECRET: 's'.repeat(32) })
    expect({ code, lines: said.split('\n').length }).toEqual({ code: 1, lines: 2 })
    expect(said.trim()).toMatch(why)
  })

  it('does not start where another program listens, and names the variables', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const taken = String((other.address() as AddressInfo).port)
    const env = { DATABASE_URL: urlOf(database.target), PITBOSS_SECRET: 's'.repeat(32) }
    const ends = await Promise.all([
      run({ ...env, PORT: taken }),
      run({ ...env, METRICS_PORT: taken, PORT: '0' }),
    ])
    other.close()
    const why = `cannot listen on 127.0.0.1, port ${taken}: another program listens there\n`
    expect(ends).toEqual([
      { code: 1, said: `HOST and PORT: ${why}` },
      { code: 1, said: `METRICS_HOST and METRICS_PORT: ${why}` },
    ])
  })

  it('ends in order at a signal, also when npm passes it on twice', async () => {
    const server = await startServerProcess(database.target)
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    process.kill(server.pid, 'SIGINT')
    process.kill(server.pid, 'SIGINT')
    expect(await server.stop()).toBe(0)
  })

  it('gets the signal that npm gets, and npm waits for it', async () => {
    const npm = spawn('npm', ['start', '--silent'], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: urlOf(database.target),
        PITBOSS_SECRET: 's'.repeat(32),
        PORT: '0',
      },
      cwd: join(import.meta.dirname, '..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const said: string[] = []
    for await (const line of createInterface({ input: npm.stdout })) {
      const { msg } = JSON.parse(line) as { msg: string }
      if (said.push(msg) && msg === 'listening') npm.kill('SIGTERM')
    }
    expect(said.at(-1)).toBe('stopped')
    if (npm.exitCode === null) await once(npm, 'exit')
    expect(npm.exitCode).toBe(0)
  })

  it('waits for what is under way, but not after a second signal', async () => {
    const server = await startServerProcess(database.target)
    const unfinished = connect(Number(new URL(server.url).port), '127.0.0.1')
    unfinished.on('error', () => undefined)
    await once(unfinished, 'connect')
    unfinished.write('POST /providers/x/y HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1')
    await sleep(200) // Nothing tells that the bytes have arrived.
    const ended = server.stop()
    await expect
      .poll(() =>
        fetch(`${server.url}/livez`)
          .then(() => 'answers')
          .catch(() => 'refuses'),
      )
      .toBe('refuses')
    await sleep(600) // Sooner it would be the first signal once more.
    const askedMs = performance.now()
    process.kill(server.pid, 'SIGTERM')
    expect(await ended).toBe(1)
    expect(performance.now() - askedMs).toBeLessThan(8000) // The grace is ten seconds.
  })
})
