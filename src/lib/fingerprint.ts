import { hash } from 'node:crypto'

/** SHA-256 over a list of values, each length-prefixed so that no two lists share a text; null differs from ''. */
export function fingerprint(values: readonly (string | bigint | boolean | null | undefined)[]): Buffer {
  let all = ''
  for (const value of values) {
    const text = value === null || value === undefined ? null : String(value)
    all += text === null ? '-;' : `${Buffer.byteLength(text)}:${text};`
  }
  return sha256(all)
}

export const sha256 = (data: string | Uint8Array): Buffer => hash('sha256', data, 'buffer')
