// Messages of PostgreSQL's protocol as bytes, all those of a burst in one piece.

/** A parameter in text form, or null. */
export type Given = string | number | bigint | boolean | Buffer | Date | null

const startBytes = 64 * 1024

export class WireWriter {
  #bytes = Buffer.allocUnsafe(startBytes)
  #at = 0

  /** Text with parameters, planned under the name; the types are the server's to infer. */
  parse(name: string, text: string): void {
    const start = this.#begin('P')
    this.#text(name)
    this.#text(text)
    this.#int16(0)
    this.#end(start)
  }

  /** What the rows of the statement look like. */
  describe(name: string): void {
    const start = this.#begin('D')
    this.#byte('S')
    this.#text(name)
    this.#end(start)
  }

  bind(name: string, parameters: readonly Given[]): void {
    const start = this.#begin('B')
    this.#text('')
    this.#text(name)
    this.#int16(0)
    this.#int16(parameters.length)
    for (const parameter of parameters) this.#value(parameter)
    this.#int16(0)
    this.#end(start)
  }

  execute(): void {
    const start = this.#begin('E')
    this.#text('')
    this.#int32(0)
    this.#end(start)
  }

  sync(): void {
    this.#end(this.#begin('S'))
  }

  /** What was written since; it is overwritten by what is written next. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at)
    this.#at = 0
    return taken
  }

  /** What was taken is still needed: what is written next goes elsewhere. */
  renew(): void {
    this.#bytes = Buffer.allocUnsafe(startBytes)
  }

  #value(value: Given): void {
    if (value === null || value === undefined) {
      this.#int32(-1)
      return
    }
    const text = textOf(value)
    this.#reserve(4 + 3 * text.length)
    const written = this.#bytes.write(text, this.#at + 4)
    this.#bytes.writeInt32BE(written, this.#at)
    this.#at += 4 + written
  }

  #begin(type: string): number {
    this.#byte(type)
    this.#reserve(4)
    this.#at += 4
    return this.#at - 4
  }

  #end(start: number): void {
    this.#bytes.writeInt32BE(this.#at - start, start)
  }

  #byte(character: string): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = character.charCodeAt(0)
  }

  #int16(value: number): void {
    this.#reserve(2)
    this.#at = this.#bytes.writeUInt16BE(value, this.#at)
  }

  #int32(value: number): void {
    this.#reserve(4)
    this.#at = this.#bytes.writeInt32BE(value, this.#at)
  }

  #text(value: string): void {
    this.#reserve(1 + 3 * value.length)
    this.#at += this.#bytes.write(value, this.#at)
    this.#bytes[this.#at++] = 0
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#at + more))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}

function textOf(value: NonNullable<Given>): string {
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value)
}
