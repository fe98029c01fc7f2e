import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../lib/problem.ts'

/** What the demo's tokens and keys are made of: 32 random bytes in a file of the data folder, made when absent. */
export function demoSecret(dataDir: string): Buffer {
  const path = join(dataDir, 'secret')
  mkdirSync(dataDir, { recursive: true })
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
  if (secret.length === 32) return secret
  throw new Problem(
    'DEMO_SECRET',
    `${path} is not the secret that was written: delete the data folder to start anew`,
  )
}

/** The secret of a server on the embedded database, unless its configuration names one. */
export const demoServerSecret = (folderSecret: Buffer): Buffer => derived(folderSecret, 'game tokens', 32)

/** The same bytes for the same purpose, at every start. */
export const derived = (secret: Buffer, purpose: string, length: number): Buffer =>
  createHmac('sha512', secret).update(purpose).digest().subarray(0, length)
