// After a fault: the provider asks again for everything it was not told, and then its books and the database's are
// compared to the coin.
import { compareFigures } from '../../src/domain/figures/compare.ts'
import { foldAll } from '../../src/domain/figures/fold.ts'
import { moneyViolations } from './money-checks.ts'
import { type KillsStage, openingMinor } from './kills-stage.ts'
import { type Call, type Hand, movedMinor, type WalletClient } from './wallet-client.ts'
import { until } from './until.ts'

/** How many hands are asked for again though all is known of them, the newest. */
const askedAgainMax = 60

const atOnce = 16

const foundOutWithinMs = 30_000

/** What is not as it must be; empty when no effect was lost, none doubled, and everything was found out by its id. */
export async function auditKills(stage: KillsStage): Promise<string[]> {
  const { client, sql } = stage
  const unknown = await askForUnknown(client)
  // Before anything that was answered is asked for again: asking would bring back what had been lost.
  const lost = await differences(stage)
  const answered = client.hands.filter(({ calls }) => calls.every(({ status }) => status))
  await ask(client, answered.slice(-askedAgainMax), () => true)
  return [
    ...unknown.map(({ kind, fields }) => `nobody knows what came of ${kind} ${fields.transaction_uuid}`),
    ...lost,
    ...client.contradictions.splice(0),
    ...(await differences(stage)),
    ...(await moneyViolations(sql)),
    ...(await figuresWrong(sql)),
    ...complaintsOf(stage),
  ]
}

/** The servers fold too, and were killed at it. */
async function figuresWrong(sql: KillsStage['sql']): Promise<readonly string[]> {
  await foldAll({ sql })
  return compareFigures({ sql })
}

const allCalls = (client: WalletClient): Call[] => client.hands.flatMap(({ calls }) => calls)

/** Asks again for calls of these hands, one after the other in each. */
async function ask(
  client: WalletClient,
  hands: readonly Hand[],
  which: (call: Call) => boolean,
): Promise<void> {
  const left = [...hands]
  const asker = async () => {
    for (let hand = left.shift(); hand; hand = left.shift())
      for (const call of hand.calls.filter(which)) await client.ask(call)
  }
  await Promise.all(Array.from({ length: atOnce }, asker))
}

const isUnknown = ({ status }: Call) => status === undefined

/** Asks by the same ids until each is answered; what still is not is returned. */
async function askForUnknown(client: WalletClient): Promise<Call[]> {
  const unknown = () => allCalls(client).filter(isUnknown)
  const asked = async () => {
    await ask(
      client,
      client.hands.filter(({ calls }) => calls.some(isUnknown)),
      isUnknown,
    )
    return unknown().length === 0
  }
  await until(asked, foundOutWithinMs).catch(() => undefined)
  return unknown()
}

async function differences({ client, sql, sessions }: KillsStage): Promise<string[]> {
  const wallets = await sql<
    { player_id: string; cash_minor: bigint }[]
  >`select player_id, cash_minor from wallets`
  const cash = new Map(wallets.map((row) => [row.player_id, row.cash_minor]))
  const placed = await sql<{ key: string; count: bigint }[]>`
    select transaction_key as key, count(*) as count from bets group by transaction_key`
  const bets = new Map(placed.map(({ key, count }) => [key, Number(count)]))
  const wrongCash = sessions.flatMap(({ player }) => {
    const hands = client.hands.filter(({ session }) => session.player.id === player.id)
    const expected = hands.reduce((sum, hand) => sum + movedMinor(hand), openingMinor)
    const found = cash.get(player.id)
    return found === expected
      ? []
      : [`${player.externalId} has ${found} where the provider counts ${expected}`]
  })
  const wrongBets = allCalls(client).flatMap(({ kind, fields, status }) => {
    if (kind !== 'bet' || status === undefined) return []
    const found = bets.get(fields.transaction_uuid) ?? 0
    const expected = status === 'RS_OK' ? 1 : 0
    return found === expected
      ? []
      : [`bet ${fields.transaction_uuid} was ${status} and is there ${found} times`]
  })
  return [...wrongCash, ...wrongBets]
}

/** A server says what it has to say in JSON; anything else is a crash's last words. */
const complaintsOf = ({ servers }: KillsStage): string[] =>
  servers.flatMap(({ said }) => said.filter((line) => !line.startsWith('{') || /"level":"fatal"/.test(line)))
