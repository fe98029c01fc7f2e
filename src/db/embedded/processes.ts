// Processes as /proc shows them. A process is named by its id and its start time, because ids are used again.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProcessName {
  readonly pid: number
  /** Field 22 of /proc/<pid>/stat: clock ticks since boot. */
  readonly startTicks: string
}

/** Undefined when there is no such process, or only its zombie. */
export function processName(pid: number): ProcessName | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The command stands in brackets and may hold anything; the fields after it are plain.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state] = fields
  const startTicks = fields[19]
  return startTicks && state !== 'Z' && state !== 'X' ? { pid, startTicks } : undefined
}

export const isAlive = (name: ProcessName): boolean => processName(name.pid)?.startTicks === name.startTicks

export const commandLine = (pid: number): string[] => read(`/proc/${pid}/cmdline`).split('\0')

/** True once the process is gone; false when it is still there after the time. */
export async function waitForEnd(name: ProcessName, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (isAlive(name)) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
