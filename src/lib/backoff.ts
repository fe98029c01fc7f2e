import { setTimeout as sleep } from 'node:timers/promises'

/** Waits before the next try: doubles from firstMs up to capMs, with full jitter. `attempt` counts from 1. */
export async function backoff(attempt: number, limits: { firstMs: number; capMs: number }): Promise<void> {
  const ceiling = Math.min(limits.capMs, limits.firstMs * 2 ** (attempt - 1))
  await sleep(Math.ceil(Math.random() * ceiling))
}

/** Whether the log should say of a failure that it is the nth: of however many there are few. */
export const worthALine = (attempt: number): boolean => (attempt & (attempt - 1)) === 0
