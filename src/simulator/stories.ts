// The rounds that the simulator can play, each as beats: calls that follow each other, or are sent at the same
// moment. Every call knows what may be answered; that is the provider's side of the rules of the money.
import { ok, type PlannedCall, type Trait } from './calls.ts'
import { atOnce, type Teller } from './teller.ts'

export interface Story {
  readonly trait: Trait
  readonly weight: number
  /** How many calls it takes, exactly. */
  readonly length: number
  tell(teller: Teller): readonly (readonly PlannedCall[])[]
}

const discarded = ['RS_ERROR_DUPLICATE_TRANSACTION']
const closing = { closesRound: true } as const

/** Payouts in hundredths of the stake; about 0.94 of the stakes come back. */
const payouts = [
  [140, 50],
  [120, 120],
  [80, 200],
  [40, 500],
  [16, 1000],
  [4, 2500],
  [3, 5000],
] as const

function payout(teller: Teller, stake: bigint): bigint {
  const minor = (stake * BigInt(teller.random.weighted(payouts))) / 100n
  return minor > 0n ? minor : 1n
}

const plain: readonly Story[] = [
  {
    trait: 'PLAIN',
    weight: 30,
    length: 1,
    tell: (t) => [[t.bet(t.stake(), closing)]],
  },
  {
    trait: 'PLAIN',
    weight: 28,
    length: 2,
    tell(t) {
      const bet = t.bet(t.stake())
      return [[bet], [t.win(bet, 0n, closing)]]
    },
  },
  {
    trait: 'PLAIN',
    weight: 34,
    length: 2,
    tell(t) {
      const stake = t.stake()
      const bet = t.bet(stake)
      return [[bet], [t.win(bet, payout(t, stake), closing)]]
    },
  },
  {
    trait: 'PLAIN',
    weight: 4,
    length: 3,
    tell(t) {
      const stake = t.stake()
      const [first, second] = [t.bet(stake), t.bet(t.stake())]
      return [[first], [second], [t.win(first, payout(t, stake), closing)]]
    },
  },
  {
    trait: 'PLAIN',
    weight: 4,
    length: 3,
    tell(t) {
      const stake = t.stake()
      const bet = t.bet(stake)
      return [[bet], [t.win(bet, payout(t, stake))], [t.win(bet, stake, closing)]]
    },
  },
  {
    trait: 'ROLLBACK',
    weight: 3,
    length: 2,
    tell(t) {
      const bet = t.bet(t.stake())
      return [[bet], [t.rollback(bet, { trait: 'ROLLBACK', ...closing })]]
    },
  },
  {
    trait: 'ROLLBACK',
    weight: 1,
    length: 4,
    tell(t) {
      const stake = t.stake()
      const bet = t.bet(stake)
      const win = t.win(bet, payout(t, stake))
      return [[bet], [win], [t.rollback(win, { trait: 'ROLLBACK' })], [t.win(bet, 0n, closing)]]
    },
  },
]

const faulty: readonly Story[] = [
  {
    trait: 'DUPLICATE',
    weight: 2,
    length: 4,
    tell(t) {
      const stake = t.stake()
      const bet = t.bet(stake)
      const betAgain = t.again(bet)
      const win = t.win(bet, payout(t, stake), closing)
      return [[bet], [betAgain], [win], [t.again(win)]]
    },
  },
  {
    // The second attempt leaves before the first is answered: two connections, one debit.
    trait: 'DUPLICATE',
    weight: 2,
    length: 4,
    tell(t) {
      const stake = t.stake()
      const bet = t.bet(stake)
      const bets = [bet, t.again(bet)]
      const win = t.win(bet, payout(t, stake), closing)
      return [bets, [win, t.again(win)]]
    },
  },
  {
    trait: 'DUPLICATE',
    weight: 1,
    length: 3,
    tell(t) {
      const bet = t.bet(t.stake())
      const rollback = t.rollback(bet, { trait: 'ROLLBACK', ...closing })
      return [[bet], [rollback], [t.again(rollback)]]
    },
  },
  {
    // The win overtakes its bet, is refused, and comes again under the same id.
    trait: 'REORDERED',
    weight: 3,
    length: 3,
    tell(t) {
      const stake = t.stake()
      const bet = t.bet(stake)
      const win = t.win(bet, payout(t, stake), closing)
      const { cashMinor: _cashMinor, ...early } = win
      return [
        [{ ...early, trait: 'REORDERED', expected: ['RS_ERROR_TRANSACTION_DOES_NOT_EXIST'] }],
        [bet],
        [win],
      ]
    },
  },
  {
    // The call that ends the round overtakes a bet of it: the bet is taken, and flagged late.
    trait: 'REORDERED',
    weight: 2,
    length: 4,
    tell(t) {
      const first = t.bet(t.stake())
      const close = t.win(first, 0n, closing)
      const late = t.bet(t.stake(), { trait: 'REORDERED' })
      return [[first], [close], [late], [t.win(late, t.stake(), { trait: 'REORDERED', ...closing })]]
    },
  },
  {
    trait: 'ROLLBACK_FIRST',
    weight: 4,
    length: 2,
    tell(t) {
      const bet = t.bet(t.stake(), { expected: discarded })
      return [[t.rollback(bet, { trait: 'ROLLBACK_FIRST', effect: false, ...closing })], [bet]]
    },
  },
  {
    trait: 'ROLLBACK_FIRST',
    weight: 1,
    length: 3,
    tell(t) {
      const bet = t.bet(t.stake(), { expected: discarded })
      const rollback = t.rollback(bet, { trait: 'ROLLBACK_FIRST', effect: false })
      const win = t.win(bet, t.stake(), { expected: ['RS_ERROR_TRANSACTION_ROLLED_BACK'], ...closing })
      return [[rollback], [bet], [win]]
    },
  },
  {
    trait: 'CONFLICT',
    weight: 2,
    length: 4,
    tell(t) {
      const stake = t.stake()
      const bet = t.bet(stake)
      const otherBet = t.conflicting(bet)
      const win = t.win(bet, payout(t, stake), closing)
      return [[bet], [otherBet], [win], [t.conflicting(win)]]
    },
  },
  {
    // A bet's id comes again as that of a win.
    trait: 'CONFLICT',
    weight: 1,
    length: 3,
    tell(t) {
      const bet = t.bet(t.stake())
      const stolen = t.conflicting(bet, { kind: 'WIN', referenceKey: bet.transactionKey })
      return [[bet], [stolen], [t.win(bet, 0n, closing)]]
    },
  },
  {
    trait: 'LOST_REPLY',
    weight: 2,
    length: 4,
    tell(t) {
      const stake = t.stake()
      const bet = t.bet(stake)
      const win = t.win(bet, payout(t, stake), closing)
      return [[t.hungUp(bet)], [bet], [t.hungUp(win)], [win]]
    },
  },
  {
    // Whichever comes first: nothing is left of the bet.
    trait: 'RACE',
    weight: 2,
    length: 2,
    tell(t) {
      const bet = t.bet(t.stake(), { trait: 'RACE', expected: [ok, ...discarded] })
      return [atOnce(bet, t.rollback(bet, { trait: 'RACE', effect: false, ...closing }))]
    },
  },
  {
    trait: 'REFUSED',
    weight: 1,
    length: 2,
    tell(t) {
      const bet = t.bet(t.fortune(), { trait: 'REFUSED', expected: ['RS_ERROR_NOT_ENOUGH_MONEY'] })
      return [[bet], [t.rollback(bet, { trait: 'ROLLBACK', effect: false })]]
    },
  },
  {
    trait: 'REFUSED',
    weight: 1,
    length: 2,
    tell: (t) => [
      [t.bet(t.stake(), { trait: 'REFUSED', currency: 'XAF', expected: ['RS_ERROR_WRONG_CURRENCY'] })],
      [t.bet(t.stake(), { trait: 'REFUSED', forged: 'TOKEN', expected: ['RS_ERROR_INVALID_TOKEN'] })],
    ],
  },
  {
    trait: 'BAD_SIGNATURE',
    weight: 0.5,
    length: 1,
    tell(t) {
      const forgery = { forged: 'SIGNATURE', expected: ['RS_ERROR_INVALID_SIGNATURE'] } as const
      return [[t.bet(t.stake(), { trait: 'BAD_SIGNATURE', ...forgery })]]
    },
  },
]

/** The stories of plain play, and those of the faults that are wanted. */
export const plainStories = plain.map((story) => [story.weight, story] as const)

export const faultStories = (wanted: ReadonlySet<Trait>) =>
  faulty.filter((story) => wanted.has(story.trait)).map((story) => [story.weight, story] as const)
