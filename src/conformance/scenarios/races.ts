// Calls that come at the same moment, each on a connection of its own, and replies that nobody reads.
import type { Reply, Transaction } from '../dialects/dialect.ts'
import type { Scenario } from '../scenario.ts'
import type { Stage } from '../stage.ts'

const parallel = 50
const pairs = parallel / 2
const affordable = 30n

export const races: readonly Scenario[] = [
  {
    number: 23,
    title: '50 identical bets in parallel',
    money: 'exactly one debit',
    async run(stage) {
      const seat = await stage.player('main', 2n)
      const bet = stage.bet(seat)
      const replies = await stage.volley(Array.from({ length: parallel }, () => bet))
      judgeAll(stage, 'one of 50 identical bets', replies, 'ok', 'betAgain')
      countOf(stage, 'accepted at least', Math.min(replies.filter(stage.isOk).length, 1), 1)
      stage.moved(seat, -bet.amountMinor)
      await stage.settled('after 50 identical bets')
    },
  },
  {
    number: 24,
    title: '50 different bets in parallel, balance for 30',
    money: '30 debits, never negative',
    run: spendAll,
  },
  {
    number: 25,
    title: 'bet and its rollback in parallel',
    money: 'net zero whichever order',
    async run(stage) {
      const seat = await stage.player('main', BigInt(pairs))
      const calls = Array.from({ length: pairs }, () => stage.bet(seat)).flatMap((bet) => [
        bet,
        stage.rollback(bet),
      ])
      const replies = await stage.volley(calls)
      judgeAll(stage, 'bet', of('BET', calls, replies), 'ok', 'betAfterRollback')
      judgeAll(stage, 'its rollback', of('ROLLBACK', calls, replies), 'ok', 'rollbackUnknown')
      await stage.settled(`after ${pairs} pairs`)
    },
  },
  {
    number: 26,
    title: 'win and rollback of same bet in parallel',
    money: 'one consistent end state',
    run: winOrReverse,
  },
  {
    number: 27,
    title: 'reply lost after commit, retry',
    money: 'one debit',
    async run(stage) {
      const seat = await stage.player('main', 2n)
      for (const when of ['SENT', 'ANSWERED'] as const) {
        const bet = stage.bet(seat)
        await stage.cut(bet, when)
        const moment = when === 'SENT' ? 'hung up once it was sent' : 'hung up as the answer came'
        stage.judge(`bet again, ${moment}`, await stage.ask(bet), 'ok', 'betAgain')
        stage.moved(seat, -bet.amountMinor)
        await stage.settled(`bet again, ${moment}`)
      }
    },
  },
]

async function spendAll(stage: Stage): Promise<void> {
  const seat = await stage.player('second', affordable)
  const opening = stage.cash(seat)
  const stake = opening / affordable
  const bets = Array.from({ length: parallel }, () => stage.bet(seat, { amountMinor: stake }))
  const replies = await stage.volley(bets)
  judgeAll(stage, 'one of 50 bets', replies, 'ok', 'funds')
  const low = replies.find(({ balanceMinor = 0n }) => balanceMinor < 0n)
  stage.step('balances in the replies', 'none below zero', low ? low.said : 'none below zero', !low)
  countOf(stage, 'bets accepted', replies.filter(stage.isOk).length, Number(affordable))
  stage.moved(seat, -stake * affordable)
  await stage.settled('after 50 bets')
  // The money is needed again, by whoever tries the wallet next.
  const accepted = bets.filter((_, at) => replies[at] && stage.isOk(replies[at]))
  judgeAll(stage, 'its rollback', await stage.volley(accepted.map((bet) => stage.rollback(bet))), 'ok')
  stage.moved(seat, stake * affordable)
  await stage.settled('after their rollbacks')
}

async function winOrReverse(stage: Stage): Promise<void> {
  const seat = await stage.player('main', BigInt(pairs))
  const bets = Array.from({ length: pairs }, () => stage.bet(seat))
  judgeAll(stage, 'bet', await stage.volley(bets), 'ok')
  stage.moved(seat, -stage.unit * BigInt(pairs))
  await stage.settled('after the bets')

  const calls = bets.flatMap((bet) => [stage.win(bet, stage.unit * 2n), stage.rollback(bet)])
  const replies = await stage.volley(calls)
  const [wins, rollbacks] = [of('WIN', calls, replies), of('ROLLBACK', calls, replies)]
  judgeAll(stage, 'win', wins, 'ok', 'winAfterRollback')
  judgeAll(stage, 'rollback', rollbacks, 'ok', 'rollbackAfterWin')
  const accepted = (some: readonly Reply[]) => BigInt(some.filter(stage.isOk).length)
  const neither = bets.filter((_, at) => ![wins[at], rollbacks[at]].some((one) => one && stage.isOk(one)))
  countOf(stage, 'bets that are neither won nor reversed', neither.length, 0)
  if (stage.dialect.rollbackAfterWin === 'REFUSES') {
    const both = bets.filter((_, at) => [wins[at], rollbacks[at]].every((one) => one && stage.isOk(one)))
    countOf(stage, 'bets that are both won and reversed', both.length, 0)
  }
  stage.moved(seat, stage.unit * 2n * accepted(wins))
  if (stage.dialect.rollbackAfterWin !== 'EITHER') {
    stage.moved(seat, stage.unit * accepted(rollbacks))
    return stage.settled('after wins and rollbacks')
  }
  // A rollback that comes after the win may be taken without reversing anything.
  const extra = (await stage.tell(seat)) - stage.cash(seat)
  const [least, most] = [BigInt(pairs) - accepted(wins), BigInt(pairs)]
  const fits = extra % stage.unit === 0n && extra >= least * stage.unit && extra <= most * stage.unit
  stage.step('stakes that came back', `${least} to ${most}`, stage.money(extra), fits)
}

const of = (kind: Transaction['kind'], calls: readonly Transaction[], replies: readonly Reply[]) =>
  replies.filter((_, at) => calls[at]?.kind === kind)

/** One step for all: the first reply that is not accepted, or the last. */
function judgeAll(
  stage: Stage,
  what: string,
  replies: readonly Reply[],
  ...situations: Parameters<Stage['fits']>[1][]
): void {
  const bad = replies.find((reply) => !situations.some((one) => stage.fits(reply, one)))
  const shown = bad ?? replies.at(-1)
  if (shown) stage.judge(what, shown, ...situations)
}

const countOf = (stage: Stage, what: string, came: number, expected: number) =>
  stage.step(what, `${expected} ${what}`, `${came} ${what}`, came === expected)
