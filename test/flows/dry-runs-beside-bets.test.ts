// Dry runs while bets are placed on the same wallet, and after any history: they see one moment, and wait for nobody.
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Command, Outcome } from '../../src/domain/money/types.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { seedOperator, startTestApp, type TestApp } from '../support/app.ts'
import { type Play, type Stage, step } from '../support/histories.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../support/money-world.ts'
import { type Correction, rehearseAndRun, send } from '../support/rehearsals.ts'

let app: TestApp
let world: MoneyWorld
let process: Process
let token: string
beforeAll(async () => {
  app = await startTestApp()
  world = await openMoneyWorld(app.database)
  process = world.process()
  const brands = await world.sql<{ id: string }[]>`select id from brands`
  const brandIds = brands.map(({ id }) => id)
  token = (await seedOperator(world.sql, 'ADMIN', brandIds)).token
})
afterAll(async () => {
  await world.close()
  await app.close()
})

const reason = 'it is wrong'

const adjust = ({ playerId }: MoneySeat, amount: string, account = 'CASH'): Correction => ({
  verb: 'adjustBalance',
  input: {
    idempotencyKey: uuidv7(),
    reason,
    account,
    amount: { amount, currency: 'EUR' },
    player: { byId: globalId('Player', playerId) },
  },
})

const resolve = (verb: 'closeRound' | 'voidRound', roundId: string): Correction => ({
  verb,
  input: { idempotencyKey: uuidv7(), reason, roundId: globalId('Round', roundId) },
})

test('beside bets on the same wallet all of both succeed, and what is shown was so at one moment', async () => {
  const seat = await world.seat(100_000n)
  const { commands } = world
  const bet = (key: string) => process.send(commands.bet(seat, { key: `${key} ${seat.playerId}` }))
  const { roundId = '' } = await bet('first')
  const betting = Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      for (let at = 0; at < 15; at += 1) expect((await bet(`${n} ${at}`)).verdict).toBe('OK')
    }),
  )
  const looking = Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let at = 0; at < 6; at += 1) {
        const { preview, userErrors } = await send(app, token, resolve('voidRound', roundId), true)
        expect(userErrors).toEqual([])
        // Whatever was staked by then comes back: of cash and bets of two moments it would be more or less.
        expect(preview?.wallets[0]?.cash.after.amount).toBe('1000.00')
        expect((await send(app, token, adjust(seat, '-1000.00'), true)).userErrors).toHaveLength(1)
      }
    }),
  )
  await Promise.all([betting, looking])
  expect(await world.cash(seat)).toBe(100_000n - 121n * 100n)
})

test('a dry run answers while another holds the player, for whom a bet has to wait', async () => {
  const seat = await world.seat(1000n)
  const { roundId = '' } = await process.send(world.commands.bet(seat, { key: `b1 ${seat.playerId}` }))
  const bets: Promise<Outcome>[] = []
  await world.sql.begin(async (tx) => {
    await tx`select from players where id = ${seat.playerId} for update`
    bets.push(process.send(world.commands.bet(seat, { key: `b2 ${seat.playerId}` })))
    await world.blocked()
    const { preview } = await send(app, token, resolve('voidRound', roundId), true)
    expect(preview?.bets).toHaveLength(1)
  })
  expect((await Promise.all(bets)).map(({ verdict }) => verdict)).toEqual(['OK'])
  expect(await world.cash(seat)).toBe(800n)
})

/** fast-check prints the seed and the path of a failure; both go here to play it again. */
const seed = Number(globalThis.process.env['SEED'] ?? Date.now() % 1_000_000_000)
/** More of them, for a long run. */
const histories = Number(globalThis.process.env['HISTORIES'] ?? 10)

const correcting = fc.oneof(
  fc
    .record({
      amount: fc.constantFrom('-2.00', '-1.30', '-0.40', '0.00', '0.40'),
      account: fc.constantFrom('CASH', 'BONUS', 'OWED'),
    })
    .map(
      ({ amount, account }) =>
        (seat: MoneySeat) =>
          adjust(seat, amount, account),
    ),
  fc
    .record({
      verb: fc.constantFrom('closeRound' as const, 'voidRound' as const),
      key: fc.constantFrom('r1', 'r2'),
    })
    .map(
      ({ verb, key }) =>
        (_: MoneySeat, rounds: ReadonlyMap<string, { id: string }>) =>
          resolve(verb, rounds.get(key)?.id ?? uuidv7()),
    ),
)

test(`after random histories corrections do what their dry runs said (SEED=${seed})`, async () => {
  const all = fc.tuple(
    fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }),
    fc.array(correcting, { minLength: 3, maxLength: 3 }),
  )
  await fc.assert(
    fc.asyncProperty(all, async ([history, corrections]) => {
      const seat = await world.seat(600n)
      const rounds = await play(history, seat)
      for (const correction of corrections) {
        await rehearseAndRun(app, token, correction(seat, rounds))
      }
    }),
    { numRuns: histories, seed, endOnFailure: true },
  )
})

/** Plays a history with keys of the player's own; its rounds by key. */
async function play(history: readonly Play[], seat: MoneySeat): Promise<Map<string, { id: string }>> {
  const rounds = new Map<string, { id: string }>()
  const stage: Stage<MoneySeat> = { commands: world.commands, round: (_, key) => rounds.get(key) }
  const before: Command[] = []
  for (const next of history) {
    const given = next(stage, seat, before)
    before.push(given)
    const own = (key: string) => (key.startsWith(seat.playerId) ? key : `${seat.playerId} ${key}`)
    const command = {
      ...given,
      transactionKey: own(given.transactionKey),
      ...('referenceKey' in given && given.referenceKey && { referenceKey: own(given.referenceKey) }),
    }
    if ('roundId' in command && command.roundId === 'none') continue
    const { roundId } = await process.send(command)
    if (roundId && 'roundKey' in command && command.roundKey) rounds.set(command.roundKey, { id: roundId })
  }
  return rounds
}
