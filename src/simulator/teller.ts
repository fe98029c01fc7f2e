import { noReply, ok, type PlannedCall } from './calls.ts'
import type { Random } from './random.ts'

/** Cash as the plan knows it: it starts at the opening cash and moves with every call that must succeed. */
export interface Purse {
  cashMinor: bigint
}

export interface Scene {
  readonly random: Random
  /** Ids come from a generator of their own, so that another run has the same play under new ids. */
  readonly ids: Random
  readonly purse: Purse
  readonly gameCode: string
  /** What one unit of stake is, in minor units. */
  readonly unitMinor: bigint
}

type Given = Partial<Pick<PlannedCall, 'trait' | 'closesRound' | 'expected' | 'currency' | 'forged'>>

const stakesInHundredths = [20, 20, 50, 50, 100, 100, 100, 200, 200, 500, 1000] as const

/** The largest stake of an ordinary bet. */
export const stakeMaxMinor = (unitMinor: bigint): bigint => unitMinor * 10n

/** Tells the calls of one round. What is expected to succeed moves the purse at once. */
export class Teller {
  readonly #scene: Scene
  readonly #roundKey: string

  constructor(scene: Scene) {
    this.#scene = scene
    this.#roundKey = scene.ids.uuid()
  }

  get random(): Random {
    return this.#scene.random
  }

  get gameCode(): string {
    return this.#scene.gameCode
  }

  stake(): bigint {
    const minor = (this.#scene.unitMinor * BigInt(this.random.pick(stakesInHundredths))) / 100n
    return minor > 0n ? minor : 1n
  }

  /** More than any wallet of the simulator ever holds. */
  fortune(): bigint {
    return this.#scene.unitMinor * 1_000_000_000n
  }

  bet(amountMinor: bigint, given: Given = {}): PlannedCall {
    return this.#call(
      { kind: 'BET', amountMinor, transactionKey: this.#scene.ids.uuid(), ...given },
      -amountMinor,
    )
  }

  win(bet: PlannedCall, amountMinor: bigint, given: Given = {}): PlannedCall {
    return this.#call(
      { kind: 'WIN', amountMinor, transactionKey: this.#scene.ids.uuid(), ...referring(bet), ...given },
      amountMinor,
    )
  }

  /** Reverses a bet or a win that took effect, unless expected otherwise. */
  rollback(reversed: PlannedCall, given: Given & { readonly effect?: false } = {}): PlannedCall {
    const { effect, ...rest } = given
    const amount = reversed.amountMinor ?? 0n
    const moved = effect === false ? 0n : reversed.kind === 'BET' ? amount : -amount
    const key = this.#scene.ids.uuid()
    return this.#call({ kind: 'ROLLBACK', transactionKey: key, ...referring(reversed), ...rest }, moved)
  }

  /** The same call again: the same answer, and nothing moves. */
  again(call: PlannedCall, given: Given = {}): PlannedCall {
    return this.#call({ ...call, trait: 'DUPLICATE', ...given }, 0n)
  }

  /** The same transaction key for something else. */
  conflicting(call: PlannedCall, given: Partial<PlannedCall> = {}): PlannedCall {
    const amountMinor = (call.amountMinor ?? 0n) + 1n
    return this.#call(
      { ...call, amountMinor, trait: 'CONFLICT', expected: ['RS_ERROR_DUPLICATE_TRANSACTION'], ...given },
      0n,
    )
  }

  /** The call as its first attempt, whose answer nobody reads. It moves what the call moves; that comes after. */
  hungUp(call: PlannedCall): PlannedCall {
    const { cashMinor: _cashMinor, ...rest } = call
    return {
      ...rest,
      attemptKey: this.#scene.ids.uuid(),
      trait: 'LOST_REPLY',
      expected: [noReply],
      hangUp: true,
    }
  }

  #call(
    given: Partial<PlannedCall> & Pick<PlannedCall, 'kind' | 'transactionKey'>,
    movedMinor: bigint,
  ): PlannedCall {
    const { purse, ids } = this.#scene
    const expected = given.expected ?? [ok]
    if (expected.length === 1 && expected[0] === ok) purse.cashMinor += movedMinor
    return {
      trait: 'PLAIN',
      closesRound: false,
      ...given,
      roundKey: this.#roundKey,
      gameCode: this.#scene.gameCode,
      attemptKey: ids.uuid(),
      expected,
      cashMinor: purse.cashMinor,
    }
  }
}

const referring = ({ transactionKey }: PlannedCall) => ({ referenceKey: transactionKey })

/** Calls whose order nobody knows: the cash in their answers is not known either. */
export const atOnce = (...calls: readonly PlannedCall[]): PlannedCall[] =>
  calls.map(({ cashMinor: _cashMinor, ...call }) => call)
