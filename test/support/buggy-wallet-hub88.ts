import { verify } from 'node:crypto'
import type { BuggyWallet, WalletOutcome, WalletVerdict } from './buggy-wallet.ts'
import type { Tongue, WireAnswer, WireCall } from './buggy-wallet-wire.ts'

type Family = 'HUB88' | 'CALETA'
type Fields = Record<string, string | number | boolean | undefined>

const kinds = { bet: 'BET', win: 'WIN', rollback: 'ROLLBACK' } as const

const statuses: Readonly<Record<WalletVerdict, string>> = {
  OK: 'RS_OK',
  CONFLICT: 'RS_ERROR_DUPLICATE_TRANSACTION',
  FUNDS: 'RS_ERROR_NOT_ENOUGH_MONEY',
  LIMIT: 'RS_ERROR_LIMIT_REACHED',
  BLOCKED: 'RS_ERROR_USER_DISABLED',
  SESSION: 'RS_ERROR_INVALID_TOKEN',
  EXPIRED: 'RS_ERROR_TOKEN_EXPIRED',
  CURRENCY: 'RS_ERROR_WRONG_CURRENCY',
  TOMBSTONED: 'RS_ERROR_DUPLICATE_TRANSACTION',
  UNKNOWN: 'RS_ERROR_TRANSACTION_DOES_NOT_EXIST',
  REVERSED: 'RS_ERROR_TRANSACTION_ROLLED_BACK',
  SETTLED: 'RS_ERROR_DUPLICATE_TRANSACTION',
  NOTHING_TO_REVERSE: 'RS_OK',
  REVERSED_ALREADY: 'RS_OK',
}

export const speakHub88 =
  (family: Family, publicKey: string): Tongue =>
  async (wallet, call) => {
    const fields = parse(call.body)
    if (!authentic(wallet, call, publicKey)) return answer(fields, 'RS_ERROR_INVALID_SIGNATURE')
    if (!fields) return answer(fields, 'RS_ERROR_WRONG_SYNTAX')
    const operation = call.path.split('/').at(-1) ?? ''
    if (operation === 'balance') return render(family, fields, wallet.tell(String(fields['token'])))
    const kind = kinds[operation as keyof typeof kinds]
    const { amount = 0 } = fields
    const least = wallet.bug === 'TAKES_BELOW_ZERO' ? -Infinity : 0
    if (!Number.isSafeInteger(amount) || Number(amount) < least) {
      return answer(fields, 'RS_ERROR_WRONG_TYPES')
    }
    const id = String(fields['transaction_uuid'])
    const reference = fields['reference_transaction_uuid']
    const outcome = await wallet.apply({
      kind,
      id,
      token: String(fields['token']),
      handles: [`id:${id}`],
      ...(reference === undefined ? {} : { reference: `id:${String(reference)}` }),
      amountMinor: BigInt(Number(amount)) / 1000n,
      ...(fields['currency'] === undefined ? {} : { currency: String(fields['currency']) }),
      isFree: fields['is_free'] === true,
      round: String(fields['round']),
      content: JSON.stringify([
        kind,
        fields['user'],
        fields['supplier_user'],
        fields['round'],
        amount,
        reference,
      ]),
    })
    return render(family, fields, outcome)
  }

function parse(body: string): Fields | undefined {
  try {
    return JSON.parse(body) as Fields
  } catch {
    return undefined
  }
}

function authentic({ bug }: BuggyWallet, { headers, body }: WireCall, publicKey: string): boolean {
  if (bug === 'VERIFIES_NOTHING') return true
  const fields = bug === 'VERIFIES_PARSED_JSON' ? parse(body) : undefined
  const signed = fields ? JSON.stringify(fields) : body
  const signature = Buffer.from(String(headers['x-hub88-signature'] ?? headers['x-auth-signature']), 'base64')
  return verify('RSA-SHA256', Buffer.from(signed), publicKey, signature)
}

function render(family: Family, fields: Fields, { verdict, user, cashMinor }: WalletOutcome): WireAnswer {
  const status =
    family === 'CALETA' && verdict === 'LIMIT' ? 'RS_ERROR_BET_LIMIT_EXCEEDED' : statuses[verdict]
  const known = cashMinor === undefined ? {} : { user, currency: 'EUR', balance: Number(cashMinor * 1000n) }
  return answer(fields, status, known)
}

const answer = (fields: Fields | undefined, status: string, rest: object = {}): WireAnswer => ({
  status: 200,
  text: JSON.stringify({ request_uuid: fields?.['request_uuid'], status, ...rest }),
})
