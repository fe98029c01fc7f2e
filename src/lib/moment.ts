import { Problem } from './problem.ts'

/** A day (`2026-11-01`, which begins in UTC) or a moment with its zone; a Problem INPUT_INVALID names the field. */
export function parseMoment(field: string, text: unknown): Date {
  const shape = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
  const at = new Date(
    typeof text === 'string' && shape.test(text) && isDay(text.slice(0, 10)) ? text : Number.NaN,
  )
  if (!Number.isNaN(at.getTime())) return at
  throw new Problem('INPUT_INVALID', `${field} is not a day or a moment with its zone`, field)
}

/** A day that the calendar has: Date takes the 30th of February for the 2nd of March. */
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
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
const point = 46

const two = (text: string, at: number) => (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero

/** Of a moment in UTC with no, one to six digits behind the seconds: three of them. */
function isoOf(text: string): string {
  const day = text.slice(0, 10)
  if (text.charCodeAt(19) !== point) return `${day}T${text.slice(11, 19)}.000Z`
  // The zone at its end begins with a plus.
  const digits = Math.min(text.length - '+00'.length, 23)
  return `${day}T${text.slice(11, digits)}${'00'.slice(0, 23 - digits)}Z`
}

/** `2026-11-01 12:30:00.5+00`, as PostgreSQL writes a moment in UTC; a Date cuts what is finer than milliseconds. */
export function readMoment(text: string): Date {
  const plain = text.endsWith('+00') && text.charCodeAt(4) === 45
  if (!plain) return new Date(text)
  const iso = isoOf(text)
  const year = two(text, 0) * 100 + two(text, 2)
  // Date.UTC takes the years before 100 for those of the last century.
  const ms =
    year < 100
      ? Date.parse(iso)
      : Date.UTC(
          year,
          two(text, 5) - 1,
          two(text, 8),
          two(text, 11),
          two(text, 14),
          two(text, 17),
          Number(iso.slice(20, 23)),
        )
  return new Moment(ms, iso)
}
