// Calls that come again, and calls that reuse an id for something else.
import type { Scenario } from '../scenario.ts'

export const repeats: readonly Scenario[] = [
  {
    number: 1,
    title: 'bet then win',
    money: 'debit, credit',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      await stage.send('win', stage.win(bet, stage.unit * 2n), 'ok', stage.unit * 2n)
    },
  },
  {
    number: 2,
    title: 'duplicate bet, same payload',
    money: 'one debit',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 2n))
      const first = await stage.send('bet', bet, 'ok', -bet.amountMinor)
      const second = await stage.send('the same bet', bet, 'betAgain', 0n)
      sameId(stage, first, second)
    },
  },
  {
    number: 3,
    title: 'duplicate id, other amount, round or player',
    money: 'none',
    async run(stage) {
      const seat = await stage.player('second', 2n)
      const bet = stage.bet(await stage.player('main', 4n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      const other = stage.bet(seat)
      await stage.send('other amount', { ...bet, amountMinor: stage.unit * 2n }, 'conflict', 0n)
      await stage.send('other round', { ...bet, roundId: other.roundId }, 'conflict', 0n)
      await stage.send('other player', { ...bet, seat }, 'conflict', 0n)
    },
  },
  {
    number: 4,
    title: 'duplicate win',
    money: 'one credit',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      const win = stage.win(bet, stage.unit * 2n)
      const first = await stage.send('win', win, 'ok', win.amountMinor)
      const second = await stage.send('the same win', win, 'winAgain', 0n)
      sameId(stage, first, second)
    },
  },
  {
    number: 32,
    title: "a bet's id used again as a win's id",
    money: 'none',
    async run(stage) {
      const bet = stage.bet(await stage.player('main', 1n))
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      const win = stage.win(bet, stage.unit * 2n, { id: bet.id })
      await stage.send("win under the bet's id", win, 'betIdAsWin', 0n)
    },
  },
]

/** Where the wallet tells ids of its own, a repeated call gets the first one again. */
function sameId(
  stage: Parameters<Scenario['run']>[0],
  first: { readonly walletId?: string },
  second: { readonly walletId?: string },
): void {
  if (first.walletId === undefined || second.walletId === undefined) return
  const what = "the wallet's own id, asked again"
  stage.step(what, first.walletId, second.walletId, first.walletId === second.walletId)
}
