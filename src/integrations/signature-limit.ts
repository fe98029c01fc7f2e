import type { Clock } from '../lib/clock.ts'

const burst = 20
const perSecond = 5

export interface SignatureLimit {
  /** Whether one more bad signature of this account is recorded, and how many were not since the last that was. */
  take(accountId: string): { readonly granted: boolean; readonly skipped: number }
}

interface Bucket {
  tokens: number
  filledAt: number
  skipped: number
}

/** A token bucket per account, so that strangers cannot fill the database. Every call is still answered. */
export function openSignatureLimit(clock: Clock): SignatureLimit {
  const buckets = new Map<string, Bucket>()
  return {
    take(accountId) {
      const now = clock.now().getTime()
      const bucket = buckets.get(accountId) ?? { tokens: burst, filledAt: now, skipped: 0 }
      buckets.set(accountId, bucket)
      const gained = (Math.max(0, now - bucket.filledAt) / 1000) * perSecond
      bucket.tokens = Math.min(burst, bucket.tokens + gained)
      bucket.filledAt = now
      if (bucket.tokens < 1) {
        bucket.skipped += 1
        return { granted: false, skipped: bucket.skipped }
      }
      const { skipped } = bucket
      bucket.tokens -= 1
      bucket.skipped = 0
      return { granted: true, skipped }
    },
  }
}
