import { sha256 } from '../../lib/fingerprint.ts'
import { Problem } from '../../lib/problem.ts'
import type { Fields } from '../fields.ts'

/** The operator's own id of the session, which the provider was given at launch: the game token. */
export const sessionIdBytesMax = 1024

export type Movement = 'BET' | 'WIN' | 'ROLLBACK'

interface MovementTerms {
  readonly tokenHash: Buffer
  readonly transactionKey: string
  /** A decimal text in main units of the session's currency. */
  readonly amount: string
}

interface PlayTerms extends MovementTerms {
  readonly movement: 'BET' | 'WIN'
  readonly roundId: string
  readonly type: 'regular' | 'free'
  /** Whether it names a campaign of free rounds. */
  readonly ofCampaign: boolean
}

interface RefundTerms extends MovementTerms {
  readonly movement: 'ROLLBACK'
  readonly originalKey: string
  readonly roundId: string | undefined
}

/** What a call itself says, without its session. */
export type Terms = PlayTerms | RefundTerms

/** Throws a Problem that names the first field at fault. */
export function readTerms(movement: Movement, fields: Fields): Terms {
  const base = {
    tokenHash: sha256(fields.text('sessionID', sessionIdBytesMax)),
    transactionKey: fields.text('txID'),
    amount: readAmount(fields),
  }
  if (movement === 'ROLLBACK') {
    return {
      ...base,
      movement,
      originalKey: fields.text('origTxID'),
      roundId: fields.optionalText('roundID'),
    }
  }
  const ofCampaign = fields.optionalText('frID') !== undefined
  return { ...base, movement, roundId: fields.text('roundID'), type: readType(fields), ofCampaign }
}

function readAmount(fields: Fields): string {
  const text = fields.text('amount')
  if (/^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return text
  throw new Problem('TYPE', 'amount is not a plain decimal of zero or more', 'amount')
}

function readType(fields: Fields): PlayTerms['type'] {
  const text = fields.text('type')
  if (text === 'regular' || text === 'free') return text
  throw new Problem('TYPE', 'type is neither regular nor free', 'type')
}
