import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The demo providers' key pairs: private keys in a folder, for the simulator alone. */
export interface DemoKeys {
  privateKeyPath(accountCode: string): string
  /** PEM; the pair is made when absent. */
  publicKey(accountCode: string): string
}

export function demoKeys(folder: string): DemoKeys {
  const privateKeyPath = (accountCode: string) => join(folder, `${accountCode}.pem`)
  return {
    privateKeyPath,
    publicKey(accountCode) {
      const path = privateKeyPath(accountCode)
      if (!existsSync(path)) {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
      }
      return createPublicKey(readFileSync(path)).export({ type: 'spki', format: 'pem' }).toString()
    },
  }
}

/** What the embedded database's seals are signed with: made once, in a file of the data folder. */
export function embeddedSealKey(dataDir: string): KeyObject {
  const path = join(dataDir, 'seal.pem')
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  }
  return createPrivateKey(readFileSync(path))
}
