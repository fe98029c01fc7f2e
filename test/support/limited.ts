// The rules without a database, with limits on them.
import { putLimit } from '../../src/domain/money/state.ts'
import type { Limit } from '../../src/domain/players/types.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { noon, openTable, type Table, type TableSeat } from './gaming-table.ts'

type Given = Partial<Limit> & { readonly of?: 'PLAYER' | 'BRAND' | 'GAME' }

/** Holds the player, or everybody, to a limit: 1.00 EUR a day unless said otherwise. */
export function addLimit(table: Table, seat: TableSeat, { of = 'PLAYER', ...given }: Given): void {
  putLimit(table.state, {
    id: uuidv7(noon),
    brandId: table.desk.brandId,
    playerId: of === 'PLAYER' ? seat.playerId : null,
    gameId: of === 'GAME' ? seat.session.gameId : null,
    kind: 'STAKE',
    period: given.kind?.startsWith('STAKE_') ? null : 'DAY',
    currency: 'EUR',
    amountMinor: 100n,
    effectiveFrom: noon,
    pendingMinor: null,
    pendingFrom: null,
    ...given,
  })
}

/** A table with one player who is held to one limit. */
export function limited(given: Given, seated: Parameters<Table['seat']>[0] = {}) {
  const table = openTable()
  const seat = table.seat({ cashMinor: 100_000n, ...seated })
  addLimit(table, seat, given)
  let number = 0
  const bet = (
    amountMinor: bigint,
    more: Partial<Parameters<Table['commands']['bet']>[1]> & { at?: Date } = {},
  ) => {
    const { at = noon, ...rest } = more
    number += 1
    return table.play(table.commands.bet(seat, { key: `b${number}`, amountMinor, ...rest }), at)
  }
  const verdict = (...args: Parameters<typeof bet>) => bet(...args).verdict
  return { table, seat, bet, verdict }
}
