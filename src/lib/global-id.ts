// The ids that leave the process: opaque texts that hold the type and its key.
import { isUuid } from './uuid.ts'

export interface GlobalKey {
  readonly type: string
  readonly key: string
}

export const globalId = (type: string, key: string): string => base64url(`${type}:${key}`)

/** Of letters, digits, `:`, `.` and `-`, whose base64 has neither `+` nor `/`; btoa is faster than a Buffer. */
function base64url(text: string): string {
  const padded = btoa(text)
  const spare = text.length % 3
  return spare === 0 ? padded : padded.slice(0, spare - 3)
}

/** Undefined when it is no global id, or one that would be written differently. */
export function readGlobalId(id: string): GlobalKey | undefined {
  if (id.length > 200) return undefined
  const [, type, key] = /^([A-Z][A-Za-z]*):([0-9a-f.-]+)$/.exec(Buffer.from(id, 'base64url').toString()) ?? []
  if (type === undefined || key === undefined || globalId(type, key) !== id) return undefined
  return { type, key }
}

/** The key of a global id of this type whose keys are UUIDs; undefined when it is none. */
export function readUuid(type: string, id: string): string | undefined {
  const global = readGlobalId(id)
  return global?.type === type && isUuid(global.key) ? global.key : undefined
}

const placePattern = /^(\d{1,5})\.(\d{1,18})(?:\.(\d{1,4}))?$/

/** The key `lane.seq` of an event or `lane.seq.leg` of a ledger entry. */
export function readPlace(key: string): { lane: number; seq: bigint; leg: number | undefined } | undefined {
  const [, lane, seq, leg] = placePattern.exec(key) ?? []
  if (lane === undefined || seq === undefined || Number(lane) > 32767) return undefined
  return { lane: Number(lane), seq: BigInt(seq), leg: leg === undefined ? undefined : Number(leg) }
}
