// A provider that speaks the Swipe Games dialect over real HTTP, with real signatures.
import { randomUUID } from 'node:crypto'
import { canonicalJson, canonicalQuery, signText } from '../../src/integrations/swipe/sign.ts'

export interface SwipeReply {
  readonly http: number
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface SignOptions {
  /** Sent instead of the right one; null sends none. */
  readonly signature?: string | null
}

export interface SwipeClient {
  readonly bet: (fields: object, options?: SignOptions) => Promise<SwipeReply>
  readonly win: (fields: object, options?: SignOptions) => Promise<SwipeReply>
  refund(fields: object, options?: SignOptions): Promise<SwipeReply>
  balance(sessionID: string, options?: SignOptions): Promise<SwipeReply>
  /** Posts the exact bytes, signed as they are. */
  post(path: string, body: string | Buffer, options?: SignOptions): Promise<SwipeReply>
  /** Asks with the exact query. */
  get(path: string, query: string, options?: SignOptions): Promise<SwipeReply>
}

export function swipeClient(baseUrl: string, accountCode: string, secret: string): SwipeClient {
  const base = `${baseUrl}/providers/${accountCode}`
  const send = async (path: string, right: string, { signature = right }: SignOptions, init: RequestInit) => {
    const headers = {
      'Content-Type': 'application/json',
      ...(signature === null ? {} : { 'X-REQUEST-SIGN': signature }),
    }
    const response = await fetch(base + path, { ...init, headers })
    const text = await response.text()
    return { http: response.status, text, body: JSON.parse(text) as Record<string, unknown> }
  }
  const post: SwipeClient['post'] = (path, body, options = {}) =>
    send(path, signText(body, secret), options, {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
  const get: SwipeClient['get'] = (path, query, options = {}) =>
    send(`${path}?${query}`, signText(canonicalQuery(query), secret), options, {})
  return {
    post,
    get,
    bet: (fields, options) => post('/bet', canonicalJson(fields), options),
    win: (fields, options) => post('/win', canonicalJson(fields), options),
    refund: (fields, options) => post('/refund', canonicalJson(fields), options),
    balance: (sessionID, options) => get('/balance', String(new URLSearchParams({ sessionID })), options),
  }
}

/** A bet of 1.00 in a round of its own, unless said otherwise. */
export const betFields = ({ token }: { readonly token: string }, given: object = {}) => ({
  type: 'regular',
  sessionID: token,
  amount: '1.00',
  txID: randomUUID() as string,
  roundID: randomUUID() as string,
  ...given,
})

type BetFields = ReturnType<typeof betFields>

/** A win of 2.00 in the round of a bet. */
export const winFields = (bet: BetFields, given: object = {}) => ({
  ...bet,
  amount: '2.00',
  txID: randomUUID() as string,
  ...given,
})

/** A refund of the whole of a bet or a win. */
export const refundFields = ({ sessionID, amount, roundID, txID }: BetFields, given: object = {}) => ({
  sessionID,
  amount,
  roundID,
  txID: randomUUID() as string,
  origTxID: txID,
  ...given,
})
