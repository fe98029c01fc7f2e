// What a crash in the middle leaves. The wallet is killed and started again from outside; then every bet that was sent,
// answered or not, is sent again.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transaction } from '../dialects/dialect.ts'
import { Missing } from '../row.ts'
import type { Scenario } from '../scenario.ts'
import type { Stage } from '../stage.ts'

const senders = 8
const betsMax = 900
const returnMs = 60_000
const pauseMs = 20
/** So many bets are answered before the kill. */
const answeredFirst = 50

export const crash: readonly Scenario[] = [
  {
    number: 28,
    title: 'crash between ledger write and event publish',
    money: 'one effect each, answered or not',
    async run(stage) {
      const { crash: kill } = stage.world
      if (!kill) throw new Missing('there is no --crash command: a crash cannot be made from outside')
      const seat = await stage.player('main', 10n)
      const sent: { readonly bet: Transaction; readonly answered: boolean }[] = []
      const over = new AbortController()
      const send = async () => {
        while (!over.signal.aborted && sent.length < betsMax) {
          const bet = stage.bet(seat, { amountMinor: 1n })
          sent.push({ bet, answered: stage.isOk(await stage.ask(bet)) })
          await sleep(pauseMs)
        }
      }
      const sending = Promise.all(Array.from({ length: senders }, send))
      const answered = () => sent.filter((one) => one.answered).length
      while (answered() < answeredFirst && sent.length < betsMax) await sleep(pauseMs)
      await kill().finally(() => over.abort())
      await sending
      await returned(stage)
      for (const { bet, answered } of sent) {
        const what = answered ? 'a bet that was answered, again' : 'a bet that was not answered, again'
        stage.judge(what, await stage.ask(bet), 'ok', 'betAgain')
      }
      stage.moved(seat, -BigInt(sent.length))
      await stage.settled(`after ${sent.length} bets through a crash`)
    },
  },
]

/** The wallet answers again. */
async function returned(stage: Stage): Promise<void> {
  const seat = stage.world.seats.main
  if (!seat) return
  const deadline = performance.now() + returnMs
  for (;;) {
    const reply = await stage.tryToTell(seat)
    if (stage.isOk(reply)) return
    const late = performance.now() > deadline
    if (late) stage.step('the wallet after the crash', `an answer within ${returnMs} ms`, reply.said, false)
    await sleep(200)
  }
}
