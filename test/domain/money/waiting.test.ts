import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openVerbLane } from '../../../src/domain/journal/open-verb-lane.ts'
import type { VerbLane } from '../../../src/domain/journal/verb-lane.ts'
import type { Command, Outcome } from '../../../src/domain/money/types.ts'
import { stranger } from '../../support/gaming-table.ts'
import { holdBatch } from '../../support/hold-batch.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../../support/money-world.ts'

let world: MoneyWorld
let waiter: Process
let verbs: VerbLane
beforeAll(async () => {
  world = await openMoneyWorld()
  waiter = world.process({ streams: 1 })
  verbs = openVerbLane(world.database.target)
  // The statements are known to the connection: nothing of what follows is slow because it is the first time.
  const seat = await world.seat()
  await waiter.send(world.commands.bet(seat, { key: 'warm', closesRound: true }))
})
afterAll(async () => {
  expect(await moneyViolations(world.sql)).toEqual([])
  await verbs.close()
  await world.close()
})

let stories = 0
/** A player with 1000, and the commands of one story of his in a round of its own. */
async function begin() {
  const seat = await world.seat()
  stories += 1
  const n = stories
  const { bet, win, rollback, endRound, deposit } = world.commands
  const named = { roundKey: `round ${n}` }
  const reference = { ...named, referenceKey: `bet ${n}` }
  return {
    seat,
    bet: bet(seat, { ...named, key: `bet ${n}` }),
    secondBet: bet(seat, { ...named, key: `second bet ${n}` }),
    bigBet: bet(seat, { ...named, key: `big bet ${n}`, amountMinor: 1500n }),
    win: win(seat, { ...reference, key: `win ${n}`, amountMinor: 250n }),
    loss: win(seat, { ...reference, key: `loss ${n}`, amountMinor: 0n }),
    rollback: rollback(seat, { ...reference, key: `rollback ${n}` }),
    strayRollback: rollback(stranger, { ...reference, key: `rollback ${n}` }),
    endRound: endRound(seat, { ...named, key: `end ${n}` }),
    deposit: deposit(seat, { key: `deposit ${n}`, amountMinor: 600n }),
  }
}

type Story = Awaited<ReturnType<typeof begin>>
type Name = Exclude<keyof Story, 'seat'>

/** Another process has written `held` and not committed; `sent` comes, waits, and is decided after the commit. */
async function meet(held: Command, sent: Command): Promise<Outcome> {
  const batch = await holdBatch(world.database.target, held)
  expect(batch.verdicts).toEqual(['OK'])
  const outcome = waiter.send(sent)
  await world.blocked()
  await batch.commit()
  return outcome
}

interface Case {
  readonly before?: readonly Name[]
  readonly held: Name
  readonly sent: Name
  readonly outcome: Partial<Outcome>
}

const cases: Record<string, Case> = {
  'a transaction: the same bet debits once': {
    held: 'bet',
    sent: 'bet',
    outcome: { verdict: 'REPLAY', first: 'OK', balanceMinor: 900n },
  },
  'a transaction: a win whose bet was not there before the lock is paid': {
    held: 'bet',
    sent: 'win',
    outcome: { verdict: 'OK', balanceMinor: 1150n },
  },
  'a bet: a win after a rollback pays nothing': {
    before: ['bet'],
    held: 'rollback',
    sent: 'win',
    outcome: { verdict: 'REFERENCE_ROLLED_BACK', balanceMinor: 1000n },
  },
  'a bet: a rollback after a win gives nothing back': {
    before: ['bet'],
    held: 'win',
    sent: 'rollback',
    outcome: { verdict: 'ALREADY_SETTLED', balanceMinor: 1150n },
  },
  'a bet: a rollback after a loss gives nothing back': {
    before: ['bet'],
    held: 'loss',
    sent: 'rollback',
    outcome: { verdict: 'ALREADY_SETTLED', balanceMinor: 900n },
  },
  'a bet: a rollback after a rollback gives nothing back': {
    before: ['bet'],
    held: 'rollback',
    sent: 'strayRollback',
    outcome: { verdict: 'REPLAY', first: 'OK', balanceMinor: 1000n },
  },
  'a round: a bet joins the round that another has just started': {
    held: 'bet',
    sent: 'secondBet',
    outcome: { verdict: 'OK', balanceMinor: 800n },
  },
  'a round: its end settles the bet that has just come': {
    before: ['bet'],
    held: 'secondBet',
    sent: 'endRound',
    outcome: { verdict: 'OK', balanceMinor: 800n },
  },
  'a round: a bet after its end takes it up again': {
    before: ['bet'],
    held: 'endRound',
    sent: 'secondBet',
    outcome: { verdict: 'OK', balanceMinor: 800n },
  },
  'a round: a second end is only noted': {
    before: ['bet'],
    held: 'endRound',
    sent: 'endRound',
    outcome: { verdict: 'REPLAY', first: 'OK' },
  },
  'a wallet: a bet is covered by the deposit that has just come': {
    held: 'deposit',
    sent: 'bigBet',
    outcome: { verdict: 'OK', balanceMinor: 100n },
  },
}

describe('who waited for the lock decides on the state after it:', () => {
  test.each(Object.entries(cases))('%s', async (_title, given) => {
    const story = await begin()
    for (const name of given.before ?? []) await waiter.send(story[name])
    expect(await meet(story[given.held], story[given.sent])).toMatchObject(given.outcome)
    if (given.outcome.balanceMinor !== undefined)
      expect(await world.cash(story.seat)).toBe(given.outcome.balanceMinor)
  })

  test('rounds and bets are left as one after the other would leave them', async () => {
    const story = await begin()
    await waiter.send(story.bet)
    await meet(story.endRound, story.secondBet)
    const bets = await world.sql`
      select b.status, b.late, r.status as round from bets b join rounds r on r.id = b.round_id
      where b.player_id = ${story.seat.playerId} order by b.transaction_key`
    expect([...bets]).toEqual([
      { status: 'SETTLED', late: false, round: 'OPEN' },
      { status: 'OPEN', late: true, round: 'OPEN' },
    ])
  })
})

describe('a bet and a rollback that no lock brings into line meet on the key:', () => {
  test('the bet was first: the rollback waits and gives the stake back', async () => {
    const story = await begin()
    expect(await meet(story.bet, story.strayRollback)).toMatchObject({
      verdict: 'OK',
      balanceMinor: 1000n,
    })
    expect(await world.cash(story.seat)).toBe(1000n)
  })

  test('the rollback was first: the bet waits and moves nothing', async () => {
    const story = await begin()
    expect(await meet(story.strayRollback, story.bet)).toMatchObject({ verdict: 'TOMBSTONED' })
    expect(await world.cash(story.seat)).toBe(1000n)
  })

  test('the rollback came to nothing: the bet waits and is placed', async () => {
    const story = await begin()
    const batch = await holdBatch(world.database.target, story.strayRollback)
    const outcome = waiter.send(story.bet)
    await world.blocked()
    await batch.rollBack()
    expect(await outcome).toMatchObject({ verdict: 'OK', balanceMinor: 900n })
  })
})

describe('an operator and a bet', () => {
  const cause = { actor: { kind: 'SYSTEM', id: null }, requestId: 'test' } as const

  /** Runs an update in a verb's transaction, which stays open until told to go on. */
  function verb({ playerId }: MoneySeat, update: string) {
    const entered = Promise.withResolvers<void>()
    const leave = Promise.withResolvers<void>()
    const done = verbs.transact(cause, [playerId], async (tx) => {
      await tx.run(update, [playerId])
      tx.append({ type: 'PlayerBlocked', brandId: null, playerId, occurredAt: new Date() })
      entered.resolve()
      await leave.promise
    })
    return { entered: entered.promise, leave: leave.resolve, done }
  }

  test.each([
    ['a block', `update players set status = 'BLOCKED' where id = $1`, 'PLAYER_BLOCKED'],
    ['a closed session', `update sessions set status = 'CLOSED' where player_id = $1`, 'SESSION_EXPIRED'],
  ])('%s under way refuses the bet that waits', async (_title, update, verdict) => {
    const story = await begin()
    const { entered, leave, done } = verb(story.seat, update)
    await entered
    const outcome = waiter.send(story.bet)
    await world.blocked()
    leave()
    await done
    expect(await outcome).toMatchObject({ verdict, balanceMinor: 1000n })
    expect(await world.cash(story.seat)).toBe(1000n)
  })

  test('a bet under way is placed, and the block that waits comes after it', async () => {
    const story = await begin()
    const batch = await holdBatch(world.database.target, story.bet)
    const { leave, done } = verb(story.seat, `update players set status = 'BLOCKED' where id = $1`)
    leave()
    await world.blocked()
    await batch.commit()
    await done
    const types = await world.sql<{ type: string }[]>`
      select type from journal where player_id = ${story.seat.playerId} order by player_version`
    expect(types.map(({ type }) => type)).toEqual([
      'DepositRecorded',
      'RoundStarted',
      'BetPlaced',
      'PlayerBlocked',
    ])
    expect((await waiter.send(story.secondBet)).verdict).toBe('PLAYER_BLOCKED')
  })
})
