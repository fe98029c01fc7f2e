/** Microseconds since the Unix epoch as RFC 3339 in UTC: `2026-03-01T12:30:00.000001Z`. */
export function stampText(us: bigint): string {
  const milliseconds = new Date(Number(us / 1000n)).toISOString().slice(0, -1)
  return `${milliseconds}${(us % 1000n).toString().padStart(3, '0')}Z`
}
