// The same three calls, each sent twice, in every order and all at once, in every dialect, over two servers on one
// database. A provider that was told to come again does; then the story has ended in one of its legal ends.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../support/commands.ts'
import { evolutionClient, newHand, onHand } from '../support/evolution-client.ts'
import { openEvolutionScene } from '../support/evolution-scene.ts'
import { betFields, hub88Client, rollbackFields, winFields } from '../support/hub88-client.ts'
import { openScene } from '../support/hub88-scene.ts'
import { moneyViolations } from '../support/money-checks.ts'
import { type ProviderApp, startProviderApp } from '../support/provider-app.ts'
import type { ProviderWorld, WorldSession } from '../support/provider-world.ts'
import * as swipe from '../support/swipe-client.ts'
import { openSwipeScene } from '../support/swipe-scene.ts'

type Step = 'bet' | 'win' | 'rollback'
type Call = () => Promise<{ readonly http: number }>
/** The calls of one story, as each server takes them. */
type Story = Readonly<Record<Step, Call>>

interface Speaker {
  readonly app: ProviderApp
  player(): Promise<WorldSession>
  /** A bet of 1.00, its win of 2.50 and its rollback, told to one server or the other. */
  story(session: WorldSession, second: ProviderApp): readonly [Story, Story]
}

/** A player whose 100.00 EUR came through the books. */
async function rich(scene: {
  readonly app: ProviderApp
  readonly world: ProviderWorld
  player(given: { cashMinor: bigint }): Promise<WorldSession>
}): Promise<WorldSession> {
  const session = await scene.player({ cashMinor: 0n })
  const seat = { playerId: session.player.id, tokenHash: Buffer.alloc(0) }
  const command = commandsOf(scene.world).deposit(seat, { key: session.player.id, amountMinor: 10_000n })
  expect(await scene.app.submit({ command })).toMatchObject({ verdict: 'OK' })
  return session
}

const speakers: Record<string, () => Promise<Speaker>> = {
  async hub88() {
    const scene = await openScene()
    const told = (url: string, session: WorldSession, bet: ReturnType<typeof betFields>, ids: string[]) => {
      const client = hub88Client(url, scene.world.accountCode, scene.keys.privateKey)
      const [win, rollback] = ids.map((transaction_uuid) => ({ transaction_uuid, token: session.token }))
      return {
        bet: () => client.call('/transaction/bet', bet),
        win: () => client.call('/transaction/win', winFields(bet, { ...win, amount: 250_000 })),
        rollback: () => client.call('/transaction/rollback', rollbackFields(bet, rollback)),
      }
    }
    return {
      app: scene.app,
      player: () => rich(scene),
      story(session, second) {
        const bet = betFields(session, { amount: 100_000 })
        const ids = [crypto.randomUUID(), crypto.randomUUID()]
        return [told(scene.app.url, session, bet, ids), told(second.url, session, bet, ids)]
      },
    }
  },
  async swipe() {
    const scene = await openSwipeScene()
    const told = (url: string, fields: readonly [object, object, object]) => {
      const client = swipe.swipeClient(url, scene.world.accountCode, scene.secret)
      const [bet, win, refund] = fields
      return { bet: () => client.bet(bet), win: () => client.win(win), rollback: () => client.refund(refund) }
    }
    return {
      app: scene.app,
      player: () => rich(scene),
      story(session, second) {
        const bet = swipe.betFields(session)
        const fields = [bet, swipe.winFields(bet, { amount: '2.50' }), swipe.refundFields(bet)] as const
        return [told(scene.app.url, fields), told(second.url, fields)]
      },
    }
  },
  async evolution() {
    const scene = await openEvolutionScene()
    const told = (url: string, session: WorldSession, hands: readonly ReturnType<typeof newHand>[]) => {
      const client = evolutionClient(url, scene.world.accountCode, scene.authToken)
      const [debit, credit, cancel] = hands.map((hand) => hand)
      if (!debit || !credit || !cancel) throw new Error('three hands')
      return {
        bet: () => client.debit(session, debit),
        win: () => client.credit(session, credit),
        rollback: () => client.cancel(session, cancel),
      }
    }
    return {
      app: scene.app,
      player: () => rich(scene),
      story(session, second) {
        const hand = newHand()
        const hands = [hand, onHand(hand, { amount: 2.5 }), onHand(hand)]
        return [told(scene.app.url, session, hands), told(second.url, session, hands)]
      },
    }
  },
}

const calls: readonly Step[] = ['bet', 'bet', 'win', 'win', 'rollback', 'rollback']

/** Every order in which six calls of three kinds can differ: 90. */
function orders(left: readonly Step[] = calls): Step[][] {
  if (left.length === 0) return [[]]
  return [...new Set(left)].flatMap((step) => {
    const rest = left.toSpliced(left.indexOf(step), 1)
    return orders(rest).map((order) => [step, ...order])
  })
}

/** Cash, and what became of the bet. */
async function endOf(app: ProviderApp, { player }: WorldSession): Promise<string> {
  const [row] = await app.database.sql<{ end: string }[]>`
    select concat_ws(' ', w.cash_minor, coalesce(b.status, 'no bet'), b.payout_minor) as "end"
    from wallets w left join bets b on b.wallet_id = w.id where w.id = ${player.walletId}`
  return row?.end ?? 'nobody'
}

/** What the rollback came to: it was first, it took the stake back, or it came after the win. */
const ends: Record<string, Record<string, number>> = {
  hub88: { '10000 no bet': 45, '10000 ROLLED_BACK 0': 26, '10250 ROLLED_BACK 250': 19 },
  swipe: { '10000 no bet': 45, '10000 ROLLED_BACK 0': 26, '10250 ROLLED_BACK 250': 19 },
  evolution: { '10000 no bet': 45, '10000 ROLLED_BACK 0': 26, '10150 SETTLED 250': 19 },
}

describe.each(Object.keys(speakers))('%s', (dialect) => {
  let speaker: Speaker
  let second: ProviderApp
  beforeAll(async () => {
    speaker = (await speakers[dialect]?.()) ?? expect.fail()
    second = await startProviderApp(speaker.app.database)
  })
  afterAll(async () => {
    expect(await moneyViolations(speaker.app.database.sql)).toEqual([])
    await second.close()
    await speaker.app.close()
  })

  async function tell(play: (story: readonly [Story, Story]) => Promise<unknown>): Promise<string> {
    const session = await speaker.player()
    const story = speaker.story(session, second)
    await play(story)
    for (const step of ['bet', 'win', 'rollback'] as const) await story[0][step]()
    return endOf(speaker.app, session)
  }

  const count = (list: readonly string[]) =>
    Object.fromEntries(Object.entries(Object.groupBy(list, String)).map(([end, all]) => [end, all?.length]))

  test('ends every order of a bet, its win and its rollback, all twice, as the first of them decides', async () => {
    const told = await Promise.all(
      orders().map((order) =>
        tell(async (story) => {
          for (const [index, step] of order.entries()) await story[index % 2 === 0 ? 0 : 1][step]()
        }),
      ),
    )
    expect(count(told)).toEqual(ends[dialect])
  })

  test('ends all of them at once in one of the same ends', async () => {
    const told = await Promise.all(
      Array.from({ length: 30 }, () =>
        tell((story) => Promise.all(calls.map((step, index) => story[index % 2 === 0 ? 0 : 1][step]()))),
      ),
    )
    expect(Object.keys(ends[dialect] ?? {})).toEqual(expect.arrayContaining(Object.keys(count(told))))
  })
})
