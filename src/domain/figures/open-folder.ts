import type { ConnectionTarget } from '../../db/connection.ts'
import { type Errand, openErrand } from '../../db/errand.ts'
import { type FoldOptions, type FoldStep, foldStep } from './fold.ts'

export interface Folder {
  /** Rejects when the connection goes away; whether the step was taken is then unknown, and does not matter. */
  step(options?: FoldOptions): Promise<FoldStep>
  close(): Promise<void>
}

export interface FolderOptions {
  /** The database role to work as; the login role when absent. */
  readonly role?: string
  readonly applicationName: string
}

/** A server that has not given up the statement by then is stopped or out of reach. */
const silenceMaxMs = 70_000

/**
 * Steps of the fold on a connection of their own. The driver may leave a statement unsettled for ever when its
 * connection breaks: so the step is given up then, and the next one begins on a new connection.
 */
export function openFolder(target: ConnectionTarget, options: FolderOptions): Folder {
  let errand: Errand | undefined
  let lose: ((error: Error) => void) | undefined

  function open(): Errand {
    const opened: Errand = openErrand(target, { ...options, onClose: () => drop(opened) })
    return opened
  }

  function drop(closed: Errand): void {
    if (errand !== closed) return
    errand = undefined
    lose?.(new Error('the connection of the figures was lost'))
    closed.close().catch(() => undefined)
  }

  return {
    async step(given) {
      errand ??= open()
      const lost = Promise.withResolvers<never>()
      lose = lost.reject
      lost.promise.catch(() => undefined)
      const step = foldStep(errand, given)
      step.catch(() => undefined)
      const opened = errand
      const silence = setTimeout(() => drop(opened), silenceMaxMs)
      try {
        return await Promise.race([step, lost.promise])
      } finally {
        clearTimeout(silence)
      }
    },
    async close() {
      const closing = errand
      errand = undefined
      lose?.(new Error('the folder is closed'))
      await closing?.close()
    },
  }
}
