import type { KeyObject } from 'node:crypto'
import { logFailure } from '../../../db/log-failure.ts'
import { type Repetition, repeatedly } from '../../../lib/repeatedly.ts'
import type { Context } from '../../context.ts'
import { exportSeals } from './export-seals.ts'
import { sealRows } from './seal-rows.ts'

export interface SealingOptions {
  readonly everyMs: number
  /** An Ed25519 private key. */
  readonly key: KeyObject
  /** The folder that seals are exported to as soon as they are made; none when absent. */
  readonly dir?: string | undefined
}

type Sealing = Pick<Context, 'sql' | 'db' | 'clock' | 'log'>

/**
 * Seals and exports again and again; a pass that fails is logged, and the next one goes on where it stopped. Stopping
 * waits for the window under way alone, however many there are.
 */
export function startSealing(ctx: Sealing, { everyMs, key, dir }: SealingOptions): Repetition {
  const stopping = new AbortController()

  async function pass(): Promise<void> {
    const seals = await sealRows(ctx, { key, signal: stopping.signal })
    if (seals > 0) ctx.log.debug({ seals }, 'windows were sealed')
    if (dir !== undefined) await exportSeals(ctx, dir)
  }

  const passes = repeatedly(everyMs, pass, logFailure(ctx.log, 'sealing failed'))
  return {
    stop() {
      stopping.abort()
      return passes.stop()
    },
  }
}
