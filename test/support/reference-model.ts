// The money rules told again, as plainly as possible and without looking at the code under test: what a command
// answers and what cash, debt and stakes in play are afterwards. One player, one wallet; free bets move no money.
import type { Command, Verdict } from '../../src/domain/money/types.ts'

interface ModelBet {
  readonly round: string
  readonly stake: bigint
  readonly real: boolean
  state: 'OPEN' | 'SETTLED' | 'ROLLED_BACK'
  paid: bigint
}

interface Known {
  readonly kind: string
  readonly print: string
  readonly verdict: Verdict
  readonly bet?: string
  readonly amount?: bigint
  reversed?: boolean
}

export class ReferenceModel {
  cash: bigint
  owed = 0n
  readonly bets = new Map<string, ModelBet>()
  readonly rounds = new Map<string, 'OPEN' | 'COMPLETED'>()
  readonly #known = new Map<string, Known>()

  constructor(cash: bigint) {
    this.cash = cash
  }

  get stakes(): bigint {
    const open = [...this.bets.values()].filter((bet) => bet.state === 'OPEN' && bet.real)
    return open.reduce((sum, bet) => sum + bet.stake, 0n)
  }

  play(command: Command): { verdict: Verdict; first?: Verdict } {
    const { transactionKey: key, kind } = command
    const print = command.fingerprint.toString('hex')
    const known = this.#known.get(key)
    if (known?.kind === 'TOMBSTONE') return { verdict: 'TOMBSTONED' }
    if (known?.kind === kind && known.print === print) return { verdict: 'REPLAY', first: known.verdict }
    if (known) return { verdict: 'DUPLICATE_CONFLICT' }
    const done = this.#do(command)
    if (done.verdict !== 'REFERENCE_UNKNOWN') this.#known.set(key, { kind, print, ...done })
    return { verdict: done.verdict }
  }

  #do(command: Command): Omit<Known, 'kind' | 'print'> {
    if (command.kind === 'BET') return this.#bet(command)
    if (command.kind === 'WIN') return this.#win(command)
    if (command.kind === 'ROLLBACK') {
      // It is about the bet that it leads to, if any, also when it names a win or a rollback of that bet.
      const bet = this.#known.get(command.referenceKey)?.bet ?? ''
      const verdict = this.#rollback(command)
      if (verdict !== 'OK') return { verdict }
      if (command.closesRound) this.#close(this.bets.get(bet)?.round ?? command.roundKey)
      return { verdict, bet }
    }
    if (command.kind !== 'END_ROUND') throw new Error('not modelled')
    if (!this.rounds.has(command.roundKey)) return { verdict: 'REFERENCE_UNKNOWN' }
    this.#close(command.roundKey)
    return { verdict: 'OK' }
  }

  #bet(command: Command & { kind: 'BET' }): Omit<Known, 'kind' | 'print'> {
    const { amountMinor: stake, transactionKey: bet, roundKey: round } = command
    const real = command.betKind === 'REAL'
    if (real && stake > this.cash) return { verdict: 'FUNDS' }
    if (real) this.cash -= stake
    this.bets.set(bet, { round, stake, real, state: 'OPEN', paid: 0n })
    this.rounds.set(round, 'OPEN')
    if (command.closesRound) this.#close(round)
    return { verdict: 'OK', bet }
  }

  #win(command: Command & { kind: 'WIN' }): Omit<Known, 'kind' | 'print'> {
    const { referenceKey = '' } = command
    const reference = this.#known.get(referenceKey)
    if (reference?.kind === 'TOMBSTONE') return { verdict: 'REFERENCE_ROLLED_BACK' }
    const bet = reference?.kind === 'BET' ? this.bets.get(referenceKey) : undefined
    if (!bet || bet.round !== command.roundKey) return { verdict: 'REFERENCE_UNKNOWN' }
    if (bet.state === 'ROLLED_BACK') return { verdict: 'REFERENCE_ROLLED_BACK' }
    this.cash += command.amountMinor
    bet.paid += command.amountMinor
    if (command.amountMinor === 0n) bet.state = 'SETTLED'
    if (command.closesRound) this.#close(bet.round)
    return { verdict: 'OK', bet: referenceKey, amount: command.amountMinor }
  }

  #rollback(command: Command & { kind: 'ROLLBACK' }): Verdict {
    const { referenceKey, transactionKey, afterWin } = command
    const reference = this.#known.get(referenceKey)
    if (!reference && referenceKey !== transactionKey) {
      this.#known.set(referenceKey, { kind: 'TOMBSTONE', print: '', verdict: 'TOMBSTONED' })
    }
    const bet = this.bets.get(reference?.bet ?? '')
    if (!reference || !bet || reference.kind === 'ROLLBACK') return 'OK'
    if (reference.kind === 'WIN') {
      if (reference.reversed) return 'OK'
      if (afterWin === 'REFUSE') return 'ALREADY_SETTLED'
      const amount = reference.amount ?? 0n
      const taken = amount < this.cash ? amount : this.cash
      this.cash -= taken
      this.owed += amount - taken
      bet.paid -= amount
      reference.reversed = true
      return 'OK'
    }
    if (bet.state === 'ROLLED_BACK') return 'OK'
    if (afterWin === 'REFUSE' && (bet.state === 'SETTLED' || bet.paid > 0n)) return 'ALREADY_SETTLED'
    if (bet.real) this.cash += bet.stake
    bet.state = 'ROLLED_BACK'
    return 'OK'
  }

  #close(round: string): void {
    if (!this.rounds.has(round)) return
    this.rounds.set(round, 'COMPLETED')
    for (const bet of this.bets.values())
      if (bet.round === round && bet.state === 'OPEN') bet.state = 'SETTLED'
  }
}
