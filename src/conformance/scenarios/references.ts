// Wins and rollbacks that name something: what is there, what is not, and what came to an end before.
import type { Scenario } from '../scenario.ts'

export const references: readonly Scenario[] = [
  {
    number: 5,
    title: 'win, unknown bet',
    money: 'none',
    async run(stage) {
      const never = stage.bet(await stage.player('main', 0n))
      await stage.send('win', stage.win(never, stage.unit), 'winUnknown', 0n)
    },
  },
  {
    number: 6,
    title: 'rollback, unknown bet',
    money: 'none',
    async run(stage) {
      const never = stage.bet(await stage.player('main', 0n))
      await stage.send('rollback', stage.rollback(never), 'rollbackUnknown', 0n)
    },
  },
  {
    number: 7,
    title: 'bet after its rollback',
    money: 'none',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('rollback', stage.rollback(bet), 'rollbackUnknown', 0n)
      await stage.send('the bet that it named', bet, 'betAfterRollback', 0n)
    },
  },
  {
    number: 8,
    title: 'rollback twice',
    money: 'one reversal',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      const rollback = stage.rollback(bet)
      await stage.send('rollback', rollback, 'ok', bet.amountMinor)
      await stage.send('the same rollback', rollback, 'rollbackAgain', 0n)
      await stage.send('another rollback of the bet', stage.rollback(bet), 'rollbackTwice', 0n)
    },
  },
  {
    number: 9,
    title: 'rollback after win',
    money: 'the bet alone reversed, or refused',
    async run(stage) {
      const seat = await stage.player('main', 1n)
      const bet = stage.bet(seat)
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      await stage.send('win', stage.win(bet, stage.unit * 2n), 'ok', stage.unit * 2n)
      if (stage.dialect.rollbackAfterWin !== 'EITHER') {
        await stage.send('rollback of the bet', stage.rollback(bet), 'rollbackAfterWin', bet.amountMinor)
        return
      }
      const effects = [0n, bet.amountMinor]
      await stage.sendEither('rollback of the bet', stage.rollback(bet), 'rollbackAfterWin', effects)
    },
  },
  {
    number: 10,
    title: 'win after rollback',
    money: 'none',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      await stage.send('rollback', stage.rollback(bet), 'ok', bet.amountMinor)
      await stage.send('win of the bet', stage.win(bet, stage.unit * 2n), 'winAfterRollback', 0n)
    },
  },
  {
    number: 31,
    title: 'rollback of a bet that was declined',
    money: 'none',
    async run(stage) {
      const seat = await stage.player('main', 0n)
      const bet = stage.bet(seat, { amountMinor: stage.cash(seat) + 1n })
      await stage.send('bet beyond the balance', bet, 'funds', 0n)
      await stage.send('rollback of it', stage.rollback(bet), 'rollbackOfDeclined', 0n)
    },
  },
  {
    number: 33,
    title: "win naming another player's bet, or naming a win",
    money: 'none',
    async run(stage) {
      const seat = await stage.player('second', 0n)
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      const stolen = stage.win(bet, stage.unit * 2n, { seat })
      await stage.send("another player's win of it", stolen, 'winOfAnother', 0n)
      const win = stage.win(bet, stage.unit)
      await stage.send('win of it', win, 'ok', win.amountMinor)
      if (!stage.dialect.winNamesBet) return
      await stage.send('win that names the win', stage.win(win, stage.unit), 'winOfAnother', 0n)
    },
  },
  {
    number: 34,
    title: 'rollback naming a rollback',
    money: 'none',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      const rollback = stage.rollback(bet)
      await stage.send('rollback', rollback, 'ok', bet.amountMinor)
      await stage.send('rollback of the rollback', stage.rollback(rollback), 'rollbackOfRollback', 0n)
    },
  },
]
