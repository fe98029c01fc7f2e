// A provider that keeps books of its own over signed HTTP: of every call it knows whether it was answered, and with
// what. What it was told is what the database must say, and what it was not told it can find out by asking again.
import { randomUUID } from 'node:crypto'
import { signBody } from '../../src/integrations/hub88/sign.ts'
import { betFields, type KeyPair, rollbackFields, winFields } from './hub88-client.ts'
import type { WorldSession } from './provider-world.ts'
import type { Random } from './random.ts'

type Kind = 'bet' | 'win' | 'rollback'

export interface Call {
  readonly kind: Kind
  readonly fields: ReturnType<typeof betFields> | ReturnType<typeof rollbackFields>
  readonly hand: Hand
  /** The first definite answer; until then nobody knows. */
  status?: string
  /** How often it was sent without a definite answer. */
  unanswered: number
}

/** A bet and what followed it. */
export interface Hand {
  readonly session: WorldSession
  readonly stakeMinor: bigint
  readonly winMinor: bigint
  readonly calls: Call[]
}

export interface Tally {
  readonly answered: number
  /** Sent and not answered, or answered that it may be asked again. */
  readonly unanswered: number
  /** Answers that told to ask again. */
  readonly postponed: number
}

/** Where to send a call; undefined when there is no server at the moment. */
export type Pick = () => string | undefined

/** No answer within this is none: servers promise one within a second. */
const patienceMs = 3_000

const askAgain = 'RS_ERROR_UNKNOWN'

export class WalletClient {
  readonly hands: Hand[] = []
  /** Answers that contradict an earlier one to the same id. */
  readonly contradictions: string[] = []
  readonly #accountCode: string
  readonly #keys: KeyPair
  readonly #pick: Pick
  #answered = 0
  #unanswered = 0
  #postponed = 0

  constructor(accountCode: string, keys: KeyPair, pick: Pick) {
    this.#accountCode = accountCode
    this.#keys = keys
    this.#pick = pick
  }

  tally(): Tally {
    return { answered: this.#answered, unanswered: this.#unanswered, postponed: this.#postponed }
  }

  /** One hand: a bet; then its win, or its rollback, or nothing. Whoever bets too much is refused. */
  async play(session: WorldSession, random: Random): Promise<Hand> {
    const tooMuch = random.chance(0.05)
    const stakeMinor = tooMuch ? 100_000_000n : BigInt(random.int(500) + 1)
    const hand: Hand = { session, stakeMinor, winMinor: BigInt(random.int(900)), calls: [] }
    this.hands.push(hand)
    const fields = betFields(session, { amount: Number(stakeMinor) * 1000 })
    const bet = this.#note(hand, 'bet', fields)
    await this.ask(bet)
    const luck = random.unit()
    if (bet.status === undefined) {
      // As providers do when they hear nothing: take it back, or leave it for later.
      if (luck < 0.5) await this.ask(this.#note(hand, 'rollback', rollbackFields(fields)))
    } else if (bet.status === 'RS_OK' && luck < 0.5) {
      await this.ask(this.#note(hand, 'win', winFields(fields, { amount: Number(hand.winMinor) * 1000 })))
    } else if (bet.status === 'RS_OK' && luck < 0.7) {
      await this.ask(this.#note(hand, 'rollback', rollbackFields(fields)))
    }
    return hand
  }

  #note(hand: Hand, kind: Kind, fields: Call['fields']): Call {
    const call: Call = { kind, fields, hand, unanswered: 0 }
    hand.calls.push(call)
    return call
  }

  /** Sends a call, for the first time or again; what is answered must be what was answered before. */
  async ask(call: Call): Promise<void> {
    const status = await this.#send(call)
    if (status === askAgain) this.#postponed += 1
    if (status === undefined || status === askAgain) {
      call.unanswered += 1
      this.#unanswered += 1
      return
    }
    this.#answered += 1
    call.status ??= status
    if (call.status === status) return
    const { transaction_uuid: id } = call.fields
    this.contradictions.push(`${call.kind} ${id} was ${call.status} and is ${status}`)
  }

  async #send({ kind, fields }: Call): Promise<string | undefined> {
    const url = this.#pick()
    if (!url) return undefined
    const body = JSON.stringify({ ...fields, request_uuid: randomUUID() })
    try {
      const reply = await fetch(`${url}/providers/${this.#accountCode}/transaction/${kind}`, {
        method: 'POST',
        headers: { 'X-Hub88-Signature': signBody(body, this.#keys.privateKey) },
        body,
        signal: AbortSignal.timeout(patienceMs),
      })
      const { status } = (await reply.json()) as { status?: string }
      return reply.status === 200 ? status : undefined
    } catch {
      return undefined
    }
  }
}

/** What the player's cash has become by the hands played, once all their calls are answered. */
export function movedMinor({ stakeMinor, winMinor, calls }: Hand): bigint {
  const ok = (kind: Kind) => calls.some((call) => call.kind === kind && call.status === 'RS_OK')
  if (!ok('bet') || ok('rollback')) return 0n
  return (ok('win') ? winMinor : 0n) - stakeMinor
}
