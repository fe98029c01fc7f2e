import { createHash } from 'node:crypto'

/** SHA-256 over a list of values, each length-prefixed so that no two lists share a text; null differs from ''. */
export function fingerprint(values: readonly (string | bigint | boolean | null | undefined)[]): Buffer {
  const hash = createHash('sha256')
  for (const value of values) {
    const text = value === null || value === undefined ? null : String(value)
    hash.update(text === null ? '-;' : `${Buffer.byteLength(text)}:${text};`)
  }
  return hash.digest()
}

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()
