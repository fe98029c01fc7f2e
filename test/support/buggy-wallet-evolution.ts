import type { BuggyWallet, WalletOutcome, WalletVerdict } from './buggy-wallet.ts'
import type { Tongue, WireAnswer } from './buggy-wallet-wire.ts'

interface Fields {
  readonly sid: string
  readonly userId: string
  readonly uuid: string
  readonly currency: string
  readonly game?: { readonly id: string }
  readonly transaction?: { readonly id: string; readonly refId: string; readonly amount: unknown }
  readonly promoTransaction?: { readonly id: string; readonly amount: unknown }
}

const kinds = { '/debit': 'BET', '/credit': 'WIN', '/cancel': 'ROLLBACK', '/promo_payout': 'PROMO' } as const

const statuses: Readonly<Record<WalletVerdict, string>> = {
  OK: 'OK',
  CONFLICT: 'INVALID_PARAMETER',
  FUNDS: 'INSUFFICIENT_FUNDS',
  LIMIT: 'CASINO_LIMIT_EXCEEDED_STAKE',
  BLOCKED: 'ACCOUNT_LOCKED',
  SESSION: 'INVALID_SID',
  EXPIRED: 'INVALID_SID',
  CURRENCY: 'INVALID_PARAMETER',
  TOMBSTONED: 'FINAL_ERROR_ACTION_FAILED',
  UNKNOWN: 'BET_DOES_NOT_EXIST',
  REVERSED: 'BET_ALREADY_SETTLED',
  SETTLED: 'BET_ALREADY_SETTLED',
  NOTHING_TO_REVERSE: 'BET_DOES_NOT_EXIST',
  REVERSED_ALREADY: 'BET_ALREADY_SETTLED',
}

export const speakEvolution =
  (authToken: string): Tongue =>
  async (wallet, { path, query, body }) => {
    const authentic = query.get('authToken') === authToken || wallet.bug === 'VERIFIES_NOTHING'
    if (!authentic) return { status: 401, text: JSON.stringify({ status: 'INVALID_TOKEN_ID' }) }
    const fields = parse(body)
    if (!fields?.userId) return invalid
    if (path === '/balance') return render(fields, wallet.tell(fields.sid))
    const kind = kinds[path as keyof typeof kinds]
    const { id, amount } = fields.transaction ?? fields.promoTransaction ?? { id: '', amount: undefined }
    const amountMinor = minorOf(wallet, amount)
    if (amountMinor === undefined) return invalid
    const tie = `tie:${fields.transaction?.refId}`
    const outcome = await wallet.apply({
      kind,
      id,
      token: fields.sid,
      handles: kind === 'BET' ? [tie] : [],
      reference: tie,
      amountMinor,
      currency: fields.currency,
      isFree: false,
      round: fields.game?.id ?? '',
      content: JSON.stringify([kind, fields.userId, fields.game?.id, tie, amount]),
    })
    return render(fields, outcome)
  }

const invalid: WireAnswer = { status: 400, text: JSON.stringify({ status: 'INVALID_PARAMETER' }) }

function parse(body: string): Fields | undefined {
  try {
    return JSON.parse(body) as Fields
  } catch {
    return undefined
  }
}

function minorOf({ bug }: BuggyWallet, amount: unknown): bigint | undefined {
  if (typeof amount !== 'number' || (amount < 0 && bug !== 'TAKES_BELOW_ZERO')) return undefined
  return BigInt(Math.round(amount * 100))
}

function render({ uuid }: Fields, { verdict, cashMinor }: WalletOutcome): WireAnswer {
  const text = cashMinor === undefined ? undefined : `${(Number(cashMinor) / 100).toFixed(2)}0000`
  const rest = verdict === 'OK' && text ? `,"balance":${text},"bonus":0.000000` : ''
  return { status: 200, text: `{"status":"${statuses[verdict]}","uuid":"${uuid}"${rest}}` }
}
