import { fsyncSync, openSync, closeSync, rmSync, writeSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Measured, Summary } from './harness.ts'
import type { Stage } from './harness-stage.ts'

export interface Machine {
  readonly cores: number
  readonly model: string
  readonly memoryGiB: number
  readonly node: string
  readonly postgres: string
  /** How long the disk takes for a small durable write: what a commit waits for. */
  readonly flushMs: number
}

export async function describeMachine({ admin, dir }: Stage): Promise<Machine> {
  const [row] = await admin<{ version: string }[]>`select current_setting('server_version') as version`
  return {
    cores: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres: row?.version ?? 'unknown',
    flushMs: flushMs(dir),
  }
}

function flushMs(dir: string): number {
  const path = join(dir, 'flush')
  const file = openSync(path, 'w')
  const page = Buffer.alloc(8192)
  const times = Array.from({ length: 50 }, () => {
    const start = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  rmSync(path)
  return times.toSorted((a, b) => a - b)[25] ?? 0
}

export const machineLine = (machine: Machine): string =>
  `${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB, Node ${machine.node}, ` +
  `PostgreSQL ${machine.postgres}, a flush takes ${machine.flushMs.toFixed(2)} ms`

const columns: readonly (readonly [string, (figures: Measured) => string])[] = [
  ['per second', ({ perSecond }) => perSecond.toFixed(0)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(1)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(1)],
  ['own CPU ms', ({ ownCpuMs }) => ownCpuMs.toFixed(3)],
  ['PostgreSQL CPU ms', ({ databaseCpuMs }) => databaseCpuMs.toFixed(3)],
  ['client CPU ms', ({ clientCpuMs }) => clientCpuMs.toFixed(3)],
  ['log bytes', ({ walBytes }) => walBytes.toFixed(0)],
  ['messages per second', ({ delivered, seconds }) => (delivered / seconds).toFixed(0)],
]

/** Medians as a table, and the ratio with the smallest and the largest of all rounds. */
export function summaryText(summary: Summary): string {
  const watched = summary.contenders.some(({ median }) => median.delivered > 0)
  const shown = watched ? columns : columns.slice(0, -1)
  const head = ['', ...shown.map(([title]) => title)]
  const rows = summary.contenders.map(({ name, median }) => [name, ...shown.map(([, show]) => show(median))])
  const widths = head.map((_, n) => Math.max(...[head, ...rows].map((row) => row[n]?.length ?? 0)))
  const lines = [head, ...rows].map((row) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  '),
  )
  const { median, min, max } = summary.ratio
  const ratio = `ratio ${median.toFixed(2)}  [${min.toFixed(2)} - ${max.toFixed(2)}]`
  const title = `${summary.name}: ${summary.title} (CPU and log per ${summary.unit})`
  return [title, ...lines, ratio].join('\n')
}
