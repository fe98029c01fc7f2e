// What a limit is at a moment, and what becomes of it when it is changed: decided by timestamps, never by a job. Pure.
import type { Limit, LimitLevel } from './types.ts'

export type Terms = Pick<Limit, 'amountMinor' | 'effectiveFrom' | 'pendingMinor' | 'pendingFrom'>

export const levelOf = ({ playerId, gameId }: Pick<Limit, 'playerId' | 'gameId'>): LimitLevel => {
  if (playerId !== null) return 'PLAYER'
  return gameId === null ? 'BRAND' : 'GAME'
}

/** The limit as it is from its last change on: a change that was waited for has come, or is still waited for. */
export function termsAt(terms: Terms, at: Date): Terms | null {
  const { pendingMinor, pendingFrom } = terms
  if (pendingFrom === null || pendingFrom > at) return terms
  if (pendingMinor === null) return null
  return { amountMinor: pendingMinor, effectiveFrom: pendingFrom, pendingMinor: null, pendingFrom: null }
}

/** The amount that holds at a moment; null when there is no limit then. */
export const amountAt = (terms: Terms, at: Date): bigint | null => termsAt(terms, at)?.amountMinor ?? null

const lasting = (amountMinor: bigint, effectiveFrom: Date): Terms => ({
  amountMinor,
  effectiveFrom,
  pendingMinor: null,
  pendingFrom: null,
})

/**
 * The terms after a limit was set to an amount: a new or lower one holds at once and takes the place of a change that
 * was waited for; a higher one waits.
 */
export function setTo(now: Terms | null, amountMinor: bigint, at: Date, coolingOffMs: number): Terms {
  if (!now || amountMinor < now.amountMinor) return lasting(amountMinor, at)
  if (amountMinor === now.amountMinor) return lasting(amountMinor, now.effectiveFrom)
  return later(now, amountMinor, at, coolingOffMs)
}

/** The terms after a change that waits: to an amount, or to none. */
export function later(now: Terms, pendingMinor: bigint | null, at: Date, coolingOffMs: number): Terms {
  return { ...now, pendingMinor, pendingFrom: new Date(at.getTime() + coolingOffMs) }
}

/** The terms after the change that was waited for is taken back. */
export const cancelled = (now: Terms): Terms => lasting(now.amountMinor, now.effectiveFrom)
