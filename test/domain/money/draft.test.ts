import { describe, expect, test } from 'vitest'
import { Draft } from '../../../src/domain/money/draft.ts'
import { noon, openTable } from '../../support/gaming-table.ts'

describe('a draft', () => {
  const drafting = () => {
    const table = openTable()
    const seat = table.seat({ cashMinor: 10n })
    return { draft: new Draft(table.state, noon), seat, brandId: table.desk.brandId }
  }
  const event = (brandId: string) => ({ type: 'DepositRecorded', brandId }) as const

  test('refuses legs that do not sum to zero, and names the event', () => {
    const { draft, seat, brandId } = drafting()
    const record = () => draft.record(event(brandId), seat.walletId, [['CASH', 1n]])
    expect(record).toThrow('the legs of DepositRecorded sum to 1')
  })

  test('refuses to go below zero, or a debt above it', () => {
    const { draft, seat, brandId } = drafting()
    const move = (account: 'CASH' | 'OWED', amount: bigint) => () =>
      draft.record(event(brandId), seat.walletId, [
        [account, amount],
        ['HOUSE', -amount],
      ])
    expect(move('CASH', -11n)).toThrow('CASH would be -1')
    expect(move('OWED', 1n)).toThrow('OWED would be 1')
    move('CASH', -10n)()
    expect(draft.wallet(seat.walletId)?.cashMinor).toBe(0n)
  })

  test('leaves out legs of nothing', () => {
    const { draft, seat, brandId } = drafting()
    draft.record(event(brandId), seat.walletId, [
      ['CASH', 0n],
      ['HOUSE', 0n],
    ])
    expect(draft.events.map(({ legs }) => legs)).toEqual([[]])
    expect(draft.wallets.size).toBe(0)
  })

  test('refuses a wallet that nobody read', () => {
    const { draft, brandId } = drafting()
    const record = () =>
      draft.record(event(brandId), 'unread', [
        ['CASH', 1n],
        ['HOUSE', -1n],
      ])
    expect(record).toThrow('a posting names a wallet that was read')
  })
})
