// A wallet with a long random history, and what the plain telling of the rules says of it after every command.
import type { Command } from '../../src/domain/money/types.ts'
import type { MoneySeat, MoneyWorld } from './money-world.ts'
import { type Random, seeded } from './random.ts'
import { ReferenceModel } from './reference-model.ts'

export interface Told {
  readonly cash: bigint
  readonly bonus: bigint
  readonly owed: bigint
}

export interface Moment extends Told {
  /** The stamp of the newest leg after the command, with its microseconds. */
  readonly at: string
  readonly kind: Command['kind']
}

const amounts = [0n, 5n, 40n, 130n, 300n]

/** Plays so many commands, one after the other; those that moved nothing are no moment of their own. */
export async function playWallet(world: MoneyWorld, seed: number, count: number) {
  const random = seeded(seed)
  const [seat] = await world.seats(1)
  if (!seat) throw new Error('there is no seat')
  const process = world.process({ streams: 1 })
  const model = new ReferenceModel(0n)
  const tell = (): Told => ({ cash: model.cash, bonus: model.bonus, owed: -model.owed })
  const moments: Moment[] = []
  const keys: string[] = []
  for (let n = 0; n < count; n += 1) {
    const before = tell()
    const command = next(world, seat, random, { n, keys })
    model.play(command)
    await process.send(command)
    const after = tell()
    const moved = before.cash !== after.cash || before.bonus !== after.bonus || before.owed !== after.owed
    if (moved) moments.push({ ...after, kind: command.kind, at: await newestStamp(world, seat) })
  }
  return { seat, moments }
}

function next(
  { commands }: MoneyWorld,
  seat: MoneySeat,
  random: Random,
  so: { n: number; keys: string[] },
): Command {
  const key = `${seat.playerId} ${so.n}`
  const amountMinor = random.pick(amounts)
  const referenceKey = so.keys.length > 0 && random.chance(0.9) ? random.pick(so.keys.slice(-4)) : 'nothing'
  const kind = random.int(10)
  if (kind < 4) {
    so.keys.push(key)
    return commands.bet(seat, { key, amountMinor, roundKey: `round ${so.keys.length % 5}` })
  }
  if (kind < 6) {
    const at = so.keys.indexOf(referenceKey)
    return commands.win(seat, {
      key,
      amountMinor,
      referenceKey,
      roundKey: `round ${(at + 1) % 5}`,
      settlesBet: false,
    })
  }
  if (kind < 7) return commands.rollback(seat, { key, referenceKey, afterWin: 'REVERSE_REFERENCED' })
  if (kind < 8)
    return commands.promo(seat, { key, amountMinor, paidTo: random.pick(['CASH', 'BONUS'] as const) })
  if (kind < 9)
    return random.chance(0.5)
      ? commands.deposit(seat, { key, amountMinor: 300n })
      : commands.withdraw(seat, { key, amountMinor: 40n })
  const account = random.pick(['CASH', 'BONUS', 'OWED'] as const)
  return commands.adjust(seat, {
    key,
    account,
    amountMinor: account === 'OWED' ? -7n : random.pick([-40n, 40n]),
  })
}

async function newestStamp({ sql }: MoneyWorld, { walletId }: MoneySeat): Promise<string> {
  const [row] = await sql<{ at: string }[]>`
    select to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from ledger_entries
    where wallet_id = ${walletId} and wallet_version is not null order by wallet_version desc limit 1`
  if (!row) throw new Error('the wallet has no entry')
  return row.at
}
