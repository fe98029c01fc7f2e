import { createHmac } from 'node:crypto'
import type { BuggyWallet, WalletOutcome, WalletVerdict } from './buggy-wallet.ts'
import type { Tongue, WireAnswer, WireCall } from './buggy-wallet-wire.ts'

type Fields = Record<string, unknown>

const kinds = { '/bet': 'BET', '/win': 'WIN', '/refund': 'ROLLBACK' } as const

const refusals: Readonly<Record<WalletVerdict, readonly [number, string?] | undefined>> = {
  OK: undefined,
  CONFLICT: [400],
  FUNDS: [400, 'insufficient_funds'],
  LIMIT: [400, 'bet_limit'],
  BLOCKED: [400, 'account_blocked'],
  SESSION: [404, 'session_not_found'],
  EXPIRED: [400, 'session_expired'],
  CURRENCY: [400, 'currency_not_supported'],
  TOMBSTONED: [400],
  UNKNOWN: [400],
  REVERSED: [400],
  SETTLED: [400],
  NOTHING_TO_REVERSE: undefined,
  REVERSED_ALREADY: undefined,
}

export const speakSwipe =
  (secret: string): Tongue =>
  async (wallet, call) => {
    if (!authentic(wallet, call, secret)) return error(401)
    if (call.path === '/balance') return render(wallet.tell(call.query.get('sessionID') ?? ''))
    const fields = parse(call.body)
    const amountMinor = minorOf(wallet, fields?.['amount'])
    if (!fields || amountMinor === undefined) return error(400)
    const kind = kinds[call.path as keyof typeof kinds]
    const [id, token, round] = [fields['txID'], fields['sessionID'], fields['roundID']].map(String)
    // The player of a round, for whom its wins are: as a rule the one of the session.
    const owner = wallet.tell(token ?? '').user
    const inRound = `round:${wallet.bug === 'PAYS_ANYBODY' ? '' : owner}:${round}`
    const outcome = await wallet.apply({
      kind,
      id: id ?? '',
      token: token ?? '',
      handles: kind === 'BET' ? [`id:${id}`, inRound] : [],
      ...(kind === 'WIN' ? { reference: inRound } : {}),
      ...(kind === 'ROLLBACK' ? { reference: `id:${String(fields['origTxID'])}` } : {}),
      amountMinor,
      isFree: fields['type'] === 'free',
      round: round ?? '',
      content: JSON.stringify([kind, owner, round, String(amountMinor), fields['origTxID']]),
    })
    return render(outcome, `own-${id}`)
  }

function parse(body: string): Fields | undefined {
  try {
    return JSON.parse(body) as Fields
  } catch {
    return undefined
  }
}

function minorOf({ bug }: BuggyWallet, amount: unknown): bigint | undefined {
  if (typeof amount !== 'string') return undefined
  const match = /^(-?)(0|[1-9]\d*)(?:\.(\d{1,2}))?$/.exec(amount)
  if (!match || (match[1] && bug !== 'TAKES_BELOW_ZERO')) return undefined
  const minor = BigInt((match[2] ?? '') + (match[3] ?? '').padEnd(2, '0'))
  return match[1] ? -minor : minor
}

function authentic(
  { bug }: BuggyWallet,
  { headers, method, query, body }: WireCall,
  secret: string,
): boolean {
  if (bug === 'VERIFIES_NOTHING') return true
  const signed = method === 'GET' ? JSON.stringify(Object.fromEntries(query)) : body
  return createHmac('sha256', secret).update(signed).digest('hex') === headers['x-request-sign']
}

function render({ verdict, cashMinor = 0n }: WalletOutcome, txID?: string): WireAnswer {
  const refused = refusals[verdict]
  if (refused) return error(...refused)
  const digits = String(cashMinor).padStart(3, '0')
  const balance = `${digits.slice(0, -2)}.${digits.slice(-2)}`
  return { status: 200, text: JSON.stringify({ balance, txID }) }
}

const error = (status: number, code?: string): WireAnswer => ({
  status,
  text: JSON.stringify({ message: 'refused', code }),
})
