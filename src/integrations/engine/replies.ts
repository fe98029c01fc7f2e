import type { Fate, OutboundBet } from '../../domain/money/engine.ts'
import { amountMaxMinor } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import { Fields } from '../fields.ts'
import { parseJson } from '../strict-json.ts'

const resultBytesMax = 16 * 1024

/** What a signed reply says of the bet. Throws a Problem when it is not one about this very bet, to the last unit. */
export function readFate(body: Buffer, bet: OutboundBet): Fate {
  const fields = new Fields(parseJson(body))
  same(fields, 'betId', bet.id)
  switch (fields.text('status')) {
    case 'PLAYED':
      return readResult(fields, body, bet)
    case 'REJECTED':
      return { kind: 'REJECTED' }
    case 'UNKNOWN':
      return { kind: 'UNHEARD' }
    default:
      throw new Problem('TYPE', 'status is none of PLAYED, REJECTED and UNKNOWN', 'status')
  }
}

function readResult(fields: Fields, body: Buffer, bet: OutboundBet): Fate {
  same(fields, 'currency', bet.currency)
  same(fields, 'stakeMinor', String(bet.stakeMinor))
  const payoutMinor = minorOf(fields.text('payoutMinor'), 'payoutMinor')
  const jackpotMinor = minorOf(fields.optionalText('jackpotMinor') ?? '0', 'jackpotMinor')
  if (jackpotMinor > payoutMinor)
    throw new Problem('TYPE', 'jackpotMinor is more than payoutMinor', 'jackpotMinor')
  fields.object('result')
  const { result } = JSON.parse(body.toString()) as { readonly result: Record<string, unknown> }
  const text = JSON.stringify(result)
  // PostgreSQL keeps neither NUL nor half a character in JSON.
  if (Buffer.byteLength(text) > resultBytesMax || /\\u(0000|d[89a-f])/i.test(text)) {
    throw new Problem('TYPE', 'result is too long or not well-formed', 'result')
  }
  return { kind: 'PLAYED', payoutMinor, jackpotMinor, playedAt: timeOf(fields.text('playedAt')), result }
}

function same(fields: Fields, name: string, expected: string): void {
  if (fields.text(name) !== expected) throw new Problem('TYPE', `${name} is not that of the bet`, name)
}

function minorOf(text: string, name: string): bigint {
  const minor = /^(?:0|[1-9]\d{0,17})$/.test(text) ? BigInt(text) : undefined
  if (minor !== undefined && minor <= amountMaxMinor) return minor
  throw new Problem('TYPE', `${name} is not an amount in the smallest unit of the currency`, name)
}

function timeOf(text: string): Date {
  const at = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text)
    ? new Date(text)
    : new Date(Number.NaN)
  if (Number.isNaN(at.getTime())) throw new Problem('TYPE', 'playedAt is not a time in UTC', 'playedAt')
  return at
}
