// The money rules told again, as plainly as possible and without looking at the code under test: what a command
// answers and what the wallet and the stakes in play are afterwards. One player, one wallet.
import type { Command, Verdict } from '../../src/domain/money/types.ts'

interface ModelBet {
  readonly round: string
  readonly stake: bigint
  readonly bonusStake: bigint
  readonly real: boolean
  state: 'OPEN' | 'SETTLED' | 'ROLLED_BACK' | 'VOIDED'
  paid: bigint
}

interface Done {
  readonly verdict: Verdict
  readonly bet?: string
  readonly amount?: bigint
  readonly bonus?: bigint
}

interface Known extends Done {
  readonly kind: string
  readonly print: string
  reversed?: boolean
}

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>

const least = (a: bigint, b: bigint) => (a < b ? a : b)

export class ReferenceModel {
  cash: bigint
  bonus: bigint
  owed = 0n
  /** By the key of the transaction that placed it. */
  readonly bets = new Map<string, ModelBet>()
  readonly rounds = new Map<string, 'OPEN' | 'COMPLETED'>()
  readonly #known = new Map<string, Known>()
  readonly #roundOf: (id: string) => string | undefined

  /** Rounds that commands name by id are told by their key. */
  constructor(cash: bigint, bonus = 0n, roundOf: (id: string) => string | undefined = () => undefined) {
    this.cash = cash
    this.bonus = bonus
    this.#roundOf = roundOf
  }

  get stakes(): bigint {
    const open = [...this.bets.values()].filter((bet) => bet.state === 'OPEN' && bet.real)
    return open.reduce((sum, bet) => sum + bet.stake, 0n)
  }

  play(command: Command): { verdict: Verdict; first?: Verdict } {
    const { transactionKey, kind } = command
    const key = `${command.scopeId} ${transactionKey}`
    const print = command.fingerprint.toString('hex')
    const known = this.#known.get(key)
    if (known?.kind === 'TOMBSTONE') return { verdict: 'TOMBSTONED' }
    if (known?.kind === kind && known.print === print) return { verdict: 'REPLAY', first: known.verdict }
    if (known) return { verdict: 'DUPLICATE_CONFLICT' }
    const tombstones = this.#tombstones
    const done = this.#do(command)
    const remembered = done.verdict !== 'REFERENCE_UNKNOWN' || this.#tombstones > tombstones
    if (remembered) this.#known.set(key, { kind, print, ...done })
    return { verdict: done.verdict }
  }

  get #tombstones(): number {
    return [...this.#known.values()].filter(({ kind }) => kind === 'TOMBSTONE').length
  }

  #do(command: Command): Done {
    if (command.kind === 'BET') return this.#bet(command)
    if (command.kind === 'WIN') return this.#win(command)
    if (command.kind === 'ROLLBACK') return this.#takeBack(command)
    if (command.kind === 'PROMO') return this.#add(command.paidTo, command.amountMinor)
    if (command.kind === 'DEPOSIT') return this.#add('CASH', command.amountMinor)
    if (command.kind === 'WITHDRAWAL') return this.#add('CASH', -command.amountMinor)
    if (command.kind === 'ADJUSTMENT') return this.#add(command.account, command.amountMinor)
    if (command.kind === 'END_ROUND') return this.#end(command.roundKey)
    const round = this.#roundOf(command.roundId)
    if (round === undefined) return { verdict: 'REFERENCE_UNKNOWN' }
    if (this.rounds.get(round) === 'COMPLETED') return { verdict: 'ALREADY_SETTLED' }
    if (command.kind === 'VOID_ROUND') this.#giveBack(round)
    return this.#end(round)
  }

  #add(account: 'CASH' | 'BONUS' | 'OWED', amount: bigint): Done {
    const held = { CASH: this.cash, BONUS: this.bonus, OWED: this.owed }[account]
    // What is owed is counted here from zero up.
    const after = account === 'OWED' ? held - amount : held + amount
    if (after < 0n) return { verdict: 'FUNDS' }
    if (account === 'CASH') this.cash = after
    else if (account === 'BONUS') this.bonus = after
    else this.owed = after
    return { verdict: 'OK' }
  }

  #bet(command: Of<'BET'>): Done {
    const { amountMinor: stake, transactionKey: bet, roundKey: round } = command
    const real = command.betKind === 'REAL'
    if (real && stake > this.cash + this.bonus) return { verdict: 'FUNDS' }
    const cashStake = real ? least(stake, this.cash) : 0n
    const bonusStake = real ? stake - cashStake : 0n
    this.cash -= cashStake
    this.bonus -= bonusStake
    this.bets.set(bet, { round, stake, bonusStake, real, state: 'OPEN', paid: 0n })
    this.rounds.set(round, 'OPEN')
    if (command.closesRound) this.#close(round)
    return { verdict: 'OK', bet }
  }

  #win(command: Of<'WIN'>): Done {
    const { referenceKey = '', amountMinor: amount } = command
    const reference = this.#known.get(`${command.scopeId} ${referenceKey}`)
    if (reference?.kind === 'TOMBSTONE') return { verdict: 'REFERENCE_ROLLED_BACK' }
    const bet = reference?.kind === 'BET' ? this.bets.get(referenceKey) : undefined
    if (!bet || bet.round !== command.roundKey) return { verdict: 'REFERENCE_UNKNOWN' }
    if (bet.state === 'ROLLED_BACK') return { verdict: 'REFERENCE_ROLLED_BACK' }
    if (bet.state === 'VOIDED') return { verdict: 'ALREADY_SETTLED' }
    if (bet.state === 'SETTLED' && command.afterSettlement === 'REFUSE') return { verdict: 'ALREADY_SETTLED' }
    const toBonus = command.freeWinsTo === 'BONUS' ? amount : 0n
    const shared = bet.stake > 0n ? (amount * bet.bonusStake) / bet.stake : 0n
    const bonus = bet.real ? shared : toBonus
    this.cash += amount - bonus
    this.bonus += bonus
    bet.paid += amount
    if (amount === 0n || command.settlesBet) bet.state = 'SETTLED'
    if (command.closesRound) this.#close(bet.round)
    return { verdict: 'OK', bet: referenceKey, amount, bonus }
  }

  #takeBack(command: Of<'ROLLBACK'>): Done {
    // It is about the bet that it leads to, if any, also when it names a win or a rollback of that bet.
    const bet = this.#known.get(`${command.scopeId} ${command.referenceKey}`)?.bet ?? ''
    const found = this.#reverse(command)
    const nothing = found === 'NOTHING' || found === 'DONE BEFORE'
    const refusal = found === 'NOTHING' ? 'REFERENCE_UNKNOWN' : 'ALREADY_SETTLED'
    const verdict = nothing ? (command.unmatched === 'REFUSE' ? refusal : 'OK') : found
    if (verdict !== 'OK') return { verdict }
    const round = this.bets.get(bet)?.round ?? command.roundKey
    const { closesRound } = command
    if (closesRound === 'WHEN_QUIET' ? this.#isQuiet(round) : closesRound) this.#close(round)
    return { verdict, bet }
  }

  #reverse(command: Of<'ROLLBACK'>): Verdict | 'NOTHING' | 'DONE BEFORE' {
    const { referenceKey, transactionKey, afterWin } = command
    const key = `${command.scopeId} ${referenceKey}`
    const reference = this.#known.get(key)
    if (!reference && referenceKey !== transactionKey) {
      this.#known.set(key, { kind: 'TOMBSTONE', print: '', verdict: 'TOMBSTONED' })
    }
    if (reference?.kind === 'PROMO' && reference.verdict === 'OK') return 'REFERENCE_UNKNOWN'
    const bet = this.bets.get(reference?.bet ?? '')
    if (!reference || !bet || reference.kind === 'ROLLBACK') return 'NOTHING'
    if (reference.kind === 'WIN') {
      if (reference.reversed) return 'DONE BEFORE'
      if (afterWin === 'REFUSE') return 'ALREADY_SETTLED'
      this.#takeWin(bet, reference)
      return 'OK'
    }
    if (bet.state === 'ROLLED_BACK') return 'DONE BEFORE'
    const final = bet.state === 'SETTLED' || bet.paid > 0n
    if (bet.state === 'VOIDED' || (afterWin === 'REFUSE' && final)) return 'ALREADY_SETTLED'
    this.cash += bet.real ? bet.stake - bet.bonusStake : 0n
    this.bonus += bet.bonusStake
    bet.state = 'ROLLED_BACK'
    return 'OK'
  }

  #takeWin(bet: ModelBet, win: Known): void {
    const amount = win.amount ?? 0n
    const bonus = least(win.bonus ?? 0n, this.bonus)
    const cash = least(amount - bonus, this.cash)
    this.bonus -= bonus
    this.cash -= cash
    this.owed += amount - bonus - cash
    bet.paid -= amount
    win.reversed = true
  }

  #giveBack(round: string): void {
    for (const bet of this.bets.values()) {
      if (bet.round !== round || bet.state !== 'OPEN' || bet.paid > 0n) continue
      this.cash += bet.real ? bet.stake - bet.bonusStake : 0n
      this.bonus += bet.bonusStake
      bet.state = 'VOIDED'
    }
  }

  #end(round: string): Done {
    if (!this.rounds.has(round)) return { verdict: 'REFERENCE_UNKNOWN' }
    this.#close(round)
    return { verdict: 'OK' }
  }

  #isQuiet(round: string): boolean {
    return [...this.bets.values()].every((bet) => bet.round !== round || bet.state !== 'OPEN')
  }

  #close(round: string): void {
    if (!this.rounds.has(round)) return
    this.rounds.set(round, 'COMPLETED')
    for (const bet of this.bets.values())
      if (bet.round === round && bet.state === 'OPEN') bet.state = 'SETTLED'
  }
}
