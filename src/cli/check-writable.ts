import { closeSync, openSync } from 'node:fs'
import { Problem } from '../lib/problem.ts'

/** Before work that may take hours: a file that an option names can be written at its end. What is in it stays. */
export function checkWritable(path: string | undefined, field: string): void {
  if (path === undefined) return
  try {
    closeSync(openSync(path, 'a'))
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such folder' : `it cannot be written (${code})`
    throw new Problem('FILE', `${field} ${path}: ${reason}`, field)
  }
}
