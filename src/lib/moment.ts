import { Problem } from './problem.ts'

/** A day (`2026-11-01`, which begins in UTC) or a moment with its zone; a Problem INPUT_INVALID names the field. */
export function parseMoment(field: string, text: unknown): Date {
  const shape = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
  const at = new Date(typeof text === 'string' && shape.test(text) ? text : Number.NaN)
  if (!Number.isNaN(at.getTime())) return at
  throw new Problem('INPUT_INVALID', `${field} is not a day or a moment with its zone`, field)
}
