import { setTimeout as nap } from 'node:timers/promises'

/** Waits for a condition; fails when it does not come true in time. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`not true within ${timeoutMs} ms: ${condition.toString()}`)
    await nap(5)
  }
}
