// Where a PostgreSQL of tests has its files: in memory where there is room for them. Nothing of theirs has to outlive
// the machine, and making a database costs a quarter of what it costs on a disk.
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** Many times what a run has been seen to take. */
const roomMin = 2 * 2 ** 30

/** A folder of its own, whose name begins like this; whoever asks deletes it. */
export function quickDir(name: string): string {
  if (!isRoomy()) return mkdtempSync(`/tmp/${name}-`)
  forgetTheDead()
  return mkdtempSync(join(memory, `${name}-${process.pid}-`))
}

function isRoomy(): boolean {
  if (!existsSync(memory)) return false
  const { bavail, bsize } = statfsSync(memory)
  return Math.min(bavail * bsize, freemem()) > roomMin
}

/** What a killed run has left there would take memory for ever. */
function forgetTheDead(): void {
  for (const name of readdirSync(memory)) {
    const pid = /^pitboss-[a-z]+-(\d+)-\w{6}$/.exec(name)?.[1]
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(memory, name), { recursive: true, force: true })
  }
}
