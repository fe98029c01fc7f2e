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

/** Part of ECMAScript (JSON.parse source text access) that the carried Node.js has and the compiler does not know. */
interface SourceTextJson {
  parse(text: string, reviver: (key: string, value: Json, context: { source?: string }) => Json): Json
  rawJSON(text: string): unknown
}

const json = JSON as unknown as SourceTextJson

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Throws Problem SYNTAX for whatever is not one well-formed JSON text with distinct keys. */
export function parseJson(bytes: Uint8Array): Json {
  try {
    const text = decoder.decode(bytes)
    // First a plain parse: what follows may then rely on well-formed text.
    JSON.parse(text)
    checkStructure(text)
    return json.parse(text, (_, value, { source }) =>
      typeof value === 'number' ? new NumberText(source ?? '') : value,
    )
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('SYNTAX', 'the body is not JSON in UTF-8')
  }
}

/** An integer for JSON.stringify, written digit by digit. */
export const integerJson = (value: bigint): unknown => json.rawJSON(value.toString())

/** A plain decimal number such as 12.340000 for JSON.stringify, written as it stands. */
export const decimalJson = (text: string): unknown => json.rawJSON(text)

function checkStructure(text: string): void {
  // Keys seen in each open object; undefined for an open list.
  const open: (Set<string> | undefined)[] = []
  let keyDue = false
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined)
      if (open.length > depthMax) throw new Problem('SYNTAX', `the body nests deeper than ${depthMax} levels`)
      keyDue = token === '{'
    } else if (token === '}' || token === ']') {
      open.pop()
      keyDue = false
    } else if (token === ',') {
      keyDue = open.at(-1) !== undefined
    } else if (keyDue) {
      addKey(open.at(-1), token)
      keyDue = false
    }
  }
}

function addKey(keys: Set<string> | undefined, token: string): void {
  const key = String(JSON.parse(token))
  if (keys?.has(key)) throw new Problem('SYNTAX', 'a key stands twice')
  keys?.add(key)
}
