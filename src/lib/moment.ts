import { Problem } from './problem.ts'

/** A day (`2026-11-01`, which begins in UTC) or a moment with its zone; a Problem INPUT_INVALID names the field. */
export function parseMoment(field: string, text: unknown): Date {
  const shape = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
  const at = new Date(typeof text === 'string' && shape.test(text) ? text : Number.NaN)
  if (!Number.isNaN(at.getTime())) return at
  throw new Problem('INPUT_INVALID', `${field} is not a day or a moment with its zone`, field)
}

/** A moment that knows its text: making the text of a Date costs more than anything else that is done with it. */
class Moment extends Date {
  readonly #text: string

  constructor(ms: number, text: string) {
    super(ms)
    this.#text = text
  }

  override toISOString(): string {
    return this.#text
  }
}

const zero = 48

/** `2026-11-01 12:30:00.5+00`, as PostgreSQL writes a moment in UTC; a Date cuts what is finer than milliseconds. */
export function readMoment(text: string): Date {
  const two = (at: number) => (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero
  const plain = text.endsWith('+00') && text.charCodeAt(4) === 45
  if (!plain) return new Date(text)
  const fraction = text.charCodeAt(19) === 46 ? text.slice(20, -3).padEnd(3, '0').slice(0, 3) : '000'
  const iso = `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`
  const year = two(0) * 100 + two(2)
  // Date.UTC takes the years before 100 for those of the last century.
  const ms =
    year < 100
      ? Date.parse(iso)
      : Date.UTC(year, two(5) - 1, two(8), two(11), two(14), two(17), Number(fraction))
  return new Moment(ms, iso)
}
