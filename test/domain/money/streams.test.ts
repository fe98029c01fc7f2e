import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { protocol } from '../../../src/domain/money/commit-batch.ts'
import { PutBack } from '../../../src/domain/money/deciding.ts'
import { sha256 } from '../../../src/lib/fingerprint.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { until } from '../../support/until.ts'

let world: MoneyWorld
beforeAll(async () => {
  world = await openMoneyWorld()
})
afterAll(async () => {
  expect(await moneyViolations(world.sql)).toEqual([])
  await world.close()
})

/** Locks a player as another process would, until released. */
async function hold({ playerId }: MoneySeat): Promise<() => Promise<void>> {
  const holder = await world.sql.reserve()
  await holder`begin`
  await holder`select id from players where id = ${playerId} for no key update`
  return async () => {
    await holder`rollback`
    holder.release()
  }
}

const connections = async (name: string) => {
  const rows = await world.sql`
    select pid from pg_stat_activity where application_name = ${name} and datname = current_database()`
  return rows.length
}

describe('a command whose player is locked elsewhere', () => {
  test('is answered RETRY_LATER in time, and the same key tells later what came of it', async () => {
    const seat = await world.seat()
    const process = world.process({ streams: 1, answerWithinMs: 100 })
    await until(() => process.ready())
    const release = await hold(seat)
    const bet = world.commands.bet(seat, { key: 'slow' })
    expect(await process.send(bet)).toEqual({ verdict: 'RETRY_LATER', brandId: bet.brandId })
    await release()
    await until(async () => (await world.cash(seat)) === 900n)
    const patient = world.process({ streams: 1 })
    expect(await patient.send(bet)).toMatchObject({ verdict: 'REPLAY', first: 'OK', balanceMinor: 900n })
  })

  test('and that was still in line when its time was over is dropped', async () => {
    const seat = await world.seat()
    const process = world.process({ streams: 1, batchMax: 1, answerWithinMs: 100 })
    await until(() => process.ready())
    const release = await hold(seat)
    const [, second] = await Promise.all(
      ['first', 'second'].map((key) => process.send(world.commands.bet(seat, { key }))),
    )
    expect(second?.verdict).toBe('RETRY_LATER')
    await release()
    await until(async () => (await world.cash(seat)) === 900n)
    await process.close()
    const keys = await world.sql`select transaction_key from bets where player_id = ${seat.playerId}`
    expect([...keys]).toEqual([{ transaction_key: 'first' }])
  })

  test('for longer than a lock is waited for holds up nobody, and is placed when the lock goes', async () => {
    const [seat, ...others] = [await world.seat(), await world.seat(), await world.seat()]
    const process = world.process({ streams: 1 })
    await until(() => process.ready())
    const release = await hold(seat)
    const outcome = process.send(world.commands.bet(seat, { key: 'patient' }))
    // It gives up waiting after 500 ms: from then on it is passed by.
    await world.blocked()
    await until(async () => (await waiting()) === 0)
    for (let n = 0; n < 5; n += 1) {
      const bets = others.map((other, m) =>
        process.send(world.commands.bet(other, { key: `lively ${n} ${m}` })),
      )
      expect((await Promise.all(bets)).map(({ verdict }) => verdict)).toEqual(['OK', 'OK'])
      expect(await waiting()).toBe(0)
    }
    await release()
    expect(await outcome).toMatchObject({ verdict: 'OK', balanceMinor: 900n })
  })

  test('costs the commands that came with it one wait for the lock, however many they are', async () => {
    const [held, ...others] = await Promise.all(Array.from({ length: 40 }, () => world.seat()))
    if (!held) return
    let tries = 0
    const prefetch: typeof protocol.prefetch = (commands) => {
      tries += 1
      return protocol.prefetch(commands)
    }
    const process = world.process({ streams: 1, protocol: { ...protocol, prefetch } })
    const first = await process.send(world.commands.bet(held, { key: 'ready' }))
    expect(first.verdict).toBe('OK')
    const release = await hold(held)
    const outcome = process.send(world.commands.bet(held, { key: 'in the way' }))
    const bets = others.map((seat) =>
      process.send(world.commands.bet(seat, { key: `behind ${seat.playerId}` })),
    )
    tries = 0
    await Promise.all(bets)
    // The one that waits for the lock, the one that passes it by, and perhaps one with those who came behind.
    expect(tries).toBeLessThanOrEqual(4)
    await release()
    expect((await outcome).verdict).toBe('OK')
  })

  test('leaves nothing behind when its caller has given up and the process ends', async () => {
    const seat = await world.seat()
    const process = world.process({ streams: 1, answerWithinMs: 700 })
    await until(() => process.ready())
    const release = await hold(seat)
    expect((await process.send(world.commands.bet(seat, { key: 'hopeless' }))).verdict).toBe('RETRY_LATER')
    await process.close()
    await release()
    expect(await world.cash(seat)).toBe(1000n)
  })
})

const waiting = async () => {
  const rows = await world.sql`
    select pid from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`
  return rows.length
}

describe('a queue', () => {
  test('that is full answers RETRY_LATER at once and leaves nothing', async () => {
    const seat = await world.seat()
    const process = world.process({ streams: 1, batchMax: 1, waitingMax: 2 })
    await until(() => process.ready())
    const release = await hold(seat)
    const verdicts = new Map<string, string>()
    const send = async (key: string) => {
      const { verdict } = await process.send(world.commands.bet(seat, { key: `full ${key}` }))
      verdicts.set(key, verdict)
    }
    const first = send('under way')
    await world.blocked()
    const rest = ['in line', 'in line too', 'too many'].map(send)
    await until(() => verdicts.size === 1)
    expect([...verdicts]).toEqual([['too many', 'RETRY_LATER']])
    await release()
    await Promise.all([first, ...rest])
    expect(await world.cash(seat)).toBe(700n)
  })

  test('that is closed finishes what waits, takes nothing more, and leaves no connection', async () => {
    const seat = await world.seat()
    const process = world.process({ applicationName: 'to be closed' })
    await until(() => process.ready())
    expect(await connections('to be closed')).toBe(2)
    const outcomes = Array.from({ length: 5 }, (_, n) =>
      process.send(world.commands.bet(seat, { key: `last ${n}` })),
    )
    const closed = process.close()
    expect((await process.send(world.commands.bet(seat, { key: 'too late' }))).verdict).toBe('RETRY_LATER')
    await closed
    expect((await Promise.all(outcomes)).map(({ verdict }) => verdict)).toEqual(Array(5).fill('OK'))
    expect(process.ready()).toBe(false)
    await until(async () => (await connections('to be closed')) === 0)
    expect(await world.cash(seat)).toBe(500n)
  })

  test('that is closed while the database is away answers RETRY_LATER', async () => {
    const seat = await world.seat()
    const away = { socketDir: '/nowhere', port: 1, database: 'none', username: 'nobody' }
    const process = world.process({ target: away })
    const outcomes = ['a', 'b', 'c'].map((key) =>
      process.send(world.commands.bet(seat, { key: `away ${key}` })),
    )
    await process.close()
    expect((await Promise.all(outcomes)).map(({ verdict }) => verdict)).toEqual(Array(3).fill('RETRY_LATER'))
    expect(await world.cash(seat)).toBe(1000n)
  })
})

describe('a command that is put back', () => {
  test('because its player was not locked is decided in the next batch', async () => {
    const seat = await world.seat()
    let times = 0
    const decide: typeof protocol.decide = (...given) => {
      if (given[1].transactionKey === 'put back' && (times += 1) < 5) throw new PutBack()
      return protocol.decide(...given)
    }
    const process = world.process({ streams: 1, protocol: { ...protocol, decide } })
    const outcomes = ['put back', 'behind it'].map((key) => process.send(world.commands.bet(seat, { key })))
    expect((await Promise.all(outcomes)).map(({ verdict }) => verdict)).toEqual(['OK', 'OK'])
    expect(times).toBe(5)
  })

  test('for ever, since its session is of a player who is not there, ends in RETRY_LATER', async () => {
    const seat = await world.seat()
    const tokenHash = sha256('an orphan')
    await world.sql`
      insert into sessions (id, brand_id, player_id, wallet_id, provider_account_id, game_id, currency, token_hash,
        status, opened_at, expires_at)
      select gen_random_uuid(), brand_id, gen_random_uuid(), wallet_id, provider_account_id, game_id, currency,
        ${tokenHash}, status, opened_at, expires_at from sessions where id = ${seat.sessionId}`
    const process = world.process({ streams: 1 })
    const [orphan, other] = await Promise.all([
      process.send(world.commands.bet({ ...seat, tokenHash }, { key: 'orphan' })),
      process.send(world.commands.bet(seat, { key: 'not an orphan' })),
    ])
    expect([orphan.verdict, other.verdict]).toEqual(['RETRY_LATER', 'OK'])
  })

  test('because only its reference leads to a round of the same batch closes that round', async () => {
    const seat = await world.seat()
    const process = world.process({ streams: 1 })
    const { bet, win } = world.commands
    await process.send(bet(seat, { key: 'old', roundKey: 'closing' }))
    const unknown = { ...seat, tokenHash: sha256('nobody') }
    const [, won] = await Promise.all([
      process.send(bet(seat, { key: 'new', roundKey: 'closing' })),
      process.send(
        win(unknown, { key: 'closes', referenceKey: 'new', roundKey: 'closing', closesRound: true }),
      ),
    ])
    expect(won).toMatchObject({ verdict: 'OK', balanceMinor: 900n })
    const rows = await world.sql`
      select transaction_key, status, result from bets where player_id = ${seat.playerId} order by transaction_key`
    expect([...rows]).toEqual([
      { transaction_key: 'new', status: 'SETTLED', result: 'WON' },
      { transaction_key: 'old', status: 'SETTLED', result: 'LOST' },
    ])
  })
})

test('a plan that a change of the tables has made stale is made anew', async () => {
  const seat = await world.seat()
  const process = world.process({ streams: 1 })
  expect((await process.send(world.commands.bet(seat, { key: 'before' }))).verdict).toBe('OK')
  await world.sql`alter table players alter column country type varchar(40)`
  expect(await process.send(world.commands.bet(seat, { key: 'after' }))).toMatchObject({
    verdict: 'OK',
    balanceMinor: 800n,
  })
})
