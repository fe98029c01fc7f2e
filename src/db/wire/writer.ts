// Messages of PostgreSQL's protocol as bytes, all those of a burst in one piece.
import { ArrayParameter, putArray } from './array.ts'
import { GrowingBytes } from './bytes.ts'

export type Given = string | number | bigint | boolean | Buffer | Date | ArrayParameter | null

const startBytes = 64 * 1024

export class WireWriter {
  #bytes = new GrowingBytes(startBytes)

  /** Planned under the name. The types of parameters that do not say theirs are the server's to infer. */
  parse(name: string, text: string, parameters: readonly Given[]): void {
    const start = this.#begin('P')
    this.#text(name)
    this.#text(text)
    this.#bytes.int16(parameters.length)
    for (const parameter of parameters) this.#bytes.int32(oidOf(parameter))
    this.#end(start)
  }

  /** What the rows of the statement look like. */
  describe(name: string): void {
    const start = this.#begin('D')
    this.#bytes.text('S')
    this.#text(name)
    this.#end(start)
  }

  bind(name: string, parameters: readonly Given[]): void {
    const start = this.#begin('B')
    this.#text('')
    this.#text(name)
    this.#bytes.int16(parameters.length)
    const formats = this.#bytes.at
    for (const _ of parameters) this.#bytes.int16(0)
    this.#bytes.int16(parameters.length)
    parameters.forEach((parameter, index) => {
      if (this.#value(parameter)) this.#bytes.putInt16(1, formats + 2 * index)
    })
    this.#bytes.int16(0)
    this.#end(start)
  }

  execute(): void {
    const start = this.#begin('E')
    this.#text('')
    this.#bytes.int32(0)
    this.#end(start)
  }

  sync(): void {
    this.#end(this.#begin('S'))
  }

  /** What was written since; it is overwritten by what is written next. */
  take(): Buffer {
    return this.#bytes.take()
  }

  /** What was taken is still needed: what is written next goes elsewhere. */
  renew(): void {
    this.#bytes = new GrowingBytes(startBytes)
  }

  /** Whether it was written in binary form. */
  #value(value: Given): boolean {
    const place = this.#bytes.at
    this.#bytes.int32(-1)
    if (value === null || value === undefined) return false
    const binary = value instanceof ArrayParameter && putArray(this.#bytes, value)
    if (!binary) this.#bytes.text(textOf(value))
    this.#bytes.putInt32(this.#bytes.at - place - 4, place)
    return binary
  }

  #begin(type: string): number {
    this.#bytes.text(type)
    this.#bytes.int32(0)
    return this.#bytes.at - 4
  }

  #end(start: number): void {
    this.#bytes.putInt32(this.#bytes.at - start, start)
  }

  #text(value: string): void {
    this.#bytes.text(value)
    this.#bytes.int8(0)
  }
}

function oidOf(value: Given): number {
  if (typeof value === 'bigint') return 20
  if (typeof value === 'boolean') return 16
  if (value instanceof Date) return 1184
  return Buffer.isBuffer(value) ? 17 : 0
}

function textOf(value: NonNullable<Given>): string {
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value)
}
