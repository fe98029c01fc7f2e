// A report added up by hand, over what each event adds.
import { globalId } from '../../src/lib/global-id.ts'
import type { Entry } from './played.ts'

const hourMs = 3_600_000

/** The day by a zone's clock. */
export const zoneDay = (at: Date, timeZone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at)

/** Hours of zones that are half an hour off the whole one. */
const zoneHour = (at: Date) => {
  const half = hourMs / 2
  return new Date(Math.floor((at.getTime() - half) / hourMs) * hourMs + half).toISOString()
}

const keyOf: Readonly<Record<string, (entry: Entry) => string | null>> = {
  BRAND: ({ brand }) => globalId('Brand', brand.id),
  PROVIDER: ({ game }) => globalId('Provider', game.providerId),
  GAME: ({ game }) => globalId('Game', game.id),
  CATEGORY: ({ game }) => game.category,
  COUNTRY: ({ country }) => country,
  DEVICE: ({ device }) => (device === null ? null : device === 'desktop' ? 'DESKTOP' : 'MOBILE'),
  PLAYER: ({ playerId }) => globalId('Player', playerId),
  HOUR: ({ at }) => zoneHour(at),
  DAY: ({ at, brand }) => zoneDay(at, brand.timeZone),
}
/** All that rows can be told apart by. */
export const groups = Object.keys(keyOf)

/** Its lines: keys, bets, turnover, bonus stake, wins, jackpots, GGR, active players, free and promo bets. */
export function byHand(of: readonly Entry[], groupBy: readonly string[]): string[] {
  const found = Map.groupBy(of, (entry) =>
    JSON.stringify([entry.currency, ...groupBy.map((one) => keyOf[one]?.(entry) ?? null)]),
  )
  return [...found].map(([name, own]) => {
    const sum = (kind: string, pick: (entry: Entry) => bigint) =>
      own.filter((one) => one.kind === kind).reduce((total, one) => total + pick(one), 0n)
    const [stake, paid] = [sum('REAL', (e) => e.stake), sum('REAL', (e) => e.paid)]
    const real = [stake, sum('REAL', (e) => e.bonus), paid, sum('REAL', (e) => e.jackpot), stake - paid]
    const gifts = ['FREE', 'PROMO'].flatMap((kind) => [
      sum(kind, (e) => e.bets),
      sum(kind, (e) => e.stake),
      sum(kind, (e) => e.paid),
      sum(kind, (e) => e.jackpot),
    ])
    const byPlayer = Map.groupBy(
      own.filter(({ kind }) => kind === 'REAL'),
      ({ playerId }) => playerId,
    )
    const active = [...byPlayer.values()].filter((of) => of.reduce((bets, one) => bets + one.bets, 0n) > 0n)
    const keys = JSON.parse(name) as (string | null)[]
    return [...keys, sum('REAL', (e) => e.bets), ...real, active.length, ...gifts].join(' ')
  })
}
