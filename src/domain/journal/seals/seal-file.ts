// The exported files: one per chain, a line of JSON per seal, only ever appended to. A line may stand there twice,
// when two processes export at once, and whole behind its beginning, when a crash cut it off; a line that another one
// contradicts is the mark of somebody who rewrites.
import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Seal } from './seal.ts'

const extension = '.jsonl'

export const sealFile = (dir: string, chain: string): string => join(dir, `${chain}${extension}`)

const hex = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${length * 2}}$`))
    .transform((text) => Buffer.from(text, 'hex'))

const line = z.object({
  chain: z.string(),
  number: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
  afterKey: z.string(),
  lastKey: z.string(),
  rows: z.int(),
  legs: z.int(),
  firstAt: z.string(),
  lastAt: z.string(),
  digest: hex(32),
  prevDigest: hex(32),
  sealDigest: hex(32),
  publicKey: hex(32),
  signature: hex(64),
  sealedAt: z.iso.datetime().transform((text) => new Date(text)),
})

/** The same seal gives the same line, for ever. */
export function toLine(seal: Seal): string {
  const fields = Object.keys(line.shape).map((name) => {
    const value = seal[name as keyof Seal]
    if (Buffer.isBuffer(value)) return [name, value.toString('hex')]
    return [name, typeof value === 'bigint' ? value.toString() : value]
  })
  return JSON.stringify(Object.fromEntries(fields))
}

/** Undefined when it is no line of ours. */
export function fromLine(text: string): Seal | undefined {
  try {
    return line.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The chains that have a file in the folder. */
export async function exportedChains(dir: string): Promise<string[]> {
  const names = await readdir(dir)
  return names.filter((name) => name.endsWith(extension)).map((name) => name.slice(0, -extension.length))
}

/**
 * The seals of an exported file in its order; undefined for each line that is none, nor the beginning of the one behind
 * it. Nothing when the file is not there.
 */
export async function* exportedSeals(dir: string, chain: string): AsyncGenerator<Seal | undefined> {
  const path = sealFile(dir, chain)
  if (!existsSync(path)) return
  let begun: string | undefined
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (text === '') continue
    if (begun !== undefined && !text.startsWith(begun)) yield undefined
    const seal = fromLine(text)
    begun = seal ? undefined : text
    if (seal) yield seal
  }
  if (begun !== undefined) yield undefined
}
