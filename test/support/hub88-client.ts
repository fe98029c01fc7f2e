// A provider that speaks the Hub88 or Caleta dialect over real HTTP, with real signatures.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { signBody } from '../../src/integrations/hub88/sign.ts'

export interface KeyPair {
  readonly privateKey: KeyObject
  /** PEM, as a provider account keeps it. */
  readonly publicKey: string
}

/** Short ones, unless the length matters: making them and signing with them costs most of what many tests do. */
export function generateKeys(modulusLength = 1024): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}

export interface WireReply {
  readonly http: number
  readonly text: string
  readonly status: string | undefined
  readonly body: Readonly<Record<string, unknown>>
  /** The balance as it stands in the text: an integer, whatever its size. */
  readonly balance: string | undefined
}

export type Path =
  | '/user/info'
  | '/user/balance'
  | `/transaction/${'bet' | 'win' | 'rollback'}`
  | `/wallet/${'check' | 'balance' | 'bet' | 'win' | 'rollback'}`

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Signs these bytes instead of the body. */
  readonly signedBytes?: string | Buffer
  readonly signature?: string | null
  readonly signatureHeader?: 'X-Hub88-Signature' | 'X-Auth-Signature'
}

export interface Hub88Client {
  /** Posts the exact bytes. */
  post(path: string, body: string | Buffer, options?: PostOptions): Promise<WireReply>
  /** Posts an object as JSON. */
  call(path: Path, fields: object, options?: PostOptions): Promise<WireReply>
}

export function hub88Client(baseUrl: string, accountCode: string, privateKey: KeyObject): Hub88Client {
  const post: Hub88Client['post'] = async (path, body, options = {}) => {
    const signature =
      options.signature === undefined ? signBody(options.signedBytes ?? body, privateKey) : options.signature
    const name =
      options.signatureHeader ?? (path.startsWith('/wallet/') ? 'X-Auth-Signature' : 'X-Hub88-Signature')
    const response = await fetch(`${baseUrl}/providers/${accountCode}${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(signature === null ? {} : { [name]: signature }),
        ...options.headers,
      },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
    return readReply(response.status, await response.text())
  }
  return { post, call: (path, fields, options) => post(path, JSON.stringify(fields), options) }
}

function readReply(http: number, text: string): WireReply {
  const body = parseObject(text)
  return {
    http,
    text,
    body,
    status: typeof body['status'] === 'string' ? body['status'] : undefined,
    balance: /"balance":(-?\d+)[,}]/.exec(text)?.[1],
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

export interface Subject {
  readonly token: string
  readonly user: string
}

/** The fields of a bet as Hub88 sends it: 1.00 EUR, a round of its own, unless said otherwise. */
export const betFields = (subject: Subject, given: object = {}) => ({
  ...subject,
  request_uuid: randomUUID(),
  transaction_uuid: randomUUID(),
  round: randomUUID(),
  round_closed: false,
  amount: 100_000,
  currency: 'EUR',
  game_code: 'reel_quest',
  is_free: false,
  supplier_user: 'alias-1',
  ...given,
})

type BetFields = ReturnType<typeof betFields>

/** A win of 2.00 EUR that names a bet. */
export const winFields = (bet: BetFields, given: object = {}) => ({
  ...bet,
  request_uuid: randomUUID(),
  transaction_uuid: randomUUID(),
  reference_transaction_uuid: bet.transaction_uuid,
  round_closed: true,
  amount: 200_000,
  ...given,
})

/** A rollback of a bet or a win; it carries no amount. */
export function rollbackFields(reversed: BetFields, given: object = {}) {
  const { amount: _amount, currency: _currency, is_free: _isFree, ...rest } = reversed
  return {
    ...rest,
    request_uuid: randomUUID(),
    transaction_uuid: randomUUID(),
    reference_transaction_uuid: reversed.transaction_uuid,
    round_closed: true,
    ...given,
  }
}
