export interface Repeated {
  stop(): void
}

/** Runs again and again, but only once the run before is over. What it throws is the run's own business. */
export function every(ms: number, run: () => unknown): Repeated {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const again = () => {
    if (stopped) return
    timer = setTimeout(() => void Promise.resolve(run()).then(again), ms)
    timer.unref()
  }
  again()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
