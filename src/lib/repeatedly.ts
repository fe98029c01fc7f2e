export interface Repetition {
  /** Begins no more runs, and waits for the one that is under way. */
  stop(): Promise<void>
}

/** Runs again and again, each time so long after the run before. What it throws goes to `failed`. */
export function repeatedly(
  everyMs: number,
  run: () => Promise<void>,
  failed: (error: unknown) => void,
): Repetition {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  function schedule(): void {
    if (stopped) return
    timer = setTimeout(() => {
      running = run().catch(failed).then(schedule)
    }, everyMs)
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
