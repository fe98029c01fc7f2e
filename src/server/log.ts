import { pino, stdSerializers, stdTimeFunctions } from 'pino'
import type { Log, LogLevel } from '../lib/log.ts'
import { withoutValues } from '../lib/without-values.ts'

/** What a line of the log is written to. */
export interface LogTarget {
  write(line: string): void
}

/** Bearer tokens and game tokens are known by their prefix, wherever they turn up: in an error's text too. */
const tokens = /\b(pb_|gt_)[\w-]{16,}/g
const bearers = /(bearer\s+)[^\s"\\]+/gi

export const redactLine = (line: string): string =>
  line.replace(tokens, '$1[redacted]').replace(bearers, '$1[redacted]')

/** Rows stand in errors too: as values of a statement, and where PostgreSQL shows the row that it refuses. */
function tell(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const told = stdSerializers.err(error)
  const { params: _, detail, ...facts } = told
  const [message, stack] = [told.message, told.stack].map((text) => withoutValues(text, error))
  const kept = typeof detail === 'string' && !detail.startsWith('Failing row') ? { detail } : {}
  return { ...facts, ...kept, message, stack }
}

/** The process's log: one line of JSON each, without secrets. */
export function openLog(level: LogLevel, target: LogTarget = process.stdout): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: tell },
      redact: ['authorization', '*.authorization', '*.*.authorization', 'token', '*.token', '*.cookie'],
      hooks: { streamWrite: redactLine },
    },
    target,
  )
}
