import { type KeyLike, sign } from 'node:crypto'

/** The provider's side: the signature header's value for a body. */
export const signBody = (body: string | Uint8Array, privateKey: KeyLike): string =>
  sign('RSA-SHA256', typeof body === 'string' ? Buffer.from(body) : body, privateKey).toString('base64')
