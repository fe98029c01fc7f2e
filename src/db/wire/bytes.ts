/** Bytes that are written one value behind the other. */
export class GrowingBytes {
  #bytes: Buffer
  #view: DataView
  #at = 0

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size)
    this.#view = viewOf(this.#bytes)
  }

  get at(): number {
    return this.#at
  }

  /** What was written since; it is overwritten by what is written next. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at)
    this.#at = 0
    return taken
  }

  /** Forgets what was written from there on. */
  back(at: number): void {
    this.#at = at
  }

  int8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
  }

  int16(value: number): void {
    this.#reserve(2)
    this.#view.setInt16(this.#at, value)
    this.#at += 2
  }

  int32(value: number): void {
    this.#reserve(4)
    this.#view.setInt32(this.#at, value)
    this.#at += 4
  }

  int64(value: bigint): void {
    this.#reserve(8)
    this.#view.setBigInt64(this.#at, value)
    this.#at += 8
  }

  putInt16(value: number, at: number): void {
    this.#view.setInt16(at, value)
  }

  putInt32(value: number, at: number): void {
    this.#view.setInt32(at, value)
  }

  bytes(value: Buffer): void {
    this.#reserve(value.length)
    this.#at += value.copy(this.#bytes, this.#at)
  }

  text(value: string): void {
    this.#reserve(3 * value.length)
    this.#at += this.#bytes.write(value, this.#at)
  }

  /** The sixteen bytes of an id; a text that is none gives whatever it gives. */
  uuid(id: string): void {
    this.#reserve(16)
    const bytes = this.#bytes
    let high = -1
    for (let index = 0; index < id.length; index += 1) {
      const code = id.charCodeAt(index)
      if (code === 0x2d) continue
      const digit = code < 0x3a ? code - 0x30 : (code | 0x20) - 0x57
      if (high < 0) high = digit
      else {
        bytes[this.#at++] = (high << 4) | digit
        high = -1
      }
    }
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#at + more))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

/** Numbers are written through a view: a buffer's own methods take a bigint apart into new ones. */
const viewOf = ({ buffer, byteOffset, byteLength }: Buffer) => new DataView(buffer, byteOffset, byteLength)
