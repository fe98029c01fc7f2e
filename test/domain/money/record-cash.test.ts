import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordCashInput } from '../../../src/domain/money/record-cash.ts'
import { recordDeposit } from '../../../src/domain/money/record-deposit.ts'
import { recordWithdrawal } from '../../../src/domain/money/record-withdrawal.ts'
import type { Submit } from '../../../src/domain/money/types.ts'
import { blockPlayer } from '../../../src/domain/sessions/block-player.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { digestOf, entriesOf, type House, openHouse, system } from '../../support/house.ts'
import { newPlayer } from '../../support/residents.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const eur = (player: RecordCashInput['player'], amount: string): RecordCashInput => ({
  idempotencyKey: uuidv7(),
  player,
  amount,
  currency: 'EUR',
})

const uncertain: Submit = ({ command }) =>
  Promise.resolve({ verdict: 'RETRY_LATER', brandId: command.brandId })

const cashOf = async (playerId: string) => {
  const rows = await house.sql<{ currency: string; cash_minor: bigint }[]>`
    select currency, cash_minor from wallets where player_id = ${playerId} order by currency`
  return rows.map(({ currency, cash_minor }) => `${cash_minor} ${currency}`)
}

describe('recordDeposit and recordWithdrawal', () => {
  it('move money exactly, each with an entry under its transaction', async () => {
    const player = await newPlayer(house)
    const actor = house.operator('SERVICE')
    const put = eur(player, '12.30')
    const taken = eur({ brandCode: 'demo', externalId: player.externalId }, '2.3000')
    const deposit = await recordDeposit(house.as(actor), put, house.submit)
    const withdrawal = await recordWithdrawal(house.as(actor), taken, house.submit)
    expect(await cashOf(player.id)).toEqual(['1000 EUR'])
    const rows = await house.sql`
      select id, scope_id, transaction_key, kind, verdict, amount_minor, currency from transactions
      where player_id = ${player.id} order by id`
    expect([...rows]).toEqual([
      {
        id: deposit.ids?.transactionId,
        scope_id: house.brandId,
        transaction_key: `deposit:${actor.id}:${put.idempotencyKey}`,
        kind: 'DEPOSIT',
        verdict: 'OK',
        amount_minor: 1230n,
        currency: 'EUR',
      },
      {
        id: withdrawal.ids?.transactionId,
        scope_id: house.brandId,
        transaction_key: `withdrawal:${actor.id}:${taken.idempotencyKey}`,
        kind: 'WITHDRAWAL',
        verdict: 'OK',
        amount_minor: 230n,
        currency: 'EUR',
      },
    ])
    const subject = {
      brand_id: house.brandId,
      subject_type: 'Player',
      subject_id: player.id,
      outcome: 'ALLOWED',
    }
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({
        ...subject,
        id: deposit.auditEntryId,
        action: 'recordDeposit',
        before: { cash: '0.00' },
        after: expect.objectContaining({ amount: '12.30', currency: 'EUR', cash: '12.30' }),
      }),
      expect.objectContaining({
        ...subject,
        id: withdrawal.auditEntryId,
        action: 'recordWithdrawal',
        before: { cash: '12.30' },
        after: expect.objectContaining({ amount: '2.30', currency: 'EUR', cash: '10.00' }),
      }),
    ])
  })

  it('open the wallet of a currency by its first deposit', async () => {
    const player = await newPlayer(house)
    const input = { idempotencyKey: 'btc', player, amount: '0.00000001', currency: 'BTC' }
    const { ids } = await recordDeposit(house.as(system), input, house.submit)
    expect(await cashOf(player.id)).toEqual(['1 BTC', '0 EUR'])
    const [wallet] = await house.sql`select currency from wallets where id = ${ids?.walletId ?? ''}`
    expect(wallet).toEqual({ currency: 'BTC' })
  })

  it('refuse a withdrawal that the cash does not cover, for good', async () => {
    const player = await newPlayer(house)
    const actor = house.operator('SERVICE')
    const asked = eur(player, '0.01')
    const first = await recordWithdrawal(house.as(actor), asked, house.submit)
    const userError = { code: 'INSUFFICIENT_FUNDS', field: 'amount.amount' }
    expect(first).toMatchObject({ ids: null, userError, replayed: false })
    await recordDeposit(house.as(system), eur(player, '5'), house.submit)
    expect(await recordWithdrawal(house.as(actor), asked, house.submit)).toEqual({ ...first, replayed: true })
    expect(await cashOf(player.id)).toEqual(['500 EUR'])
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({ id: first.auditEntryId, outcome: 'REFUSED', code: 'INSUFFICIENT_FUNDS' }),
    ])
  })

  it('let a blocked player take money out, and put none in', async () => {
    const player = await newPlayer(house)
    await recordDeposit(house.as(system), eur(player, '5'), house.submit)
    await blockPlayer(house.as(system), { idempotencyKey: uuidv7(), player, reason: 'fraud' })
    const userError = { code: 'PLAYER_BLOCKED', field: 'player' }
    expect(await recordDeposit(house.as(system), eur(player, '1'), house.submit)).toMatchObject({ userError })
    expect(await recordWithdrawal(house.as(system), eur(player, '5'), house.submit)).toMatchObject({
      userError: null,
    })
    expect(await cashOf(player.id)).toEqual(['0 EUR'])
  })

  it.each([
    ['BAD_AMOUNT', 'amount.amount', { amount: '0' }],
    ['BAD_AMOUNT', 'amount.amount', { amount: '-1' }],
    ['BAD_AMOUNT', 'amount.amount', { amount: '0.001' }],
    ['BAD_AMOUNT', 'amount.amount', { amount: '1e3' }],
    ['BAD_AMOUNT', 'amount.amount', { amount: '10000000000000.01' }],
    ['INPUT_INVALID', 'amount.currency', { currency: 'XYZ' }],
    ['PLAYER_UNKNOWN', 'player', { player: { id: uuidv7() } }],
  ] satisfies [string, string, Partial<RecordCashInput>][])(
    'refuse with %s: %s in %j',
    async (code, field, changes) => {
      const player = await newPlayer(house)
      const actor = house.operator('SERVICE')
      const asked = { ...eur(player, '1'), ...changes }
      for (const verb of [recordDeposit, recordWithdrawal]) {
        const before = await digestOf(house)
        const first = await verb(house.as(actor), asked, house.submit)
        expect(first).toMatchObject({ ids: null, userError: { code, field }, replayed: false })
        expect(await verb(house.as(actor), asked, house.submit)).toEqual({ ...first, replayed: true })
        expect(await digestOf(house)).toBe(before)
      }
      expect((await entriesOf(house, actor)).map((entry) => entry.code)).toEqual([code, code])
    },
  )

  it('answer a replay although the key was refused with other input in between', async () => {
    const player = await newPlayer(house)
    const actor = house.operator('SERVICE')
    const asked = eur(player, '1')
    const first = await recordDeposit(house.as(actor), asked, house.submit)
    await recordDeposit(house.as(actor), { ...asked, amount: '-1' }, house.submit)
    expect(await recordDeposit(house.as(actor), asked, house.submit)).toEqual({ ...first, replayed: true })
    expect(await cashOf(player.id)).toEqual(['100 EUR'])
  })

  it('say that it is uncertain when it is, and leave nothing that would stand in the way', async () => {
    const player = await newPlayer(house)
    const actor = house.operator('SERVICE')
    const asked = eur(player, '1')
    const first = await recordDeposit(house.as(actor), asked, uncertain)
    expect(first).toMatchObject({ ids: null, userError: { code: 'RETRY_LATER' }, auditEntryId: null })
    expect(await recordDeposit(house.as(actor), asked, house.submit)).toMatchObject({ userError: null })
    expect(await cashOf(player.id)).toEqual(['100 EUR'])
    expect(await entriesOf(house, actor)).toHaveLength(1)
  })
})
