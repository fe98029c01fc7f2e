import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../../src/lib/fingerprint.ts'
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

test('a round in which a player bets in two currencies is completed by a win in one of them', async () => {
  const { commands, sql } = world
  const euros = await world.seat(1000n)
  const dollars = await inDollars(euros)
  await process.send(commands.bet(euros, { key: 'in euros' }))
  expect(await process.send(commands.bet(dollars, { key: 'in dollars', currency: 'USD' }))).toMatchObject({
    verdict: 'OK',
  })
  const win = commands.win(euros, {
    key: 'win',
    referenceKey: 'in euros',
    amountMinor: 250n,
    closesRound: true,
  })
  expect(await process.send(win)).toMatchObject({ verdict: 'OK', balanceMinor: 1150n })
  const bets = await sql`select currency, status, result from bets order by id`
  expect([...bets]).toEqual([
    { currency: 'EUR', status: 'SETTLED', result: 'WON' },
    { currency: 'USD', status: 'SETTLED', result: 'LOST' },
  ])
  const legs = await sql`select currency, sum(amount_minor)::int as sum from ledger_entries group by currency`
  expect(legs.map(({ sum }) => sum as number)).toEqual([0, 0])
})
