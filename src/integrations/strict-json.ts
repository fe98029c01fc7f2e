// JSON as a wallet must read it: numbers keep the text they were written in, so that no amount passes through a
// float; a key that stands twice, deep nesting and broken UTF-8 are refused rather than guessed at.
import { Problem } from '../lib/problem.ts'

const depthMax = 8

/** A JSON number as it stands in the text. */
export class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Json = null | boolean | string | NumberText | Json[] | { readonly [key: string]: Json }

/** Part of ECMAScript that the carried Node.js has and the compiler does not know. */
const json = JSON as unknown as { rawJSON(text: string): unknown }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Throws Problem SYNTAX for whatever is not one well-formed JSON text with distinct keys. */
export function parseJson(bytes: Uint8Array): Json {
  try {
    const text = decoder.decode(bytes)
    // First a plain parse: the reader may then rely on well-formed text.
    JSON.parse(text)
    return new Reader(text).value(0)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('SYNTAX', 'the body is not JSON in UTF-8')
  }
}

/** An integer for JSON.stringify, written digit by digit. */
export const integerJson = (value: bigint): unknown => json.rawJSON(value.toString())

/** A plain decimal number such as 12.340000 for JSON.stringify, written as it stands. */
export const decimalJson = (text: string): unknown => json.rawJSON(text)

const words: Readonly<Record<string, Json>> = { true: true, false: false, null: null }
/** What ends a number or a word, besides white space: the text's end too. */
const ends = new Set<string | undefined>([',', '}', ']', undefined])
/** No character above it is white space in JSON. */
const space = 0x20

/** Reads well-formed text once. JSON.parse with a reviver that keeps the numbers' text takes several times as long. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The value that comes next, within so many objects and lists. */
  value(depth: number): Json {
    const first = this.#next()
    if (first === '"') return this.#string()
    if (first !== '{' && first !== '[') return this.#word()
    if (depth === depthMax) throw new Problem('SYNTAX', `the body nests deeper than ${depthMax} levels`)
    this.#at += 1
    return first === '{' ? this.#object(depth + 1) : this.#list(depth + 1)
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>()
    for (let next = this.#next(); next !== '}'; next = this.#next()) {
      if (next === ',') this.#skip()
      const key = this.#string()
      if (members.has(key)) throw new Problem('SYNTAX', 'a key stands twice')
      this.#skip()
      members.set(key, this.value(depth))
    }
    this.#at += 1
    return Object.fromEntries(members)
  }

  #list(depth: number): Json {
    const items: Json[] = []
    for (let next = this.#next(); next !== ']'; next = this.#next()) {
      if (next === ',') this.#skip()
      items.push(this.value(depth))
    }
    this.#at += 1
    return items
  }

  #string(): string {
    const start = this.#at
    let end = this.#text.indexOf('"', start + 1)
    while (this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1)
    this.#at = end + 1
    const bare = this.#text.slice(start + 1, end)
    return bare.includes('\\') ? String(JSON.parse(`"${bare}"`)) : bare
  }

  /** Behind an odd number of backslashes. */
  #isEscaped(quote: number): boolean {
    let first = quote
    while (this.#text[first - 1] === '\\') first -= 1
    return (quote - first) % 2 === 1
  }

  #word(): Json {
    const start = this.#at
    while (!(this.#text.charCodeAt(this.#at) <= space) && !ends.has(this.#text[this.#at])) this.#at += 1
    const word = this.#text.slice(start, this.#at)
    return words[word] === undefined ? new NumberText(word) : words[word]
  }

  /** Past a comma or a colon, to what stands behind it. */
  #skip(): void {
    this.#next()
    this.#at += 1
    this.#next()
  }

  /** The next character that is not white space. */
  #next(): string {
    while (this.#text.charCodeAt(this.#at) <= space) this.#at += 1
    return this.#text[this.#at] ?? ''
  }
}
