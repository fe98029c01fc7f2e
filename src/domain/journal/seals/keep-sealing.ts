import type { KeyObject } from 'node:crypto'
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

export interface Sealing {
  /** Waits for a pass that is under way. */
  stop(): Promise<void>
}

/** Seals and exports again and again; a pass that fails is logged, and the next one goes on where it stopped. */
export function startSealing(
  ctx: Pick<Context, 'sql' | 'db' | 'clock' | 'log'>,
  options: SealingOptions,
): Sealing {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  async function pass(): Promise<void> {
    try {
      const seals = await sealRows(ctx, options)
      if (seals > 0) ctx.log.debug({ seals }, 'windows were sealed')
      if (options.dir !== undefined) await exportSeals(ctx, options.dir)
    } catch (error) {
      ctx.log.error({ err: error }, 'sealing failed')
    }
    if (!stopped) schedule()
  }

  function schedule(): void {
    timer = setTimeout(() => {
      running = pass()
    }, options.everyMs)
    timer.unref()
  }

  schedule()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
