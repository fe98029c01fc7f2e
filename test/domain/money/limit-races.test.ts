// Limits against bets in flight, over two processes: whatever is accepted is within the limit that held by then.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Submit } from '../../../src/domain/money/types.ts'
import { setLimit } from '../../../src/domain/players/set-limit.ts'
import { excludePlayer } from '../../../src/domain/sessions/exclude-player.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { commandsOf } from '../../support/commands.ts'
import { type House, openHouse, system } from '../../support/house.ts'
import { openMoneyWorld } from '../../support/money-world.ts'
import { newPlayer, newSession, type Resident } from '../../support/residents.ts'

let house: House
let processes: readonly Pick<House, 'as' | 'submit'>[]
beforeAll(async () => {
  house = await openHouse()
  processes = [house, house.secondProcess()]
})
afterAll(() => house.close())

/** A player with 1000.00, in a session of the game "book". */
async function seated() {
  const player = await newPlayer(house)
  const sessionId = await newSession(house, player.id)
  const [row] = await house.sql<{ token_hash: Buffer; account: string; provider: string }[]>`
    select s.token_hash, a.id as account, a.provider_id as provider
    from sessions s join provider_accounts a on a.id = s.provider_account_id where s.id = ${sessionId}`
  const { token_hash: tokenHash, account, provider } = row ?? expect.fail()
  const commands = commandsOf({ brandId: house.brandId, providerId: provider, accountId: account })
  const seat = { playerId: player.id, tokenHash }
  await house.submit({ command: commands.deposit(seat, { key: uuidv7(), amountMinor: 100_000n }) })
  let bets = 0
  const bet = (submit: Submit, amountMinor = 100n, roundKey = uuidv7()) => {
    bets += 1
    const given = { key: `${player.id.slice(-12)} ${bets}`, amountMinor, roundKey, gameCode: 'book' }
    return submit({ command: commands.bet(seat, given) })
  }
  const staked = async () => {
    const [sum] = await house.sql<{ total: bigint }[]>`
      select coalesce(sum(stake_minor), 0)::bigint as total from bets where player_id = ${player.id}`
    return sum?.total
  }
  return { player, bet, staked }
}

const limit = (
  process: Pick<House, 'as'>,
  player: Resident,
  amount: string,
  kind: 'STAKE' | 'LOSS' | 'STAKE_PER_ROUND' = 'STAKE',
) =>
  setLimit(process.as(system), {
    idempotencyKey: uuidv7(),
    subject: { player },
    kind,
    period: kind === 'STAKE_PER_ROUND' ? null : 'MONTH',
    currency: 'EUR',
    amount,
    reason: 'test',
  })

const verdictsOf = async (outcomes: readonly Promise<{ verdict: string }>[]) =>
  (await Promise.all(outcomes)).map(({ verdict }) => verdict).sort()

test.each(['STAKE', 'LOSS', 'STAKE_PER_ROUND'] as const)(
  'of two bets at once that each use up a limit on %s, one is accepted',
  async (kind) => {
    for (let round = 0; round < 10; round += 1) {
      const { player, bet, staked } = await seated()
      await limit(house, player, '1', kind)
      const roundKey = uuidv7()
      const verdicts = await verdictsOf(processes.map(({ submit }) => bet(submit, 100n, roundKey)))
      expect(verdicts).toEqual(['LIMIT', 'OK'])
      expect(await staked()).toBe(100n)
    }
  },
)

test('fifty bets at once over two processes are accepted up to the limit exactly', async () => {
  const { player, bet, staked } = await seated()
  await limit(house, player, '17')
  const outcomes = Array.from({ length: 50 }, (_, index) => bet((processes[index % 2] ?? house).submit))
  const verdicts = await verdictsOf(outcomes)
  expect(verdicts.filter((verdict) => verdict === 'OK')).toHaveLength(17)
  expect(verdicts.filter((verdict) => verdict === 'LIMIT')).toHaveLength(33)
  expect(await staked()).toBe(1700n)
})

test('once a lower limit is answered, no bet beyond it is accepted, though bets run all the while', async () => {
  const { player, bet, staked } = await seated()
  const running = new AbortController()
  const [first, second] = processes
  const player1 = (async () => {
    while (!running.signal.aborted) await bet((first ?? house).submit, 1n)
  })()
  while (((await staked()) ?? 0n) < 20n) await bet(house.submit, 1n)
  await limit(second ?? house, player, '0.01')
  const then = await staked()
  const verdicts = await verdictsOf(processes.map(({ submit }) => bet(submit, 1n)))
  running.abort()
  await player1
  expect(verdicts).toEqual(['LIMIT', 'LIMIT'])
  expect(await staked()).toBe(then)
})

test('once an exclusion is answered, no bet is accepted', async () => {
  const { player, bet, staked } = await seated()
  const early = Array.from({ length: 20 }, () => bet(house.submit))
  const input = { idempotencyKey: uuidv7(), player, until: null, reason: 'test' }
  await excludePlayer((processes[1] ?? house).as(system), input)
  const then = await staked()
  const late = await verdictsOf(processes.map(({ submit }) => bet(submit)))
  expect(late).toEqual(['PLAYER_BLOCKED', 'PLAYER_BLOCKED'])
  await Promise.all(early)
  expect(await staked()).toBe(then)
})

test('a bet that waits for its player while a limit is written is held to that limit', async () => {
  const world = await openMoneyWorld()
  try {
    const seat = await world.seat()
    const { brandId } = world.commands.deposit(seat, { key: 'names the brand' })
    const holder = await world.sql.reserve()
    await holder`begin`
    await holder`select from players where id = ${seat.playerId} for no key update`
    const waiting = world.process().send(world.commands.bet(seat, { key: 'b', amountMinor: 2n }))
    await world.blocked()
    await holder`
      insert into limits (id, brand_id, player_id, kind, currency, amount_minor, effective_from)
      values (${uuidv7()}, ${brandId}, ${seat.playerId}, 'STAKE_PER_BET', 'EUR', 1, now())`
    await holder`commit`
    holder.release()
    expect((await waiting).verdict).toBe('LIMIT')
  } finally {
    await world.close()
  }
})
