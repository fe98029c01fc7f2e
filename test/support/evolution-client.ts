// A provider that speaks the One Wallet dialect over real HTTP.
import { randomUUID } from 'node:crypto'
import type { Subject } from './hub88-client.ts'

export interface EvolutionReply {
  readonly http: number
  readonly text: string
  readonly status: string | undefined
  readonly body: Readonly<Record<string, unknown>>
  /** Balance and bonus as they stand in the text: six decimal places, whatever their size. */
  readonly balance: string | undefined
  readonly bonus: string | undefined
}

/** One stake at a table and what becomes of it: debit, credit and cancel of it share the refId. */
export interface Hand {
  readonly round: string
  readonly table: string
  /** The transaction's own id. */
  readonly id: string
  readonly refId: string
  readonly amount: number
  readonly currency: string
}

/** 1.00 EUR in a round of its own, unless said otherwise. */
export const newHand = (given: Partial<Hand> = {}): Hand => ({
  round: randomUUID(),
  table: 'reel_quest',
  id: randomUUID(),
  refId: randomUUID(),
  amount: 1,
  currency: 'EUR',
  ...given,
})

/** Another transaction about the same stake. */
export const onHand = (hand: Hand, given: Partial<Hand> = {}): Hand => ({
  ...hand,
  id: randomUUID(),
  ...given,
})

export interface Gift {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly type: string
}

export const newGift = (given: Partial<Gift> = {}): Gift => ({
  id: randomUUID(),
  amount: 10,
  currency: 'EUR',
  type: 'FreeRoundPlayableSpent',
  ...given,
})

type Path = '/check' | '/balance' | '/debit' | '/credit' | '/cancel' | '/promo_payout'

type Move = (subject: Subject, hand: Hand, uuid?: string) => Promise<EvolutionReply>

export interface EvolutionClient {
  /** Posts the exact text; the query is the account's token unless said otherwise. */
  post(path: Path, body: string, query?: string): Promise<EvolutionReply>
  call(path: Path, fields: object, query?: string): Promise<EvolutionReply>
  check(subject: Subject): Promise<EvolutionReply>
  balance(subject: Subject, currency?: string): Promise<EvolutionReply>
  readonly debit: Move
  readonly credit: Move
  readonly cancel: Move
  promo(subject: Subject, gift: Gift): Promise<EvolutionReply>
}

export function evolutionClient(baseUrl: string, accountCode: string, authToken: string): EvolutionClient {
  const post: EvolutionClient['post'] = async (
    path,
    body,
    query = `authToken=${encodeURIComponent(authToken)}`,
  ) => {
    const response = await fetch(`${baseUrl}/providers/${accountCode}${path}${query && `?${query}`}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
    return readReply(response.status, await response.text())
  }
  const call: EvolutionClient['call'] = (path, fields, query) => post(path, JSON.stringify(fields), query)
  const move =
    (path: Path): Move =>
    (subject, hand, uuid) =>
      call(path, handFields(subject, hand, uuid))
  return {
    post,
    call,
    check: (subject) => call('/check', { ...holder(subject), channel: { type: 'P' } }),
    balance: (subject, currency = 'EUR') => call('/balance', { ...holder(subject), currency }),
    debit: move('/debit'),
    credit: move('/credit'),
    cancel: move('/cancel'),
    promo: (subject, gift) => call('/promo_payout', giftFields(subject, gift)),
  }
}

const holder = ({ token, user }: Subject, uuid: string = randomUUID()) => ({
  sid: token,
  userId: user,
  uuid,
})

/** The body of a debit, credit or cancel. */
export const handFields = (subject: Subject, hand: Hand, uuid?: string) => ({
  ...holder(subject, uuid),
  currency: hand.currency,
  game: {
    id: hand.round,
    type: 'blackjack',
    details: { table: { id: hand.table, vid: 'virtual-1' } },
  },
  transaction: { id: hand.id, refId: hand.refId, amount: hand.amount },
})

export const giftFields = (subject: Subject, { id, type, amount, currency }: Gift) => ({
  ...holder(subject),
  currency,
  promoTransaction: { type, id, amount, voucherId: 'voucher-1', remainingRounds: 0 },
})

function readReply(http: number, text: string): EvolutionReply {
  const body = parseObject(text)
  return {
    http,
    text,
    body,
    status: typeof body['status'] === 'string' ? body['status'] : undefined,
    balance: /"balance":(-?[\d.]+)[,}]/.exec(text)?.[1],
    bonus: /"bonus":(-?[\d.]+)[,}]/.exec(text)?.[1],
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
