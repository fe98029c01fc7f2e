import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../../src/lib/fingerprint.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../../support/money-world.ts'

let world: MoneyWorld
let process: Process
beforeAll(async () => {
  world = await openMoneyWorld()
  process = world.process()
})
afterAll(() => world.close())

/** The same player in a session of another currency, with 10.00 of it. */
async function inDollars(seat: MoneySeat): Promise<MoneySeat> {
  const { sql, commands } = world
  const currency = 'USD'
  await process.send(commands.deposit(seat, { key: randomUUID(), amountMinor: 1000n, currency }))
  const [wallet] = await sql<{ id: string }[]>`
    select id from wallets where player_id = ${seat.playerId} and currency = ${currency}`
  const walletId = wallet?.id ?? expect.fail('there is no wallet')
  const [sessionId, token] = [randomUUID(), randomUUID()]
  const own = {
    id: sessionId,
    wallet_id: walletId,
    currency,
    token_hash: `\\x${sha256(token).toString('hex')}`,
  }
  await sql`insert into sessions select (jsonb_populate_record(s, ${sql.json(own)})).* from sessions s
    where s.id = ${seat.sessionId}`
  return { ...seat, walletId, sessionId, tokenHash: sha256(token) }
}

test('a bet in another currency than its round is refused, and the round goes on in its own', async () => {
  const { commands, sql } = world
  const euros = await world.seat(1000n)
  const dollars = await inDollars(euros)
  await process.send(commands.bet(euros, { key: 'in euros' }))
  const other = commands.bet(dollars, { key: 'in dollars', currency: 'USD' })
  expect(await process.send(other)).toMatchObject({
    verdict: 'CURRENCY',
    balanceMinor: 1000n,
    currency: 'USD',
  })
  expect(await process.send(other)).toMatchObject({ verdict: 'REPLAY', first: 'CURRENCY' })
  const win = { referenceKey: 'in euros', amountMinor: 250n, closesRound: true }
  expect(await process.send(commands.win(euros, { key: 'win', ...win }))).toMatchObject({
    verdict: 'OK',
    balanceMinor: 1150n,
  })
  const bets = await sql`select currency, status, result from bets`
  expect([...bets]).toEqual([{ currency: 'EUR', status: 'SETTLED', result: 'WON' }])
  expect(await moneyViolations(sql)).toEqual([])
})
