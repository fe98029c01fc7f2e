// The worker's side: it says when it is ready, and runs a turn each time it is told to. It ends with the process that
// started it.
import type { Load } from './harness-load.ts'

export interface Turn {
  readonly seconds: number
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'done'; readonly load: Load }
  | { readonly kind: 'failed'; readonly error: string }

const tell = (message: FromWorker) => process.send?.(message)

/** What the worker was started with, as JSON. */
export const workerInput = (): unknown => JSON.parse(process.argv[2] ?? '{}')

/** Port 0 when the worker listens nowhere. */
export function serveTurns(port: number, run: (seconds: number) => Promise<Load>): void {
  // Ctrl-C reaches the whole group; the process that started this one decides when it ends.
  process.on('SIGINT', () => {})
  for (const end of ['SIGTERM', 'disconnect']) process.on(end, () => process.exit(0))
  process.on('message', (turn: Turn) => {
    run(turn.seconds).then(
      (load) => tell({ kind: 'done', load }),
      (error: unknown) =>
        tell({ kind: 'failed', error: error instanceof Error ? (error.stack ?? '') : String(error) }),
    )
  })
  tell({ kind: 'ready', port })
}
