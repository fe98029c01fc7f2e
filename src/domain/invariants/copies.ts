import { exportedSeals } from '../journal/seals/seal-file.ts'
import type { Seal } from '../journal/seals/seal.ts'

/** How far back a line may stand a second time: processes that export at once are that close together. */
const repeatMax = 10_000

/** The exported file of a chain, read along with the seals in the database. */
export class Copies {
  readonly #lines: AsyncGenerator<Seal | undefined>
  readonly #seen = new Map<bigint, string>()
  #next: Promise<Seal | undefined>
  #cut = false

  constructor(dir: string, chain: string) {
    this.#lines = exportedSeals(dir, chain)
    this.#next = this.#read()
  }

  /** What the file says against a seal; seals that are newer than the file are fine. */
  async contradict(seal: Seal): Promise<string | undefined> {
    const missing: bigint[] = []
    let copy = await this.#next
    while (copy && copy.number < seal.number) {
      missing.push(copy.number)
      copy = await this.#take()
    }
    if (copy?.number === seal.number) {
      await this.#take()
      if (!copy.sealDigest.equals(seal.sealDigest)) return 'another seal was exported under this number'
    }
    return missing.length > 0 ? `seal ${missing[0]} was exported, and is missing` : undefined
  }

  /** The first of the seals that come after all that the file was asked about. */
  beyond(): Promise<Seal | undefined> {
    return this.#next
  }

  #take(): Promise<Seal | undefined> {
    this.#next = this.#read()
    return this.#next
  }

  /** The next seal that did not stand there before. Only the end of a file may be cut off. */
  async #read(): Promise<Seal | undefined> {
    for (;;) {
      const { value: seal, done } = await this.#lines.next()
      if (done) return undefined
      if (this.#cut) throw new Error('an exported file has a line in its middle that is no seal')
      this.#cut = seal === undefined
      if (seal && !this.#repeats(seal)) return seal
    }
  }

  #repeats({ number, sealDigest }: Seal): boolean {
    const digest = sealDigest.toString('hex')
    if (this.#seen.get(number) === digest) return true
    this.#seen.set(number, digest)
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > repeatMax && oldest !== undefined) this.#seen.delete(oldest)
    return false
  }
}
