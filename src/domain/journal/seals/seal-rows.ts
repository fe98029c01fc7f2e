import type { KeyObject } from 'node:crypto'
import { seals } from '../../../db/tables/seals.ts'
import type { ReadContext } from '../../context.ts'
import { newestSeals } from './queries.ts'
import { makeSeal, type Seal } from './seal.ts'
import { type Chain, type Settled, sealChains } from './windows.ts'

export interface SealOptions {
  /** An Ed25519 private key. */
  readonly key: KeyObject
  readonly settled?: Settled
  /** Ends it after the window under way. */
  readonly signal?: AbortSignal
}

/** Audit entries wait long: one that waited out an outage of the database carries the time of its request. */
const defaultSettled: Settled = { journalMs: 5_000, auditMs: 15 * 60_000 }

/** One pass does not go on for ever on a chain that grows while it is sealed. */
const windowsMax = 1_000

type Sealing = Pick<ReadContext, 'sql' | 'db' | 'clock'>

/**
 * Seals what is settled and not sealed yet, of every chain; returns how many seals it made. Any number of processes
 * may do it at once: a seal's number is taken once, and who comes second leaves that chain to the other.
 */
export async function sealRows(ctx: Sealing, options: SealOptions): Promise<number> {
  const newest = await newestSeals(ctx)
  let made = 0
  for (const chain of sealChains) made += await sealChain(ctx, chain, newest.get(chain.name), options)
  return made
}

async function sealChain(
  ctx: Sealing,
  chain: Chain,
  newest: Seal | undefined,
  { key, settled = defaultSettled, signal }: SealOptions,
): Promise<number> {
  let before = newest
  for (let made = 0; made < windowsMax; made += 1) {
    if (signal?.aborted) return made
    const afterKey = before?.lastKey ?? chain.start
    const lastKey = await chain.nextEnd(ctx, afterKey, settled, ctx.clock.now())
    if (lastKey === undefined) return made
    const [hashed] = await chain.rehash(ctx, [{ afterKey, lastKey }])
    if (!hashed) return made
    const { dropped: _, ...window } = hashed
    const seal = makeSeal({ chain: chain.name, ...window }, before, key, ctx.clock.now())
    const written = await ctx.db
      .insert(seals)
      .values(seal)
      .onConflictDoNothing()
      .returning({ number: seals.number })
    if (written.length === 0) return made
    before = seal
  }
  return windowsMax
}
