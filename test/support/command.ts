import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { guarded } from './guarded.ts'

export interface CommandResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

const program = join(import.meta.dirname, '../../src/cli/main.ts')

/** Runs `pitboss …` as a process of its own, with this on its standard input. */
export const pitboss = (
  args: readonly string[],
  env: Record<string, string> = {},
  input = '',
): Promise<CommandResult> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...guarded, program, ...args],
      { env, timeout: 60_000 },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err })
      },
    )
    child.stdin?.end(input)
  })
