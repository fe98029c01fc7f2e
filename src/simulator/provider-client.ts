import type { KeyObject } from 'node:crypto'
import { signBody } from '../integrations/hub88/sign.ts'
import { integerJson } from '../integrations/strict-json.ts'
import { backoff } from '../lib/backoff.ts'
import { minorToScaled } from '../lib/money.ts'
import { noReply, type PlannedCall } from './calls.ts'

/** Whose calls they are, and where they go: a call's turn picks one of several servers. */
export interface ProviderSide {
  readonly urls: readonly string[]
  readonly accountCode: string
  readonly privateKey: KeyObject
  readonly currency: string
}

export interface CallSession {
  readonly token: string
  readonly playerExternalId: string
}

export interface Reply {
  readonly status: string
  /** Cash in minor units of the session's currency, when the reply tells it. */
  readonly cashMinor?: bigint
  /** How often it was asked again, because the answer did not come or was "not now". */
  readonly askedAgain: number
  readonly latencyMs: number
}

const wireScale = 5
const paths = { BET: 'bet', WIN: 'win', ROLLBACK: 'rollback' } as const
const timeoutMs = 5_000
/** How long a call that will be hung up on may last: sometimes enough for the server, sometimes not. */
const hangUpMs = 4
const attemptsMax = 12

/** Sends a call as a provider does: until there is an answer that means something. */
export async function sendCall(
  side: ProviderSide,
  session: CallSession,
  call: PlannedCall,
  turn: number,
): Promise<Reply> {
  const body = bodyOf(side, session, call)
  const signed = call.forged === 'SIGNATURE' ? `${body} ` : body
  const signature = signBody(signed, side.privateKey)
  for (let attempt = 1; ; attempt += 1) {
    const started = performance.now()
    const reply = await post(side, call, turn + attempt - 1, { body, signature })
    const latencyMs = performance.now() - started
    if (call.hangUp) return { status: noReply, askedAgain: 0, latencyMs }
    const answered = reply !== undefined && reply.status !== 'RS_ERROR_UNKNOWN'
    if (answered || attempt === attemptsMax) {
      return { status: noReply, ...reply, askedAgain: attempt - 1, latencyMs }
    }
    await backoff(attempt, { firstMs: 20, capMs: 2_000 })
  }
}

/** Undefined when nothing came back that is an answer. */
async function post(
  { urls, accountCode, currency }: ProviderSide,
  call: PlannedCall,
  turn: number,
  { body, signature }: { readonly body: string; readonly signature: string },
): Promise<{ status: string; cashMinor?: bigint } | undefined> {
  try {
    const url = `${urls[turn % urls.length]}/providers/${accountCode}/transaction/${paths[call.kind]}`
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Hub88-Signature': signature,
        'X-Msg-Timestamp': new Date().toISOString(),
      },
      body,
      signal: AbortSignal.timeout(call.hangUp ? hangUpMs : timeoutMs),
    })
    const text = await response.text()
    if (!response.ok) return response.status >= 500 ? undefined : { status: `HTTP_${response.status}` }
    return parseReply(text, currency)
  } catch {
    return undefined
  }
}

function parseReply(text: string, currency: string): { status: string; cashMinor?: bigint } | undefined {
  const { status } = JSON.parse(text) as { status?: unknown }
  if (typeof status !== 'string') return undefined
  // Read from the text: a balance may be beyond what a JavaScript number holds.
  const scaled = /"balance":(-?\d+)[,}]/.exec(text)?.[1]
  if (scaled === undefined) return { status }
  return { status, cashMinor: BigInt(scaled) / minorToScaled(1n, wireScale, currency) }
}

function bodyOf({ currency }: ProviderSide, session: CallSession, call: PlannedCall): string {
  const spoken = call.currency ?? currency
  const amount = call.amountMinor
  return JSON.stringify({
    user: session.playerExternalId,
    token: call.forged === 'TOKEN' ? `gt_${call.attemptKey}` : session.token,
    request_uuid: call.attemptKey,
    transaction_uuid: call.transactionKey,
    ...(call.referenceKey === undefined ? {} : { reference_transaction_uuid: call.referenceKey }),
    round: call.roundKey,
    round_closed: call.closesRound,
    ...(amount === undefined || call.kind === 'ROLLBACK'
      ? {}
      : { amount: integerJson(minorToScaled(amount, wireScale, spoken)), currency: spoken }),
    game_code: call.gameCode,
    is_free: false,
    supplier_user: session.playerExternalId,
  })
}
