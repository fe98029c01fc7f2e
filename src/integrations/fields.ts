import { isCurrency, parseDecimal } from '../lib/money.ts'
import { Problem } from '../lib/problem.ts'
import { type Json, NumberText } from './strict-json.ts'

const textBytesMax = 128
const integerDigitsMax = 30

/**
 * Typed access to a JSON object. Every refusal is a Problem TYPE that names the field by its path from the body
 * (`transaction.amount`), never its value.
 */
export class Fields {
  readonly #values: Readonly<Record<string, Json>>
  readonly #prefix: string

  /** The path is that of an object within the body; empty for the body itself. */
  constructor(body: Json, path = '') {
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
    if (!isObject || body instanceof NumberText) {
      throw new Problem('TYPE', `${path || 'the body'} is not an object`, path || undefined)
    }
    this.#values = body
    this.#prefix = path && `${path}.`
  }

  object(name: string): Fields {
    const value = this.#value(name)
    if (value === undefined) throw this.#problem(name, 'is missing')
    return new Fields(value, this.#prefix + name)
  }

  optionalObject(name: string): Fields | undefined {
    return this.#value(name) === undefined ? undefined : this.object(name)
  }

  /** Not empty, well-formed, without NUL, at most 128 bytes unless said otherwise. */
  text(name: string, bytesMax = textBytesMax): string {
    const value = this.optionalText(name, bytesMax)
    if (value === undefined) throw this.#problem(name, 'is missing')
    return value
  }

  optionalText(name: string, bytesMax = textBytesMax): string | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw this.#problem(name, 'is not a text')
    if (
      value === '' ||
      Buffer.byteLength(value) > bytesMax ||
      value.includes('\0') ||
      !value.isWellFormed()
    ) {
      throw this.#problem(name, 'is empty, too long or not well-formed')
    }
    return value
  }

  flag(name: string): boolean {
    const value = this.optionalFlag(name)
    if (value === undefined) throw this.#problem(name, 'is missing')
    return value
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#value(name)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.#problem(name, 'is not a boolean')
  }

  natural(name: string): bigint {
    const value = this.optionalNatural(name)
    if (value === undefined) throw this.#problem(name, 'is missing')
    return value
  }

  /** An integer of zero or more, written as one: no fraction, no exponent, no text. */
  optionalNatural(name: string): bigint | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    if (!(value instanceof NumberText) || !/^(?:0|[1-9]\d*)$/.test(value.text)) {
      throw this.#problem(name, 'is not an integer of zero or more')
    }
    if (value.text.length > integerDigitsMax) throw this.#problem(name, 'is too large')
    return BigInt(value.text)
  }

  /** A plain number of main units in minor units: no sign, no exponent, and what the currency holds exactly. */
  amount(name: string, currency: string, placesMax: number): bigint {
    const value = this.#value(name)
    const match = value instanceof NumberText ? /^\d+(?:\.(\d+))?$/.exec(value.text) : null
    if (!match || (match[1]?.length ?? 0) > placesMax) {
      throw this.#problem(name, `is not a number of zero or more with up to ${placesMax} decimal places`)
    }
    try {
      return parseDecimal(match[0], currency)
    } catch (error) {
      throw error instanceof Problem ? this.#problem(name, 'is not one that the currency can hold') : error
    }
  }

  /** A known currency code; another text is a Problem CURRENCY. */
  currency(name: string): string {
    const code = this.text(name)
    if (!isCurrency(code)) throw this.#problem(name, 'is not a known currency', 'CURRENCY')
    return code
  }

  #problem(name: string, what: string, code = 'TYPE'): Problem {
    const path = this.#prefix + name
    return new Problem(code, `${path} ${what}`, path)
  }

  #value(name: string): Json | undefined {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined
  }
}
