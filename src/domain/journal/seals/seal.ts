// What a seal is: a window's digest, tied to the seal before it and signed. Pure.
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { InferSelectModel } from 'drizzle-orm'
import type { seals } from '../../../db/tables/seals.ts'
import { fingerprint } from '../../../lib/fingerprint.ts'

export type Seal = InferSelectModel<typeof seals>

/** What a seal is made over, as the database has it. */
export type Window = Pick<
  Seal,
  'chain' | 'afterKey' | 'lastKey' | 'rows' | 'legs' | 'firstAt' | 'lastAt' | 'digest'
>

const noDigest = Buffer.alloc(32)

/** The next seal of a chain. The key is an Ed25519 private key. */
export function makeSeal(window: Window, before: Seal | undefined, key: KeyObject, at: Date): Seal {
  const unsigned = {
    ...window,
    number: (before?.number ?? 0n) + 1n,
    prevDigest: before?.sealDigest ?? noDigest,
    publicKey: Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url'),
    sealedAt: at,
  }
  const sealDigest = digestOf(unsigned)
  return { ...unsigned, sealDigest, signature: sign(null, sealDigest, key) }
}

const digestOf = (seal: Omit<Seal, 'sealDigest' | 'signature'>): Buffer =>
  fingerprint([
    seal.chain,
    seal.number,
    seal.afterKey,
    seal.lastKey,
    BigInt(seal.rows),
    BigInt(seal.legs),
    seal.firstAt,
    seal.lastAt,
    seal.digest.toString('hex'),
    seal.prevDigest.toString('hex'),
    seal.publicKey.toString('hex'),
    seal.sealedAt.toISOString(),
  ])

/** What is wrong with a seal by itself or behind the one before it; undefined when nothing is. */
export function faultOf(seal: Seal, before: Seal | undefined): string | undefined {
  if (seal.number !== (before?.number ?? 0n) + 1n) return 'seals before it are missing'
  if (!digestOf(seal).equals(seal.sealDigest)) return 'the seal was changed'
  if (!isSigned(seal)) return 'its signature is wrong'
  if (!seal.prevDigest.equals(before?.sealDigest ?? noDigest)) return 'it is not made over the seal before it'
  if (before && seal.afterKey !== before.lastKey) return 'it does not begin where the seal before it ends'
  return undefined
}

function isSigned({ publicKey, sealDigest, signature }: Seal): boolean {
  try {
    const key = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }
    return verify(null, sealDigest, createPublicKey({ key, format: 'jwk' }), signature)
  } catch {
    // Not the bytes of a key.
    return false
  }
}
