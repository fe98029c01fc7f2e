// A report as the schema gives it, in lines as `byHand` writes them.
export const reportQuery = `query (
  $window: FiguresWindow!, $groupBy: [PerformanceGroup!]!, $filter: PerformanceFilter
) {
  performance(window: $window, groupBy: $groupBy, filter: $filter, first: 1000) {
    rowCount
    rows { ...line }
    totals { ...line }
  }
}
fragment line on PerformanceRow {
  currency brand { id } provider { id } game { id } category country device player { id } hour day bets activePlayers
  turnover { minorUnits } bonusStake { minorUnits } wins { minorUnits } ggr { minorUnits } jackpots { minorUnits }
  free { bets stake { minorUnits } wins { minorUnits } jackpots { minorUnits } }
  promo { bets stake { minorUnits } wins { minorUnits } jackpots { minorUnits } }
}`

interface Minor {
  readonly minorUnits: string
}

export interface Line {
  readonly currency: string
  readonly brand: { id: string } | null
  readonly provider: { id: string } | null
  readonly game: { id: string } | null
  readonly category: string | null
  readonly country: string | null
  readonly device: string | null
  readonly player: { id: string } | null
  readonly hour: string | null
  readonly day: string | null
  readonly bets: string
  readonly activePlayers: string
  readonly [sum: string]: unknown
}

const shownKey = (line: Line): Record<string, string | null> => ({
  BRAND: line.brand?.id ?? null,
  PROVIDER: line.provider?.id ?? null,
  GAME: line.game?.id ?? null,
  CATEGORY: line.category,
  COUNTRY: line.country,
  DEVICE: line.device,
  PLAYER: line.player?.id ?? null,
  HOUR: line.hour,
  DAY: line.day,
})

export const minor = (value: unknown) => (value as Minor).minorUnits

export function shown(line: Line, groupBy: readonly string[]): string {
  const keys = [line.currency, ...groupBy.map((one) => shownKey(line)[one])]
  const real = ['turnover', 'bonusStake', 'wins', 'jackpots', 'ggr'].map((name) => minor(line[name]))
  const gifts = ['free', 'promo'].flatMap((name) => {
    const gift = line[name] as Record<string, unknown> & { bets: string }
    return [gift.bets, minor(gift['stake']), minor(gift['wins']), minor(gift['jackpots'])]
  })
  return [...keys, line.bets, ...real, line.activePlayers, ...gifts].join(' ')
}

export interface Report {
  readonly rowCount: number
  readonly rows: readonly Line[]
  readonly totals: readonly Line[]
}
