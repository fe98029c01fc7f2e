// Rounds with several bets and wins, rounds that were closed, free play, and amounts that a float cannot hold.
import type { Scenario } from '../scenario.ts'
import type { Stage } from '../stage.ts'

export const rounds: readonly Scenario[] = [
  {
    number: 18,
    title: 'zero win closes round',
    money: 'none, round lost',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      await stage.send('win of zero', stage.win(bet, 0n), 'ok', 0n)
    },
  },
  {
    number: 19,
    title: 'win after close',
    money: 'credited when accepted',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      await stage.send('win of zero', stage.win(bet, 0n), 'ok', 0n)
      const late = stage.win(bet, stage.unit * 2n)
      await stage.send('win after it', late, 'winAfterClose', late.amountMinor)
    },
  },
  {
    number: 20,
    title: '2 bets + 1 win in a round; 1 bet + 2 wins',
    money: 'sums right',
    async run(stage) {
      const seat = await stage.player('main', 3n)
      const first = stage.bet(seat)
      const second = stage.bet(seat, { roundId: first.roundId })
      await stage.send('bet', first, 'ok', -first.amountMinor)
      await stage.send('second bet of the round', second, 'ok', -second.amountMinor)
      const win = stage.win(second, stage.unit * 3n, { closesRound: false })
      await stage.send('win of the second', win, 'ok', win.amountMinor)
      await stage.send('zero win of the first', stage.win(first, 0n), 'ok', 0n)

      const only = stage.bet(seat)
      await stage.send('bet of another round', only, 'ok', -only.amountMinor)
      const part = stage.win(only, stage.unit, { closesRound: false })
      await stage.send('first win', part, 'ok', part.amountMinor)
      await stage.send('second win', stage.win(only, stage.unit * 2n), 'secondWin', stage.unit * 2n)
    },
  },
  {
    number: 21,
    title: 'free bet or promo payout',
    money: 'no debit, win as configured',
    run: (stage) => (stage.dialect.freePlay === 'FREE_BET' ? playFreeBet(stage) : playPromo(stage)),
  },
  {
    number: 22,
    title: 'amount max and 1 smallest unit; 0.29; 4.35',
    money: 'exact',
    async run(stage) {
      const seat = await stage.player('main', 10n)
      for (const amountMinor of [1n, 29n, 435n].filter((one) => one <= stage.cash(seat))) {
        const bet = stage.bet(seat, { amountMinor })
        await stage.send(`bet of ${stage.money(amountMinor)}`, bet, 'ok', -amountMinor)
        await stage.send(`win of ${stage.money(amountMinor)}`, stage.win(bet, amountMinor), 'ok', amountMinor)
      }
      const largest = stage.world.largestMinor
      const small = stage.bet(seat, { amountMinor: 1n })
      await stage.send('bet of the smallest unit', small, 'ok', -1n)
      await stage.send(`win of ${stage.money(largest)}`, stage.win(small, largest), 'ok', largest)
      const large = stage.bet(seat, { amountMinor: largest })
      await stage.send('bet of what was won', large, 'ok', -largest)
      await stage.send('win of zero', stage.win(large, 0n), 'ok', 0n)
    },
  },
  {
    number: 35,
    title: 'bet into a closed round',
    money: 'debit when accepted',
    async run(stage) {
      const seat = await stage.player('main', 2n)
      const bet = stage.bet(seat)
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      await stage.send('win of zero', stage.win(bet, 0n), 'ok', 0n)
      const late = stage.bet(seat, { roundId: bet.roundId, tie: bet.tie })
      await stage.send('another bet in the round', late, 'betAfterClose', -late.amountMinor)
    },
  },
]

async function playFreeBet(stage: Stage): Promise<void> {
  const seat = await stage.player('main', 0n)
  const bet = stage.bet(seat, { isFree: true })
  await stage.send('free bet', bet, 'ok', 0n)
  const win = stage.win(bet, stage.unit * 2n)
  const effect = stage.world.freeWinsTo === 'CASH' ? win.amountMinor : 0n
  if (stage.dialect.freeWins === 'PAY') await stage.send('its win', win, 'ok', effect)
  else await stage.sendEither('its win', win, 'ok', [0n, effect])
}

async function playPromo(stage: Stage): Promise<void> {
  const payout = { ...stage.bet(await stage.player('main', 0n)), kind: 'PROMO' } as const
  const effect = stage.world.freeWinsTo === 'CASH' ? payout.amountMinor : 0n
  await stage.send('promo payout', payout, 'ok', effect)
  await stage.send('the same payout', payout, 'promoAgain', 0n)
}
