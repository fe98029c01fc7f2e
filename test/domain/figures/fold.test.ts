import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appRole } from '../../../src/db/grants.ts'
import { compareFigures } from '../../../src/domain/figures/compare.ts'
import { foldAll, foldStep } from '../../../src/domain/figures/fold.ts'
import { type Folder, openFolder } from '../../../src/domain/figures/open-folder.ts'
import { rebuildFigures } from '../../../src/domain/figures/rebuild.ts'
import type { Command } from '../../../src/domain/money/types.ts'
import { administer } from '../../support/administer.ts'
import {
  betTotals,
  foldedBiggest,
  foldedHours,
  foldedTotals,
  ledgerHours,
  standingBiggest,
} from '../../support/figures-scan.ts'
import { type Play, type Stage, step } from '../../support/histories.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../../support/money-world.ts'

let world: MoneyWorld
let process: Process
const folders: Folder[] = []

beforeAll(async () => {
  world = await openMoneyWorld()
  process = world.process()
})
afterAll(async () => {
  await Promise.all(folders.map((one) => one.close()))
  await world.close()
})

/** A connection as servers fold with. */
function folder() {
  const opened = openFolder(world.database.target, { role: appRole, applicationName: 'folding test' })
  folders.push(opened)
  return opened
}

/** Everything that was folded, compared with the bets, the ledger and the wins that stand. */
async function compare(): Promise<void> {
  const { sql } = world
  const bets = await betTotals(sql)
  expect(await foldedTotals(sql, 'DAYS')).toEqual(bets)
  expect(await foldedTotals(sql, 'PLAYERS')).toEqual(bets)
  expect(await foldedHours(sql)).toEqual(await ledgerHours(sql))
  expect(await foldedBiggest(sql)).toEqual(await standingBiggest(sql))
}

const sumsOf = async ({ playerId }: MoneySeat) => {
  await foldAll(world)
  const [row] = await world.sql`
    select sum(bets)::int as bets, sum(stake_minor)::int as stake, sum(bonus_stake_minor)::int as bonus,
      sum(stake_squares)::int as squares, sum(win_minor)::int as win, sum(jackpot_minor)::int as jackpot,
      max(biggest_win_minor)::int as biggest from player_figures where player_id = ${playerId}`
  return Object.values(row ?? {})
    .join(' ')
    .trim()
}

test('a stake counts when its bet is settled, a win when it is recorded, and what is taken back no more', async () => {
  const { commands } = world
  const seat = await world.seat(10_000n)
  const send = (command: Command) => process.send(command)
  const ofSeat = () => sumsOf(seat)
  await send(commands.bet(seat, { key: 'a', roundKey: 'A', amountMinor: 300n }))
  expect(await ofSeat()).toBe('')
  await send(commands.win(seat, { key: 'aw', roundKey: 'A', referenceKey: 'a', amountMinor: 70n }))
  expect(await ofSeat()).toBe('0 0 0 0 70 0 70')
  await send(commands.endRound(seat, { key: 'ae', roundKey: 'A' }))
  expect(await ofSeat()).toBe('1 300 0 90000 70 0 70')
  const jackpot = { amountMinor: 500n, jackpotMinor: 420n, closesRound: true }
  await send(commands.win(seat, { key: 'late', roundKey: 'A', referenceKey: 'a', ...jackpot }))
  expect(await ofSeat()).toBe('1 300 0 90000 150 420 500')
  const reversing = { roundKey: 'A', afterWin: 'REVERSE_REFERENCED' } as const
  await send(commands.rollback(seat, { key: 'lr', referenceKey: 'late', ...reversing }))
  expect(await ofSeat()).toBe('1 300 0 90000 70 0 70')
  await send(commands.rollback(seat, { key: 'ar', referenceKey: 'a', ...reversing }))
  expect(await ofSeat()).toBe('0 0 0 0 70 0 70')
  await send(commands.rollback(seat, { key: 'wr', referenceKey: 'aw', ...reversing }))
  expect(await ofSeat()).toBe('0 0 0 0 0 0 0')
  await compare()
})

test('a bet that is rolled back or voided while it is open never counts', async () => {
  const { commands } = world
  const seat = await world.seat()
  await process.send(commands.bet(seat, { key: 'open', roundKey: 'O' }))
  await process.send(commands.rollback(seat, { key: 'back', roundKey: 'O', referenceKey: 'open' }))
  const { roundId = '' } = await process.send(commands.bet(seat, { key: 'void', roundKey: 'V' }))
  await process.send(commands.resolve(seat, { key: 'resolve', kind: 'VOID_ROUND', roundId }))
  expect(await sumsOf(seat)).toBe('')
})

test('one step at a time is taken: whoever comes meanwhile, or too soon, does nothing', async () => {
  const { commands } = world
  const seat = await world.seat()
  await foldAll(world)
  await process.send(commands.bet(seat, { key: 'once', roundKey: '1', closesRound: true }))
  const steps = await Promise.all([folder(), folder(), folder()].map((one) => one.step()))
  expect(steps.reduce((sum, { events }) => sum + events, 0)).toBe(1)
  expect(await foldStep(world, { gapMs: 60_000 })).toMatchObject({ taken: false, rows: 0 })
  expect(await sumsOf(seat)).toBe('1 100 0 10000 0 0 0')
})

async function play(history: readonly Play[], seat: MoneySeat, at: Process): Promise<void> {
  const rounds = new Map<string, { id: string }>()
  const stage: Stage<MoneySeat> = { commands: world.commands, round: (_, key) => rounds.get(key) }
  const before: Command[] = []
  for (const next of history) {
    const command = ownKeys(withJackpot(next(stage, seat, before)), seat)
    before.push(command)
    const { roundId } = await at.send(command)
    if (roundId && 'roundKey' in command && command.roundKey) rounds.set(command.roundKey, { id: roundId })
  }
}

/** Histories on one database share its key space. */
function ownKeys(command: Command, { externalId }: MoneySeat): Command {
  const own = <Key extends string | undefined>(key: Key) =>
    key === undefined || key.includes('@') ? key : `${key}@${externalId}`
  const referenceKey = 'referenceKey' in command ? { referenceKey: own(command.referenceKey) } : {}
  return { ...command, ...referenceKey, transactionKey: own(command.transactionKey) }
}

const withJackpot = (command: Command): Command =>
  command.kind === 'WIN' && command.amountMinor === 130n ? { ...command, jackpotMinor: 50n } : command

const seed = Number(globalThis.process.env['SEED'] ?? Date.now() % 1_000_000_000)
const roundsOfHistories = Number(globalThis.process.env['HISTORIES'] ?? 6)

test(`after random histories the figures are those of a scan, whoever folds how much when (SEED=${seed})`, async () => {
  const histories = fc.array(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), {
    minLength: 6,
    maxLength: 6,
  })
  const both = [folder(), folder()]
  await fc.assert(
    fc.asyncProperty(histories, fc.integer({ min: 1, max: 7 }), async (given, laneRows) => {
      const other = world.process()
      const playing = Promise.all(
        given.map(async (history, n) => play(history, await world.seat(600n), n % 2 ? process : other)),
      )
      const done = new AbortController()
      const folding = both.map(async (one) => {
        while (!done.signal.aborted) await one.step({ laneRows })
      })
      await playing.finally(() => {
        done.abort()
      })
      await Promise.all(folding)
      await foldAll(world, { laneRows })
      await compare()
      await other.close()
    }),
    { numRuns: roundsOfHistories, seed, endOnFailure: true },
  )
})

test('folders that are cut off again and again lose nothing and count nothing twice', async () => {
  const { commands, database } = world
  const seats = await Promise.all(Array.from({ length: 4 }, () => world.seat(1_000_000n)))
  let cuts = 0
  const enough = () => cuts >= 10
  const folding = [folder(), folder()].map(async (one) => {
    while (!enough()) {
      await one.step({ laneRows: 3 }).catch(() => {
        cuts += 1
      })
    }
  })
  const cutting = (async () => {
    while (!enough()) {
      await administer(
        database.target,
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'folding test'
         and datname = current_database() and state = 'active'`,
      )
    }
  })()
  const betting = seats.map(async (seat, n) => {
    for (let i = 1; !enough(); i += 1) {
      const round = { key: `cut ${n} ${i}`, roundKey: `cut ${n} ${i}`, amountMinor: BigInt(i % 90) }
      await process.send(commands.bet(seat, { ...round, closesRound: true }))
    }
  })
  await Promise.all([...betting, ...folding, cutting])
  await foldAll(world)
  await compare()
})

test('figures are compared with the ledger, and counted anew', async () => {
  const { sql } = world
  expect(await compareFigures(world)).toEqual([])
  await sql`update figures set win_minor = win_minor + 1 where (grain, group_id, starts_at) = (
    select f.grain, f.group_id, f.starts_at from figures f join figure_groups g on g.id = f.group_id
    where f.grain = 'DAY' and g.level = 'GAME' and g.kind = 'REAL' limit 1)`
  const differences = await compareFigures(world)
  expect(differences.toSorted()).toEqual([
    expect.stringMatching(/^brand brand-.*, EUR, the day of .*: GGR /),
    expect.stringMatching(/^brand brand-.*, EUR, the day of .*: REAL bets do not add up/),
  ])
  await sql`insert into player_figures select f.player_id, f.starts_at - interval '30 days', f.group_id, f.bets,
    f.stake_minor, f.bonus_stake_minor, f.stake_squares, f.win_minor, f.jackpot_minor, f.biggest_win_minor
    from player_figures f where f.starts_at = (select max(starts_at) from player_figures)`
  expect((await compareFigures(world)).length).toBeGreaterThan(2)
  const racing = folder()
  const forgotten: number[] = []
  const anew = rebuildFigures(world, { onForget: (parts) => forgotten.push(parts) })
  const [, { rows }] = await Promise.all([racing.step(), anew])
  expect(forgotten).toEqual([6])
  expect(rows).toBeGreaterThanOrEqual(0)
  await foldAll(world)
  expect(await compareFigures(world)).toEqual([])
  await compare()
})

test('days whose journal months have gone stay when figures are counted anew', async () => {
  const { commands, sql } = world
  const before = await foldedTotals(sql, 'DAYS')
  await sql`insert into lane_floors (lane, seq, event_id, recorded_at) values (63, 1, gen_random_uuid(), now())`
  const seat = await world.seat()
  await process.send(commands.bet(seat, { key: 'today', roundKey: 'today', closesRound: true }))
  await foldAll(world)
  const after = await foldedTotals(sql, 'DAYS')
  expect(after).not.toEqual(before)
  await rebuildFigures(world)
  expect(await foldedTotals(sql, 'DAYS')).toEqual(after)
  expect(await foldedTotals(sql, 'PLAYERS')).toEqual(after)
})
