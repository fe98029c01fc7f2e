/**
 * Cuts the elements of a JSON list out of text that comes in pieces: of the whole text when it is an array, else of
 * the first array of objects in its outermost object. It looks at brackets and strings alone; whether an element is
 * well-formed is for whoever parses it.
 */
export class ObjectCutter {
  /** How deep the elements lie: inside of so many brackets. Undefined until their list has begun. */
  #listDepth: number | undefined
  #depth = 0
  #inString = false
  #escaped = false
  /** The element that has begun and not ended. */
  #pending = ''
  #begun = false
  #cutAny = false
  #ended = false
  #sawList = false

  /** Whether the list was there and ended. */
  get closed(): boolean {
    return this.#ended || (this.#sawList && this.#depth === 0)
  }

  get pendingLength(): number {
    return this.#pending.length
  }

  /** The elements that end in this piece. */
  cut(piece: string): string[] {
    const elements: string[] = []
    let from = 0
    const end = (at: number) => {
      const element = (this.#pending + piece.slice(from, at)).trim()
      this.#pending = ''
      this.#begun = false
      // Within an object a list that begins with anything else is of something else: of currencies, say.
      if (element === '' || (this.#listDepth === 2 && !this.#cutAny && !element.startsWith('{'))) return
      elements.push(element)
      this.#cutAny = true
    }
    for (let at = 0; at < piece.length && !this.#ended; at += 1) {
      const sign = piece.charCodeAt(at)
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (sign === backslash) this.#escaped = true
        else if (sign === quote) this.#inString = false
      } else if (sign === quote) {
        this.#inString = true
      } else if (sign === comma) {
        if (this.#begun && this.#depth === this.#listDepth) {
          end(at)
          this.#begun = true
          from = at + 1
        }
      } else if (sign === openBrace || sign === openBracket) {
        this.#depth += 1
        if (sign === openBracket && this.#listDepth === undefined && this.#depth <= 2) {
          this.#listDepth = this.#depth
          this.#begun = true
          from = at + 1
        }
      } else if (sign === closeBrace || sign === closeBracket) {
        this.#depth -= 1
        if (this.#listDepth !== undefined && this.#depth === this.#listDepth - 1) {
          end(at)
          this.#leave()
        }
      }
    }
    if (this.#begun) this.#pending += piece.slice(from)
    return elements
  }

  /** The list has ended. One without anything of ours in it may be another's. */
  #leave(): void {
    this.#listDepth = undefined
    this.#sawList = true
    if (this.#cutAny || this.#depth === 0) this.#ended = true
  }
}

const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
