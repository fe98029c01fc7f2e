// The outbound side: bets that are placed from here are played by a game engine, over a small protocol of our own
// (see README). Every call is signed and names the bet by its id; only a signed reply of HTTP 200 about that very bet
// counts.
import type { Fate, GameEngine, OutboundBet, Told } from '../../domain/money/engine.ts'
import type { Exchange } from '../../domain/providers/outbound-call.ts'
import type { OpenAccount } from '../../domain/providers/types.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { SignatureResult } from '../dialect.ts'
import { openHttpClient, type HttpReply, type HttpRules } from './http.ts'
import { readFate } from './replies.ts'
import { sameSignature, signatureHeader, signReply, signRequest, timestampHeader } from './sign.ts'

export interface EngineClientOptions extends Omit<HttpRules, 'timeoutMs'> {
  readonly clock: Clock
  readonly log: Log
  /** For one call, from the first byte to the last; two seconds when absent. */
  readonly timeoutMs?: number
}

export interface EngineClient extends GameEngine {
  close(): void
}

interface EngineRequest {
  readonly operation: 'PLAY' | 'ASK' | 'CANCEL'
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body: Buffer
}

const nothing = Buffer.alloc(0)

export function openEngineClient(options: EngineClientOptions): EngineClient {
  const http = openHttpClient({ timeoutMs: 2_000, ...options })

  async function call(account: OpenAccount, bet: OutboundBet, request: EngineRequest): Promise<Told> {
    const sentAt = options.clock.now()
    const startedMs = performance.now()
    const { base, ...signed } = sign(account, request, sentAt)
    const reply = await http
      .send({ ...request, url: new URL(signed.path, base), headers: signed.headers })
      .catch((error: unknown) => {
        const facts = { betId: bet.id, account: account.code, operation: request.operation }
        options.log.warn({ err: error, ...facts }, 'a game engine did not answer')
        return undefined
      })
    const signature = reply ? signatureOf(reply, signed.signature, account) : 'UNCHECKED'
    const exchange: Exchange = {
      operation: request.operation,
      path: signed.path,
      requestBody: request.body,
      requestHeaders: { [timestampHeader]: signed.timestamp },
      replyBody: reply?.body ?? nothing,
      httpStatus: reply?.status ?? 0,
      signature,
      sentAt,
      endedAt: options.clock.now(),
      latencyUs: Math.round((performance.now() - startedMs) * 1000),
    }
    return { fate: fateOf(reply, signature, bet), exchange }
  }

  return {
    play: (account, bet) =>
      call(account, bet, { operation: 'PLAY', method: 'POST', path: '/bets', body: bodyOf(account, bet) }),
    ask: (account, bet) =>
      call(account, bet, { operation: 'ASK', method: 'GET', path: `/bets/${bet.id}`, body: nothing }),
    cancel: (account, bet) =>
      call(account, bet, {
        operation: 'CANCEL',
        method: 'POST',
        path: `/bets/${bet.id}/cancel`,
        body: nothing,
      }),
    close: () => http.close(),
  }
}

/** Amounts are integers of the currency's smallest unit, as text: no float touches them. */
const bodyOf = (account: OpenAccount, bet: OutboundBet): Buffer =>
  Buffer.from(
    JSON.stringify({
      betId: bet.id,
      account: account.code,
      player: bet.playerExternalId,
      session: bet.sessionId,
      game: bet.gameCode,
      currency: bet.currency,
      stakeMinor: String(bet.stakeMinor),
      placedAt: bet.placedAt.toISOString(),
    }),
  )

function sign(account: OpenAccount, { method, path, body }: EngineRequest, at: Date) {
  const base = new URL(account.engineUrl ?? 'https://no-engine.invalid')
  const whole = base.pathname.replace(/\/+$/, '') + path
  const timestamp = String(at.getTime())
  // Without a secret that opens, the engine will refuse it: the account's mistake is then seen in its calls.
  const signature = signRequest(account.secrets[0] ?? '', { timestamp, method, path: whole, body })
  const headers = {
    [timestampHeader]: timestamp,
    [signatureHeader]: signature,
    'content-type': 'application/json',
  }
  return { base, path: whole, timestamp, signature, headers }
}

function signatureOf(
  { headers, status, body }: HttpReply,
  requestSignature: string,
  account: OpenAccount,
): SignatureResult {
  const given = headers[signatureHeader]
  if (typeof given !== 'string') return 'MISSING'
  const signed = { requestSignature, status, body }
  return account.secrets.some((secret) => sameSignature(given, signReply(secret, signed)))
    ? 'VALID'
    : 'INVALID'
}

function fateOf(reply: HttpReply | undefined, signature: string, bet: OutboundBet): Fate {
  if (reply?.status !== 200) return { kind: 'UNKNOWN', why: 'NO_ANSWER' }
  if (signature !== 'VALID') return { kind: 'UNKNOWN', why: 'BAD_SIGNATURE' }
  try {
    return readFate(reply.body, bet)
  } catch {
    return { kind: 'UNKNOWN', why: 'BAD_REPLY' }
  }
}
