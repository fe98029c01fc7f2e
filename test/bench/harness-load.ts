// A closed loop: so many clients, each with one request under way, each sending the next when the answer is there.

export interface Load {
  readonly operations: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Messages that reached those who watched meanwhile. */
  readonly delivered: number
}

/** Runs `step` with each client's number until the time is over, or until it says that there is nothing left. */
export async function closedLoop(
  clients: number,
  seconds: number,
  step: (client: number) => Promise<boolean>,
): Promise<Load> {
  const latencies: number[] = []
  const start = performance.now()
  const deadline = start + seconds * 1000
  const state = { failed: false }
  async function work(client: number): Promise<void> {
    for (let sent = performance.now(); sent < deadline && !state.failed; sent = performance.now()) {
      if (!(await step(client))) return
      latencies.push(performance.now() - sent)
    }
  }
  const working = Array.from({ length: clients }, (_, client) => work(client))
  try {
    await Promise.all(working)
  } finally {
    state.failed = true
    await Promise.allSettled(working)
  }
  const elapsed = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  const share = (part: number) => latencies[Math.floor(latencies.length * part)] ?? 0
  return {
    operations: latencies.length,
    seconds: elapsed,
    p50Ms: share(0.5),
    p99Ms: share(0.99),
    delivered: 0,
  }
}
