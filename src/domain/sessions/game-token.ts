import { createHmac } from 'node:crypto'
import { sha256 } from '../../lib/fingerprint.ts'

/** Tells a game token apart wherever one is seen, so that logs can blank it. */
export const gameTokenPrefix = 'gt_'

/**
 * The token that a game carries for its session: made anew from the server's key whenever it is needed, so that a
 * replay returns the same one; stored nowhere.
 */
export const gameToken = (key: Buffer, sessionId: string): string =>
  gameTokenPrefix + createHmac('sha256', key).update(sessionId).digest('base64url')

/** What is stored of a token, and what it is found by. */
export const gameTokenHash = (token: string): Buffer => sha256(token)
