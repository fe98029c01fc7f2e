import { isCurrency } from '../lib/money.ts'
import { Problem } from '../lib/problem.ts'
import { type Json, NumberText } from './strict-json.ts'

const textBytesMax = 128
const integerDigitsMax = 30

/** Typed access to a flat JSON object. Every refusal is a Problem TYPE that names the field, never its value. */
export class Fields {
  readonly #values: Readonly<Record<string, Json>>

  constructor(body: Json) {
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
    if (!isObject || body instanceof NumberText) throw new Problem('TYPE', 'the body is not an object')
    this.#values = body
  }

  /** Not empty, well-formed, without NUL, at most 128 bytes unless said otherwise. */
  text(name: string, bytesMax = textBytesMax): string {
    const value = this.optionalText(name, bytesMax)
    if (value === undefined) throw new Problem('TYPE', `${name} is missing`, name)
    return value
  }

  optionalText(name: string, bytesMax = textBytesMax): string | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw new Problem('TYPE', `${name} is not a text`, name)
    if (
      value === '' ||
      Buffer.byteLength(value) > bytesMax ||
      value.includes('\0') ||
      !value.isWellFormed()
    ) {
      throw new Problem('TYPE', `${name} is empty, too long or not well-formed`, name)
    }
    return value
  }

  flag(name: string): boolean {
    const value = this.optionalFlag(name)
    if (value === undefined) throw new Problem('TYPE', `${name} is missing`, name)
    return value
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#value(name)
    if (value === undefined || typeof value === 'boolean') return value
    throw new Problem('TYPE', `${name} is not a boolean`, name)
  }

  /** An integer of zero or more, written as one: no fraction, no exponent, no text. */
  natural(name: string): bigint {
    const value = this.#value(name)
    if (!(value instanceof NumberText) || !/^(?:0|[1-9]\d*)$/.test(value.text)) {
      throw new Problem('TYPE', `${name} is not an integer of zero or more`, name)
    }
    if (value.text.length > integerDigitsMax) throw new Problem('TYPE', `${name} is too large`, name)
    return BigInt(value.text)
  }

  /** A known currency code; another text is a Problem CURRENCY. */
  currency(name: string): string {
    const code = this.text(name)
    if (!isCurrency(code)) throw new Problem('CURRENCY', `${name} is not a known currency`, name)
    return code
  }

  #value(name: string): Json | undefined {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined
  }
}
