// What must be refused although it is well meant, what must be paid although the player may not bet, and what nobody
// vouches for.
import { randomUUID } from 'node:crypto'
import { Missing } from '../row.ts'
import type { Scenario } from '../scenario.ts'

export const refusals: readonly Scenario[] = [
  {
    number: 11,
    title: 'win, expired token',
    money: 'credited',
    async run(stage) {
      const seat = await stage.player('expired', 2n)
      const live = { ...seat, token: seat.liveToken }
      const [won, reversed] = [stage.bet(live), stage.bet(live)]
      await stage.send('bet with a live token', won, 'ok', -won.amountMinor)
      await stage.send('win with the expired one', stage.win(won, stage.unit, { seat }), 'ok', stage.unit)
      await stage.send('another bet', reversed, 'ok', -reversed.amountMinor)
      const rollback = stage.rollback(reversed, { seat })
      await stage.send('rollback with the expired one', rollback, 'ok', reversed.amountMinor)
    },
  },
  {
    number: 12,
    title: 'bet, expired token',
    money: 'none',
    async run(stage) {
      const bet = stage.bet(await stage.player('expired', 1n))
      await stage.send('bet', bet, 'betExpired', 0n)
    },
  },
  {
    number: 13,
    title: 'bet > balance',
    money: 'none, true balance returned',
    async run(stage) {
      const seat = await stage.player('main', 0n)
      const bet = stage.bet(seat, { amountMinor: stage.cash(seat) + 1n })
      await stage.send('bet of the smallest unit too much', bet, 'funds', 0n)
    },
  },
  {
    number: 14,
    title: 'disabled player: bet / win',
    money: 'none / credited',
    async run(stage) {
      const seat = await stage.player('blocked', 2n)
      const { block } = stage.world
      if (!block) throw new Missing('the world has no commands.block, which blocks players.blocked')
      const bet = stage.bet(seat)
      await stage.send('bet before the block', bet, 'ok', -bet.amountMinor)
      await block()
      await stage.send('bet of the blocked player', stage.bet(seat), 'blocked', 0n)
      await stage.send('win of the first bet', stage.win(bet, stage.unit * 2n), 'ok', stage.unit * 2n)
    },
  },
  {
    number: 15,
    title: 'wrong currency',
    money: 'none',
    async run(stage) {
      const currency = stage.world.otherCurrency
      const bet = stage.bet(await stage.player('main', 1n), { currency })
      await stage.send(`bet in ${currency}`, bet, 'currency', 0n)
    },
  },
  {
    number: 16,
    title: 'bad signature, one byte changed',
    money: 'none',
    async run(stage) {
      const seat = await stage.player('main', 10n)
      for (const { what, request, expected } of stage.speaker.forged(() => stage.bet(seat))) {
        await stage.sendRequest(what, request, { seat, kind: 'BET' }, expected, 0n)
      }
      const unusual = stage.speaker.unusual(() => stage.bet(seat))
      for (const { transaction, variant } of unusual) {
        const { what, request, expected } = variant
        await stage.sendRequest(what, request, transaction, expected, -transaction.amountMinor)
      }
    },
  },
  {
    number: 17,
    title: 'body not JSON / wrong type',
    money: 'none',
    async run(stage) {
      const seat = await stage.player('main', 1n)
      for (const { what, request, expected } of stage.speaker.broken(() => stage.bet(seat))) {
        await stage.sendRequest(what, request, { seat, kind: 'BET' }, expected, 0n)
      }
    },
  },
  {
    number: 30,
    title: 'self-excluded or limit reached: bet / win',
    money: 'none / credited',
    async run(stage) {
      const { overLimitMinor } = stage.world
      if (overLimitMinor === undefined) throw new Missing('the world has no players.limited.overLimit')
      const seat = await stage.player('limited', overLimitMinor / stage.unit + 1n)
      const bet = stage.bet(seat)
      await stage.send('bet within the limit', bet, 'ok', -bet.amountMinor)
      await stage.send('bet beyond it', stage.bet(seat, { amountMinor: overLimitMinor }), 'limit', 0n)
      await stage.send('win beyond it', stage.win(bet, overLimitMinor), 'ok', overLimitMinor)
    },
  },
  {
    number: 36,
    title: 'rollback with an unknown token but a known reference',
    money: 'reversed',
    async run(stage) {
      const seat = await stage.player('main', 1n)
      const bet = stage.bet(seat)
      await stage.send('bet', bet, 'ok', -bet.amountMinor)
      const rollback = stage.rollback(bet, { seat: { ...seat, token: randomUUID() } })
      await stage.send('rollback', rollback, 'ok', bet.amountMinor)
    },
  },
]
