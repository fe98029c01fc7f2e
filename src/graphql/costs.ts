// What operations cost, and what a credential may spend. Each token has a bucket that fills again with time: an
// operation is charged before it runs with the most that it can cost, and what it did not use is given back after it.
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { Clock } from '../lib/clock.ts'
import { costPlan } from './cost-plan.ts'
import { refused } from './errors.ts'

export interface CostLimits {
  /** Of one operation. */
  readonly operationMax: number
  /** What a full bucket holds. */
  readonly bucket: number
  readonly restorePerSecond: number
}

/** As `extensions.cost` of an answer. */
export interface CostReport {
  readonly requested: number
  readonly actual: number
  readonly available: number
  readonly limit: number
  readonly restoreRate: number
}

export interface Charged {
  readonly tokenId: string
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>> | null | undefined
}

export interface Charge {
  /** Gives back what was not used; what was used beyond the charge is taken too. Once. */
  settle(data: unknown): CostReport
}

export interface Costs {
  /** Throws COST_EXCEEDED when no operation may cost as much, RATE_LIMITED when the token has spent too much. */
  charge(charged: Charged): Charge
}

interface Bucket {
  level: number
  atMs: number
}

const bucketsMax = 10_000

export function openCosts(schema: GraphQLSchema, limits: CostLimits, clock: Clock): Costs {
  const { operationMax, bucket: limit, restorePerSecond: restoreRate } = limits
  const buckets = new Map<string, Bucket>()

  function bucketOf(tokenId: string): Bucket {
    const now = clock.now().getTime()
    const known = buckets.get(tokenId)
    if (!known) {
      if (buckets.size >= bucketsMax) forget(buckets, now - (limit / restoreRate) * 1000)
      const full = { level: limit, atMs: now }
      buckets.set(tokenId, full)
      return full
    }
    const restored = (Math.max(0, now - known.atMs) * restoreRate) / 1000
    known.level = Math.min(limit, known.level + restored)
    known.atMs = now
    return known
  }

  return {
    charge({ tokenId, document, operation, variables }) {
      const plan = costPlan(schema, document, operation)
      const requested = plan.requested(variables ?? {})
      if (requested > operationMax) throw exceeded(requested, operationMax)
      const bucket = bucketOf(tokenId)
      if (requested > bucket.level) throw limited(requested, bucket.level, restoreRate)
      bucket.level -= requested
      return {
        settle(data) {
          const actual = plan.actual(data)
          const now = bucketOf(tokenId)
          now.level = Math.min(limit, now.level + requested - actual)
          return { requested, actual, available: Math.max(0, Math.floor(now.level)), limit, restoreRate }
        },
      }
    },
  }
}

/** Those that nobody has used for so long that they are full again; if there are none, the oldest. */
function forget(buckets: Map<string, Bucket>, fullSinceMs: number): void {
  const [oldest] = buckets.keys()
  for (const [tokenId, { atMs }] of buckets) if (atMs <= fullSinceMs) buckets.delete(tokenId)
  if (buckets.size >= bucketsMax && oldest !== undefined) buckets.delete(oldest)
}

function exceeded(found: number, most: number) {
  const message = `the operation can cost ${found}; the limit is ${most}`
  return refused('COST_EXCEEDED', message, { limit: 'cost', most, found, http: { status: 400 } })
}

function limited(found: number, level: number, restoreRate: number) {
  const most = Math.max(0, Math.floor(level))
  const retryAfter = Math.ceil((found - level) / restoreRate)
  const message =
    `the operation can cost ${found} and the token has ${most} left: ${restoreRate} come back each second, ` +
    `try again after ${retryAfter} s`
  const http = { status: 429, headers: new Map([['retry-after', String(retryAfter)]]) }
  return refused('RATE_LIMITED', message, { limit: 'available', most, found, retryAfter, http })
}
