import { randomBytes } from 'node:crypto'

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (text: string): boolean => pattern.test(text)

// Random bytes are drawn in blocks: one system call for many ids.
const block = { bytes: randomBytes(4096), used: 0 }

/**
 * A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. Ids made at a later millisecond sort later;
 * within a millisecond the order is random.
 */
export function uuidv7(at: Date | number = Date.now()): string {
  if (block.used + 10 > block.bytes.length) {
    block.bytes = randomBytes(4096)
    block.used = 0
  }
  const random = block.bytes.toString('hex', block.used, (block.used += 10))
  const time = Math.floor(Number(at)).toString(16).padStart(12, '0')
  const variant = ((Number.parseInt(random.charAt(3), 16) & 0x3) | 0x8).toString(16)
  const version = `7${random.slice(0, 3)}`
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`
}

/** The smallest UUIDv7 of a moment: `id >= uuidFloor(t)` holds exactly for ids made at or after t. */
export function uuidFloor(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`
}
