// JSON as the kit writes and reads it: numbers keep their digits, so that no amount passes through a float. A reading
// of its own, apart from the server's: the kit is to find the server's mistakes, not to share them.

/** A JSON number as it stands in the text. */
export class Digits {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Part of ECMAScript (JSON.parse source text access) that the carried Node.js has and the compiler does not know. */
interface SourceTextJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): unknown
}

const json = JSON as unknown as SourceTextJson

/** A number for JSON.stringify, digit by digit. */
export const digits = (text: string): unknown => json.rawJSON(text)

export type Body = Readonly<Record<string, unknown>>

/** The object that the text is, with numbers as Digits; undefined when it is no object. */
export function readObject(text: string): Body | undefined {
  try {
    const value = json.parse(text, (_key, one, { source }) =>
      typeof one === 'number' ? new Digits(source ?? '') : one,
    )
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

/** `-12.340000` with an exponent of 2 -> -1234n; undefined when it is not exact, or not a plain decimal. */
export function exactMinor(text: string, exponent: number): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = ''] = match
  if (/[1-9]/.test(fraction.slice(exponent))) return undefined
  const minor = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0'))
  return sign ? -minor : minor
}
