// What a bearer token looks like: a prefix that scanners of secrets can find, 192 random bits, and a checksum that
// tells a mistyped token from a wrong one without asking the database.
import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { sha256 } from '../../lib/fingerprint.ts'

export const apiTokenPrefix = 'pb_'

export const tokenBytes = 24
const bodyLength = 33
const checksumLength = 6
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const pattern = /^pb_([0-9A-Za-z]{33})([0-9A-Za-z]{6})$/

/** A token of these bytes; of random ones when there are none. */
export function apiToken(bytes: Buffer = randomBytes(tokenBytes)): string {
  if (bytes.length !== tokenBytes) throw new Error(`a token is made of ${tokenBytes} bytes`)
  const body = base62(BigInt(`0x${bytes.toString('hex')}`), bodyLength)
  return apiTokenPrefix + body + checksum(body)
}

/** Whether the text can be a token at all. */
export function isApiToken(text: string): boolean {
  const [, body = '', sum] = pattern.exec(text) ?? []
  return sum !== undefined && checksum(body) === sum
}

/** All that is stored of a token. Its bits are random, so that a fast hash is enough. */
export const apiTokenHash = (token: string): Buffer => sha256(token)

const checksum = (body: string) => base62(BigInt(crc32(body)), checksumLength)

function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; rest > 0n; rest /= 62n) text = alphabet.charAt(Number(rest % 62n)) + text
  return text.padStart(length, '0')
}
