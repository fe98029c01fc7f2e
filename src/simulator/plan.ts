// What is going to be played: a pure, seeded generator. The same options give the same calls, amounts and order; a
// different run only has other ids. It knows neither server nor time.
import { faultTraits, type PlannedCall, type Step, type Trait } from './calls.ts'
import { type Random, seededRandom } from './random.ts'
import { faultStories, plainStories, type Story } from './stories.ts'
import { type Purse, stakeMaxMinor, Teller } from './teller.ts'

export interface PlanOptions {
  readonly seed: string
  /** Tells apart what is played with the same seed: ids are made of both. */
  readonly run: string
  /** The cash that each player is known to have, in minor units. */
  readonly openingMinor: readonly bigint[]
  readonly gameCodes: readonly string[]
  /** One unit of stake in minor units, such as 100 for 1.00 EUR. */
  readonly unitMinor: bigint
  /** How many calls in all; without an end when absent. Rounds that are begun are finished. */
  readonly calls?: number
  /** The share of rounds that go wrong, from 0 to 1. */
  readonly faultShare: number
  readonly faults?: readonly Trait[]
  /** How many play at the same time. */
  readonly seats?: number
}

interface Seat {
  player: number
  purse: Purse
  gameCode: string
  /** Rounds until the player leaves. */
  roundsLeft: number
  beats: (readonly PlannedCall[])[]
}

interface Table {
  readonly options: PlanOptions
  readonly random: Random
  readonly ids: Random
  readonly purses: readonly Purse[]
  readonly faults: readonly (readonly [number, Story])[]
  /** Players without a seat. */
  readonly waiting: number[]
}

const devices = ['iPhone 17', 'Pixel 11', 'Galaxy S26', 'iPad', 'Windows 11', 'macOS'] as const
/** Enough for the largest story: three stakes. */
const stakesOfStory = 3n

export function* plan(options: PlanOptions): Generator<Step, void> {
  const table = openTable(options)
  const seats = Array.from({ length: Math.min(options.seats ?? 24, table.waiting.length) }, () =>
    takeSeat(table),
  )
  let left = options.calls ?? Number.POSITIVE_INFINITY
  for (const seat of seats) yield openSession(table, seat)
  for (;;) {
    const busy = seats.filter((seat) => seat.beats.length > 0)
    if (left === 0 && busy.length === 0) return
    const seat = table.random.pick(left > 0 ? seats : busy)
    if (seat.beats.length === 0) left -= yield* beginStory(table, seat, left)
    const calls = seat.beats.shift()
    if (calls) yield { player: seat.player, kind: 'CALLS', calls }
    if (seat.beats.length === 0 && seat.roundsLeft <= 0 && left > 0) yield* changePlayer(table, seat)
  }
}

function openTable(options: PlanOptions): Table {
  return {
    options,
    random: seededRandom(`play ${options.seed}`),
    ids: seededRandom(`ids ${options.seed} ${options.run}`),
    purses: options.openingMinor.map((cashMinor) => ({ cashMinor })),
    faults: faultStories(new Set(options.faults ?? faultTraits)),
    waiting: options.openingMinor.map((_, player) => player),
  }
}

function takeSeat({ waiting, random, purses, options }: Table): Seat {
  const [player = 0] = waiting.splice(random.int(waiting.length), 1)
  const purse = purses[player] ?? { cashMinor: 0n }
  const gameCode = random.pick(options.gameCodes)
  return { player, purse, gameCode, roundsLeft: 5 + random.int(25), beats: [] }
}

const openSession = ({ ids, random }: Table, { player, gameCode }: Seat): Step => ({
  player,
  kind: 'OPEN_SESSION',
  key: ids.uuid(),
  gameCode,
  device: random.pick(devices),
})

/** The calls that the story will take. */
function* beginStory(table: Table, seat: Seat, left: number): Generator<Step, number> {
  const { random, ids, options, faults } = table
  const { unitMinor } = options
  const wrong = faults.length > 0 && random.chance(options.faultShare)
  const stories = (wrong ? faults : plainStories).filter(([, story]) => story.length <= left)
  const story = random.weighted(stories.length > 0 ? stories : plainStories.slice(0, 1))
  if (seat.purse.cashMinor < stakeMaxMinor(unitMinor) * stakesOfStory) {
    const amountMinor = unitMinor * BigInt(random.pick([50, 50, 100, 100, 200, 500]))
    seat.purse.cashMinor += amountMinor
    yield { player: seat.player, kind: 'DEPOSIT', key: ids.uuid(), amountMinor }
  }
  // In a live lobby the game changes inside of a session.
  const gameCode = random.chance(0.05) ? random.pick(options.gameCodes) : seat.gameCode
  const teller = new Teller({ random, ids, purse: seat.purse, gameCode, unitMinor })
  seat.beats = [...story.tell(teller)]
  seat.roundsLeft -= 1
  return story.length
}

/** The player leaves, mostly by the door; somebody else sits down. */
function* changePlayer(table: Table, seat: Seat): Generator<Step, void> {
  const { player } = seat
  if (table.random.chance(0.85)) yield { player, kind: 'CLOSE_SESSION', key: table.ids.uuid() }
  table.waiting.push(player)
  Object.assign(seat, takeSeat(table))
  yield openSession(table, seat)
}
