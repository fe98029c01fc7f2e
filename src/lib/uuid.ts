import { randomBytes } from 'node:crypto'

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (text: string): boolean => pattern.test(text)

// Random digits are drawn in blocks: one system call for many ids.
const digitsOfBlock = 16 * 1024
const block = { digits: '', used: digitsOfBlock }
const digitsOfId = 19

/** The last id's moment, in which most are made: what its ids begin with, and how far the count in them has come. */
const last = { ms: -1, text: '', count: 0 }
const counts = Array.from({ length: 4096 }, (_, count) => count.toString(16).padStart(3, '0'))

/**
 * A UUIDv7 (RFC 9562, 6.2, method 1): 48 bits of Unix milliseconds, 12 that count, then random bits. Ids made at a
 * later millisecond sort later; those that one process makes one after another at the same millisecond do too, as far
 * as the count goes: 2048 of them at least.
 */
export function uuidv7(at: Date | number = Date.now()): string {
  const ms = Math.floor(Number(at))
  const again = ms === last.ms
  if (!again) Object.assign(last, { ms, text: `${timeOf(ms)}-7` })
  if (block.used + digitsOfId > digitsOfBlock) {
    block.digits = randomBytes(digitsOfBlock / 2).toString('hex')
    block.used = 0
  }
  const { digits, used } = block
  block.used += digitsOfId
  const random = (from: number, to: number) => digits.slice(used + from, used + to)
  // The variant: two fixed bits and two random ones.
  const variant = '89ab'.charAt(Number.parseInt(digits.charAt(used + 3), 16) & 3)
  last.count = again ? last.count + 1 : Number.parseInt(random(0, 3), 16) >> 1
  return `${last.text}${counts[last.count] ?? counts.at(-1)}-${variant}${random(4, 7)}-${random(7, 19)}`
}

/** `xxxxxxxx-xxxx` of a moment. */
function timeOf(ms: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}`
}

/** The smallest UUIDv7 of a moment: `id >= uuidFloor(t)` holds exactly for ids made at or after t. */
export const uuidFloor = (at: Date): string => `${timeOf(at.getTime())}-0000-0000-000000000000`
