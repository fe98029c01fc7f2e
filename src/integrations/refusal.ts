// What every dialect does with a call that it cannot understand: never throw, and say which field is at fault.
import { Problem } from '../lib/problem.ts'
import type { Answer, CompleteOperation } from './dialect.ts'

/** The operation of a call whose reading threw; whatever is not a Problem is a fault of ours and thrown on. */
export function refusalOf(error: unknown): CompleteOperation {
  if (!(error instanceof Problem)) throw error
  const { code, field } = error
  const where = field === undefined ? {} : { field }
  return { kind: 'REFUSED', answer: { ...answerOf(code), ...where }, ...where }
}

function answerOf(code: string): Answer {
  if (code === 'CURRENCY') return { verdict: 'CURRENCY' }
  return { verdict: 'BAD_REQUEST', fault: code === 'SYNTAX' ? 'SYNTAX' : 'TYPE' }
}

/** What can be read; undefined when it is not as it should be, which is for others to complain about. */
export function tolerant<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
