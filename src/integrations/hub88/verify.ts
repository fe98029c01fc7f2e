import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { ProviderAccount } from '../../domain/providers/types.ts'
import type { SignatureResult } from '../dialect.ts'

/** Either name is taken on either path set. */
export const signatureHeaders = ['x-hub88-signature', 'x-auth-signature'] as const

const keysByAccount = new WeakMap<ProviderAccount, readonly KeyObject[]>()

/** RSA-SHA256, PKCS#1 v1.5, base64, over the exact bytes received, by any of the account's keys. */
export function verifyCall(call: ReceivedCall, account: ProviderAccount): SignatureResult {
  const text = signatureHeaders.map((name) => call.headers[name]).find((value) => value !== undefined)
  if (text === undefined) return 'MISSING'
  if (!/^[A-Za-z0-9+/]{4,2048}={0,2}$/.test(text)) return 'INVALID'
  const signature = Buffer.from(text, 'base64')
  const valid = keysOf(account).some((key) => verify('RSA-SHA256', call.body, key, signature))
  return valid ? 'VALID' : 'INVALID'
}

/** The account's keys; one that cannot be read signs nothing. */
function keysOf(account: ProviderAccount): readonly KeyObject[] {
  const known = keysByAccount.get(account)
  if (known) return known
  const keys = account.publicKeys.flatMap((pem) => publicKey(pem) ?? [])
  keysByAccount.set(account, keys)
  return keys
}

/** An RSA public key from PEM; undefined for anything else. */
export function publicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyType === 'rsa' ? key : undefined
  } catch {
    return undefined
  }
}
