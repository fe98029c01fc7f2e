import { readFileSync } from 'node:fs'
import { Problem } from '../lib/problem.ts'

/** The text of a file that an option or an argument names. */
export function readText(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown'})`
    throw new Problem('FILE', `${field} ${path}: ${reason}`, field)
  }
}
