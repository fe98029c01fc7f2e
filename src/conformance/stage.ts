// Where one scenario plays: it builds transactions, sends them, judges every reply by the dialect's list and every
// balance that the wallet tells by what it must be. The first thing that is wrong ends the scenario.
import { currencyExponent, formatDecimal } from '../lib/money.ts'
import type { KitDialect, Reply, Seat, Situation, Speaker } from './dialects/dialect.ts'
import type { Transaction, WireRequest } from './dialects/dialect.ts'
import { Mismatch, Missing, type Step } from './row.ts'
import { betOf, type Given, rollbackOf, winOf } from './transactions.ts'
import type { Arrival, Transport } from './transport.ts'
import type { SeatName, World } from './world.ts'

export interface Ground {
  readonly dialect: KitDialect
  readonly speaker: Speaker
  readonly transport: Transport
  readonly world: World
}

export class Stage {
  readonly world: World
  readonly dialect: KitDialect
  readonly steps: Step[] = []
  /** One main unit of the currency. */
  readonly unit: bigint
  readonly speaker: Speaker
  readonly #ground: Ground
  /** What each seat that takes part must have now. */
  readonly #cash = new Map<Seat, bigint>()

  constructor(ground: Ground) {
    this.#ground = ground
    this.world = ground.world
    this.dialect = ground.dialect
    this.speaker = ground.speaker
    this.unit = 10n ** BigInt(currencyExponent(ground.world.currency))
  }

  /** A player of the world who has so many main units at least; their balance is watched from now on. */
  async player(name: SeatName, needsUnits: bigint): Promise<Seat> {
    const seat = this.world.seats[name]
    if (!seat) throw new Missing(`the world has no players.${name}`)
    const cash = await this.tell(seat)
    const needs = needsUnits * this.unit
    if (cash < needs) {
      throw new Missing(`players.${name} has ${this.money(cash)}, and needs ${this.money(needs)}`)
    }
    this.#cash.set(seat, cash)
    return seat
  }

  cash(seat: Seat): bigint {
    return this.#cash.get(seat) ?? 0n
  }

  /** From now on the seat must have so much more. */
  moved(seat: Seat, effectMinor: bigint): void {
    const watched = this.#watched(seat)
    this.#cash.set(watched, this.cash(watched) + effectMinor)
  }

  /** A bet of one main unit in a round of its own, unless said otherwise. */
  bet(seat: Seat, given: Given = {}): Transaction {
    const { currency, gameCode } = this.world
    return betOf(seat, { amountMinor: this.unit, currency, gameCode, ...given })
  }

  win = winOf
  rollback = rollbackOf

  request = (transaction: Transaction): WireRequest => this.speaker.send(transaction)

  /** Sends, judges the reply, applies the effect when the reply is an OK, and looks at all balances. */
  async send(
    what: string,
    transaction: Transaction,
    situation: Situation,
    effectMinor: bigint,
  ): Promise<Reply> {
    return this.sendRequest(what, this.request(transaction), transaction, situation, effectMinor)
  }

  async sendRequest(
    what: string,
    request: WireRequest,
    { seat, kind }: Pick<Transaction, 'seat' | 'kind'>,
    situation: Situation,
    effectMinor: bigint,
  ): Promise<Reply> {
    const reply = this.#read(request, await this.#ground.transport.send(request))
    this.judge(what, reply, situation)
    const done = this.isOk(reply)
    if (done) this.moved(seat, effectMinor)
    const told = done || (situation === 'funds' && this.dialect.fundsTellsBalance)
    if (told) this.#judgeTold(what, reply, this.#watched(seat), kind !== 'ROLLBACK')
    await this.settled(what)
    return reply
  }

  /** Sends and judges where the protocol leaves open which of these effects follows. */
  async sendEither(
    what: string,
    transaction: Transaction,
    situation: Situation,
    effects: readonly bigint[],
  ): Promise<void> {
    const { seat } = transaction
    this.judge(what, await this.ask(transaction), situation)
    const now = await this.tell(seat)
    const dues = effects.map((effect) => this.cash(seat) + effect)
    const expected = [...new Set(dues.map(this.money))].join(' or ')
    this.step(`${what}: balance of ${seat.name}`, expected, this.money(now), dues.includes(now))
    this.moved(seat, now - this.cash(seat))
  }

  /** The balance in a reply must be the true one; a rollback may be of a player who is not known. */
  #judgeTold(what: string, { balanceMinor }: Reply, seat: Seat, due: boolean): void {
    const name = `${what}: balance in the reply`
    if (balanceMinor === undefined) {
      if (due) this.step(name, this.money(this.cash(seat)), 'none', false)
    } else if (this.#cash.has(seat)) {
      this.same(name, balanceMinor, this.cash(seat))
    }
  }

  /** Many at the same moment, each on a connection of its own. */
  async volley(transactions: readonly Transaction[]): Promise<readonly Reply[]> {
    const requests = transactions.map(this.request)
    const arrivals = await this.#ground.transport.volley(requests)
    return requests.map((request, at) => this.#read(request, arrivals[at] ?? { silence: 'no answer' }))
  }

  /** Sends and hangs up. */
  cut(transaction: Transaction, when: 'SENT' | 'ANSWERED'): Promise<void> {
    return this.#ground.transport.cut(this.request(transaction), when)
  }

  /** One request whose reply nobody judges yet. */
  async ask(transaction: Transaction): Promise<Reply> {
    const request = this.request(transaction)
    return this.#read(request, await this.#ground.transport.send(request))
  }

  isOk = ({ words }: Reply): boolean => this.dialect.accepts.ok.some((word) => words.includes(word))

  fits = (reply: Reply, situation: Situation): boolean =>
    reply.malformed === undefined &&
    this.dialect.accepts[situation].some((word) => reply.words.includes(word))

  /** The reply must be one of those accepted in one of the situations. */
  judge(what: string, reply: Reply, ...situations: readonly Situation[]): void {
    const accepted = new Set(situations.flatMap((one) => this.dialect.accepts[one]))
    const came = reply.malformed === undefined ? reply.said : `${reply.said}: ${reply.malformed}`
    const ok = situations.some((one) => this.fits(reply, one))
    this.step(what, [...accepted].join(' or '), came, ok)
  }

  /** Every watched player must have exactly what is due. */
  async settled(what: string): Promise<void> {
    for (const [seat, due] of this.#cash) {
      this.same(`${what}: balance of ${seat.name}`, await this.tell(seat), due)
    }
  }

  same(what: string, came: bigint, expected: bigint): void {
    this.step(what, this.money(expected), this.money(came), came === expected)
  }

  step(what: string, expected: string, came: string, ok: boolean): void {
    this.steps.push({ what, expected, came, ok })
    if (!ok) throw new Mismatch(what)
  }

  /** The balance that the wallet tells. */
  async tell(seat: Seat): Promise<bigint> {
    const reply = await this.tryToTell(seat)
    this.judge(`ask the balance of ${seat.name}`, reply, 'ok')
    if (reply.balanceMinor === undefined) {
      this.step(`ask the balance of ${seat.name}`, 'a balance', `${reply.said} without one`, false)
    }
    return reply.balanceMinor ?? 0n
  }

  async tryToTell(seat: Seat): Promise<Reply> {
    const { gameCode, currency } = this.world
    const live = { ...seat, token: seat.liveToken }
    const request = this.speaker.balance(live, gameCode, currency)
    return this.#read(request, await this.#ground.transport.send(request))
  }

  money = (minor: bigint): string => `${formatDecimal(minor, this.world.currency)} ${this.world.currency}`

  #read(request: WireRequest, arrival: Arrival): Reply {
    if ('silence' in arrival) return { said: arrival.silence, words: [] }
    return this.speaker.read(request, arrival, this.world.currency)
  }

  /** A seat stays itself when it plays with another token. */
  #watched(seat: Seat): Seat {
    return [...this.#cash.keys()].find(({ name }) => name === seat.name) ?? seat
  }
}
