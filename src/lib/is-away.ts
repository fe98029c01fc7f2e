const away =
  /^(57P0|53300|ECONN|CONNECT|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/u

/** Whether the database cannot be reached now. */
export const isAway = (thrown: unknown): boolean => hasCode(thrown, away)

/** Whether an error, or one that it was caused by, has a code that begins so. */
export function hasCode(thrown: unknown, codes: RegExp): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && codes.test(String(error.code))) return true
  }
  return false
}
