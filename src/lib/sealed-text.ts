// Texts that the database may hold but not show: AES-256-GCM under a key that only processes have. A sealed text
// belongs to one owner (its row's id) and opens nowhere else, so that nobody can move it to a row of theirs.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { Problem } from './problem.ts'

const algorithm = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** Nonce, tag and ciphertext in one. The same text seals differently every time. */
export function sealText(serverSecret: Buffer, text: string, owner: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, sealingKey(serverSecret), nonce)
  cipher.setAAD(Buffer.from(owner))
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext])
}

/** Throws Problem SEALED when it was sealed with another secret, for another owner, or has been altered. */
export function openSealedText(serverSecret: Buffer, sealed: Uint8Array, owner: string): string {
  try {
    const nonce = sealed.subarray(0, nonceBytes)
    const decipher = createDecipheriv(algorithm, sealingKey(serverSecret), nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(owner))
    decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
    const text = decipher.update(sealed.subarray(nonceBytes + tagBytes))
    return Buffer.concat([text, decipher.final()]).toString()
  } catch {
    throw new Problem('SEALED', 'a sealed text does not open with the secret of this server')
  }
}

/** The server's secret has other uses: this one gets a key of its own. */
const sealingKey = (serverSecret: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', serverSecret, '', 'pitboss sealed text', keyBytes))
