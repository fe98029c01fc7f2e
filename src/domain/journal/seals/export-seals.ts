import { constants } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { Problem } from '../../../lib/problem.ts'
import type { ReadContext } from '../../context.ts'
import { newestSeals, sealsAfter } from './queries.ts'
import { fromLine, sealFile, toLine } from './seal-file.ts'

/** Seals that are read and written at once. */
const pageRows = 500
/** The longest end of a file that is looked at for its last line. */
const tailBytes = 8192

type Reading = Pick<ReadContext, 'sql'>

/**
 * Appends to the files of a folder all seals that they lack, each on disk before this returns; returns how many. What
 * a file holds is never rewritten: a line that a crash cut off stays, and stands whole behind it. To complete it would
 * not do: several processes may find it, or find one that another is just writing. Throws a Problem when a file does
 * not end as it was written.
 */
export async function exportSeals(ctx: Reading, dir: string): Promise<number> {
  await mkdir(dir, { recursive: true, mode: 0o750 })
  let exported = 0
  for (const [chain, { number }] of await newestSeals(ctx)) {
    const path = sealFile(dir, chain)
    const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o640)
    try {
      exported += await append(ctx, chain, number, file, path)
    } finally {
      await file.close()
    }
  }
  if (exported > 0) await syncFolder(dir)
  return exported
}

async function append(
  ctx: Reading,
  chain: string,
  newest: bigint,
  file: FileHandle,
  path: string,
): Promise<number> {
  const { number, begun, open } = await endOf(file)
  let [last, appended] = [number, 0]
  while (last < newest) {
    const page = await sealsAfter(ctx, chain, last, pageRows)
    const final = page.at(-1)
    if (!final) break
    const text = page.map((seal) => `${toLine(seal)}\n`).join('')
    if (appended === 0 && !begun.every((line) => text.startsWith(line))) throw strange(path)
    await file.appendFile(appended === 0 && open ? `\n${text}` : text)
    await file.datasync()
    last = final.number
    appended += page.length
  }
  return appended
}

/** The number of a file's last seal, the lines behind it that were begun, and whether its last line is still open. */
async function endOf(file: FileHandle): Promise<{ number: bigint; begun: string[]; open: boolean }> {
  const { size } = await file.stat()
  const length = Math.min(size, tailBytes)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
  const lines = buffer.toString('utf8').split('\n')
  const open = lines.at(-1) !== ''
  const seals = lines.slice(0, -1).map(fromLine)
  const at = seals.findLastIndex((seal) => seal !== undefined)
  const begun = lines.slice(at + 1).filter((line) => line !== '')
  return { number: seals[at]?.number ?? 0n, begun, open }
}

const strange = (path: string) =>
  new Problem('SEAL_FILE', `${path} does not end as it was written: keep it, and export to another folder`)

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
