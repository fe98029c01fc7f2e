// Corrections are shown before they are made: what a dry run says is what then happens, and it leaves no trace.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rolePermissions, roles } from '../../src/domain/operators/permissions.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { seedOperator, startTestApp, type TestApp } from '../support/app.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../support/money-world.ts'
import { type Correction, everyRow, type Payload, rehearseAndRun, type Verb } from '../support/rehearsals.ts'

let app: TestApp
let world: MoneyWorld
let process: Process
let token: string
let brandIds: string[]
beforeAll(async () => {
  app = await startTestApp()
  world = await openMoneyWorld(app.database)
  process = world.process()
  brandIds = (await world.sql<{ id: string }[]>`select id from brands`).map(({ id }) => id)
  token = (await seedOperator(world.sql, 'ADMIN', brandIds)).token
})
afterAll(async () => {
  await world.close()
  await app.close()
})

const fresh = () => ({ idempotencyKey: uuidv7(), reason: 'it is wrong' })

const ofPlayer = ({ playerId }: MoneySeat) => ({ player: { byId: globalId('Player', playerId) } })

const adjust = (seat: MoneySeat, amount: string, account = 'CASH', currency = 'EUR'): Correction => ({
  verb: 'adjustBalance',
  input: { ...fresh(), ...ofPlayer(seat), account, amount: { amount, currency } },
})

const cash = (verb: 'recordDeposit' | 'recordWithdrawal', seat: MoneySeat, amount: string): Correction => ({
  verb,
  input: { idempotencyKey: uuidv7(), ...ofPlayer(seat), amount: { amount, currency: 'EUR' } },
})

const resolve = (verb: 'closeRound' | 'voidRound', roundId: string): Correction => ({
  verb,
  input: { ...fresh(), roundId: globalId('Round', roundId) },
})

/** An open round of three bets: one lost so far, one of cash and bonus, one that was paid on. */
async function roundOfThree(): Promise<{ seat: MoneySeat; roundId: string }> {
  const seat = await world.seat(250n)
  const { commands } = world
  await process.send(commands.promo(seat, { key: `p ${seat.playerId}`, amountMinor: 200n, paidTo: 'BONUS' }))
  const bet = (key: string, amountMinor: bigint) =>
    process.send(commands.bet(seat, { key: `${key} ${seat.playerId}`, amountMinor }))
  const { roundId = '' } = await bet('b1', 100n)
  await bet('b2', 200n)
  await bet('b3', 50n)
  const win = { key: `w ${seat.playerId}`, referenceKey: `b1 ${seat.playerId}`, amountMinor: 330n }
  expect((await process.send(commands.win(seat, win))).verdict).toBe('OK')
  return { seat, roundId }
}

const codes = ({ userErrors }: Payload) => userErrors.map(({ code }) => code)

describe('a dry run', () => {
  it('of a round to void says whose stake comes back, to which account, and what is settled', async () => {
    const { roundId } = await roundOfThree()
    const { dry } = await rehearseAndRun(app, token, resolve('voidRound', roundId))
    const [wallet] = dry.preview?.wallets ?? []
    expect([wallet?.cash.before.amount, wallet?.cash.after.amount]).toEqual(['3.30', '4.80'])
    expect([wallet?.bonus.before.amount, wallet?.bonus.after.amount]).toEqual(['1.00', '2.00'])
    expect(dry.preview?.bets.map(({ statusAfter }) => statusAfter)).toEqual(['SETTLED', 'VOIDED', 'VOIDED'])
    expect(dry.preview?.round?.statusAfter).toBe('COMPLETED')
  })

  it('of a round to close says what is settled', async () => {
    const { roundId } = await roundOfThree()
    const { dry } = await rehearseAndRun(app, token, resolve('closeRound', roundId))
    expect(dry.preview).toMatchObject({
      wallets: [],
      bets: [{ resultAfter: 'WON' }, { resultAfter: 'LOST' }, { resultAfter: 'LOST' }],
      round: { statusBefore: 'OPEN', statusAfter: 'COMPLETED' },
    })
    expect(dry.preview?.ledgerEntries.length).toBe(6)
  })

  it.each([
    ['gives cash', (seat: MoneySeat) => adjust(seat, '1.30')],
    ['takes bonus', (seat: MoneySeat) => adjust(seat, '-2.00', 'BONUS')],
    ['writes down a debt', (seat: MoneySeat) => adjust(seat, '-0.40', 'OWED')],
    ['opens a wallet', (seat: MoneySeat) => adjust(seat, '7', 'CASH', 'JPY')],
    ['takes a deposit', (seat: MoneySeat) => cash('recordDeposit', seat, '5.00')],
    ['pays out', (seat: MoneySeat) => cash('recordWithdrawal', seat, '2.50')],
  ])('that %s says the balances and legs', async (_, correction) => {
    const seat = await world.seat(250n)
    await process.send(
      world.commands.promo(seat, { key: `p ${seat.playerId}`, amountMinor: 200n, paidTo: 'BONUS' }),
    )
    const { dry, real } = await rehearseAndRun(app, token, correction(seat))
    expect([codes(real), dry.preview?.wallets.length, dry.preview?.ledgerEntries.length]).toEqual([[], 1, 2])
  })

  it.each([
    ['INSUFFICIENT_FUNDS', (seat: MoneySeat) => adjust(seat, '-2.51')],
    ['INSUFFICIENT_FUNDS', (seat: MoneySeat) => adjust(seat, '0.01', 'OWED')],
    ['INSUFFICIENT_FUNDS', (seat: MoneySeat) => adjust(seat, '-1', 'CASH', 'JPY')],
    ['INSUFFICIENT_FUNDS', (seat: MoneySeat) => cash('recordWithdrawal', seat, '2.51')],
    ['BAD_AMOUNT', (seat: MoneySeat) => adjust(seat, '0.001')],
    ['INPUT_INVALID', (seat: MoneySeat) => noReason(adjust(seat, '1.00'))],
    ['INPUT_INVALID', (seat: MoneySeat) => withKey(adjust(seat, '1.00'), 'a key')],
    ['PLAYER_UNKNOWN', () => adjust({ ...nobody, playerId: uuidv7() }, '1.00')],
    ['ROUND_UNKNOWN', () => resolve('voidRound', uuidv7())],
  ])('is refused as the real one is: %s', async (code, correction) => {
    const seat = await world.seat(250n)
    const { dry } = await rehearseAndRun(app, token, correction(seat))
    expect([codes(dry), dry.preview]).toEqual([[code], null])
  })

  it('of a round that is over, or of a blocked player, is refused as the real one is', async () => {
    const { seat, roundId } = await roundOfThree()
    await process.send(world.commands.endRound(seat, { key: `e ${seat.playerId}` }))
    const { dry } = await rehearseAndRun(app, token, resolve('closeRound', roundId))
    expect(codes(dry)).toEqual(['ALREADY_COMPLETED'])
    await world.sql`update players set status = 'BLOCKED' where id = ${seat.playerId}`
    const deposit = await rehearseAndRun(app, token, cash('recordDeposit', seat, '1.00'))
    expect(codes(deposit.dry)).toEqual(['PLAYER_BLOCKED'])
  })

  it('takes no key; of one that was used it tells the first answer, or that it is taken', async () => {
    const seat = await world.seat(250n)
    const correction = adjust(seat, '1.00')
    const { real } = await rehearseAndRun(app, token, correction)
    const again = await rehearseAndRun(app, token, correction)
    expect(again.dry).toMatchObject({ replayed: true, transaction: real.transaction, preview: null })
    const other = adjust(await world.seat(), '1.00')
    const taken = await rehearseAndRun(app, token, withKey(other, correction.input.idempotencyKey))
    expect(codes(taken.dry)).toEqual(['IDEMPOTENCY_KEY_REUSED'])
  })

  it('of a refusal that is remembered is a replay too', async () => {
    const seat = await world.seat(250n)
    const correction = adjust(seat, '-9.00')
    await rehearseAndRun(app, token, correction)
    await process.send(world.commands.deposit(seat, { key: uuidv7(), amountMinor: 10_000n }))
    const { dry } = await rehearseAndRun(app, token, correction)
    expect([dry.replayed, codes(dry)]).toEqual([true, ['INSUFFICIENT_FUNDS']])
  })

  it('is for those only who may do it; of the others stays that they tried', async () => {
    const { seat, roundId } = await roundOfThree()
    const corrections = [adjust(seat, '1.00'), resolve('voidRound', roundId)] as const
    const needed = { adjustBalance: 'BETS_CORRECT', voidRound: 'ROUNDS_RESOLVE' } as const
    for (const role of roles) {
      const own = (await seedOperator(world.sql, role, brandIds)).token
      for (const { verb, input } of corrections) {
        const before = await everyRow(world.sql, 'audit_entries')
        const entries = await countEntries()
        const { data, errors } = await app.graphql<Record<Verb, { userErrors: unknown[] } | null>>(
          `mutation ($input: ${verb === 'voidRound' ? 'VoidRound' : 'AdjustBalance'}Input!) {
            ${verb}(input: $input) { userErrors { code } } }`,
          { input: { ...input, dryRun: true } },
          { token: own },
        )
        expect(await everyRow(world.sql, 'audit_entries')).toBe(before)
        const may = rolePermissions[role].includes(needed[verb as 'voidRound'])
        expect(await countEntries()).toBe(entries + (may ? 0 : 1))
        expect(errors?.map(({ extensions }) => extensions.code)).toEqual(may ? undefined : ['FORBIDDEN'])
        expect(data[verb]).toEqual(may ? { userErrors: [] } : null)
      }
    }
  })
})

const countEntries = async () => {
  const [row] = await world.sql<{ n: number }[]>`select count(*)::int as n from audit_entries`
  return row?.n ?? 0
}

const nobody: MoneySeat = {
  playerId: '',
  walletId: '',
  sessionId: '',
  externalId: '',
  tokenHash: Buffer.alloc(0),
}

const withKey = ({ verb, input }: Correction, idempotencyKey: string): Correction => ({
  verb,
  input: { ...input, idempotencyKey },
})

const noReason = ({ verb, input }: Correction): Correction => ({ verb, input: { ...input, reason: ' ' } })
