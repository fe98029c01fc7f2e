// What the demo consists of. Names are made up; addresses and numbers are of the ranges kept for examples.
import type { GameRow } from '../../domain/games/import-games.ts'
import type { Role } from '../../domain/operators/permissions.ts'

export const demoBrands = [
  { code: 'demo', name: 'Demo Casino', timeZone: 'Europe/Malta', currency: 'EUR' },
  { code: 'nordic', name: 'Nordic Play', timeZone: 'Europe/Stockholm', currency: 'SEK' },
] as const

export const demoProviders = [
  { code: 'spinwell', name: 'Spinwell Studios' },
  { code: 'crownline', name: 'Crownline Gaming' },
] as const

/** One account for each brand and provider; `seats` is how many the simulator lets play at once. */
export const demoAccounts = [
  { code: 'demo-spinwell', brandCode: 'demo', provider: demoProviders[0], seats: 8 },
  { code: 'demo-crownline', brandCode: 'demo', provider: demoProviders[1], seats: 6 },
  { code: 'nordic-spinwell', brandCode: 'nordic', provider: demoProviders[0], seats: 4 },
  { code: 'nordic-crownline', brandCode: 'nordic', provider: demoProviders[1], seats: 3 },
] as const

const spinwell = [
  'book_of_tides|Book of Tides|SLOT|0.9621|7.4',
  'ember_wolf|Ember Wolf|SLOT|0.9605|9.8',
  'lucky_orchard|Lucky Orchard|SLOT|0.9552|4.1',
  'pharaos_ledger|Pharao’s Ledger|SLOT|0.9648|11.2',
  'neon_koi|Neon Koi|SLOT|0.9634|6.6',
  'vault_of_odds|Vault of Odds|SLOT|0.9417|14.9',
  'candy_cartel|Candy Cartel|SLOT|0.9650|5.2',
  'reel_republic|Reel Republic|SLOT|0.9580|8.3',
  'sky_ladder|Sky Ladder|CRASH|0.9700|3.9',
  'rocket_ledger|Rocket Ledger|CRASH|0.9700|5.5',
  'plinko_peak|Plinko Peak|INSTANT|0.9800|2.4',
  'mine_sweep|Mine Sweep|INSTANT|0.9750|2.9',
] as const

const crownline = [
  'blackjack_classic|Blackjack Classic|TABLE|0.9954|1.15',
  'european_roulette|European Roulette|TABLE|0.9730|5.8',
  'punto_banco|Punto Banco|TABLE|0.9894|0.95',
  'casino_holdem|Casino Hold’em|TABLE|0.9784|2.2',
  'live_roulette_1|Live Roulette Valletta|LIVE|0.9730|5.8',
  'live_blackjack_7|Live Blackjack 7|LIVE|0.9950|1.15',
  'live_baccarat_2|Live Baccarat 2|LIVE|0.9894|0.95',
  'wheel_of_kings|Wheel of Kings|LIVE|0.9650|3.3',
  'golden_scarab|Golden Scarab|SLOT|0.9612|7.1',
  'northern_runes|Northern Runes|SLOT|0.9590|8.8',
  'scratch_royal|Scratch Royal|INSTANT|0.9450|4.6',
  'keno_crown|Keno Crown|OTHER|0.9270|6.0',
] as const

const wheelhouse = [
  'wheel_of_wharf|Wheel of Wharf|INSTANT|0.9400|3.5',
  'triple_crown|Triple Crown|SLOT|0.9400|3.5',
] as const

const gamesOf = (provider: string, texts: readonly string[]): GameRow[] =>
  texts.map((text, index) => {
    const [code = '', name = '', category = '', rtp = '', deviation = ''] = text.split('|')
    return { line: index + 1, provider, code, name, category, rtp, deviation, status: '' }
  })

export const demoGames: readonly GameRow[] = [
  ...gamesOf('spinwell', spinwell),
  ...gamesOf('crownline', crownline),
]

/** The account whose bets are placed from here, and played by a game engine of the simulator's. */
export const demoEngine = {
  code: 'demo-wheelhouse',
  brandCode: 'demo',
  provider: { code: 'wheelhouse', name: 'Wheelhouse Engine' },
  games: gamesOf('wheelhouse', wheelhouse),
} as const

interface DemoOperator {
  readonly role: Role
  readonly login: string
  readonly name: string
  readonly brandCodes: readonly string[]
}

const everywhere = ['demo', 'nordic']

/** One of each role. Support sees one brand only: the other one is not there for it. */
export const demoOperators: readonly DemoOperator[] = [
  { role: 'ADMIN', login: 'demo-admin', name: 'Ada Camilleri', brandCodes: everywhere },
  { role: 'GAME_OPS', login: 'demo-game-ops', name: 'Gil Farrugia', brandCodes: everywhere },
  { role: 'FRAUD_ANALYST', login: 'demo-fraud', name: 'Freya Lind', brandCodes: everywhere },
  { role: 'SUPPORT', login: 'demo-support', name: 'Sam Borg', brandCodes: ['demo'] },
  { role: 'ANALYST', login: 'demo-analyst', name: 'Noor Ek', brandCodes: everywhere },
  { role: 'AUDITOR', login: 'demo-auditor', name: 'Otto Vella', brandCodes: everywhere },
  { role: 'SERVICE', login: 'demo-service', name: 'Platform', brandCodes: everywhere },
]

export const demoPlayerCounts: Readonly<Record<string, number>> = { demo: 140, nordic: 60 }

export const givenNames = [
  'Ana',
  'Bruno',
  'Carla',
  'Dario',
  'Elsa',
  'Felix',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
]
export const familyNames = [
  'Abela',
  'Berg',
  'Costa',
  'Dahl',
  'Eriksen',
  'Falk',
  'Galea',
  'Holm',
  'Ivarsson',
  'Rossi',
]
export const countries: Readonly<Record<string, readonly string[]>> = {
  demo: ['MT', 'IT', 'ES', 'PT', 'DE', 'AT'],
  nordic: ['SE', 'NO', 'FI', 'DK'],
}
