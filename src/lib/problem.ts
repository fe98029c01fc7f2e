/**
 * An expected refusal: something the caller asked for that the rules do not allow. It becomes a user error, a
 * provider's status or a line on the terminal. Everything else that is thrown is a fault and is masked outside.
 */
export class Problem extends Error {
  readonly code: string
  /** The path of the input field that is at fault, when one is. */
  readonly field: string | undefined

  constructor(code: string, message: string, field?: string) {
    super(message)
    this.name = 'Problem'
    this.code = code
    this.field = field
  }
}

/** Programmer's error: fails loudly. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}
