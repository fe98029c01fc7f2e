// A data folder has one owner: the Node process that started its server. The lock file names it and says how to
// reach the server, so that other commands can attach. When in doubt, the owner counts as alive.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionTarget } from '../connection.ts'
import { isAlive, type ProcessName, processName } from './processes.ts'

export interface Owner {
  readonly process: ProcessName
  readonly target: Exclude<ConnectionTarget, { url: string }>
  /** Whether the server answers. */
  readonly ready: boolean
}

const lockPath = (dataDir: string) => join(dataDir, 'owner.json')

/** The live owner of the folder, if there is one. */
export function liveOwner(dataDir: string): Owner | undefined {
  const owner = readOwner(lockPath(dataDir))
  return owner && isAlive(owner.process) ? owner : undefined
}

export function ownName(): ProcessName {
  const name = processName(process.pid)
  if (!name) throw new Error('/proc is not there')
  return name
}

/** Takes the folder. Returns who owns it instead, or what a dead owner left behind. */
export function takeLock(dataDir: string, mine: Owner): { held: Owner } | { left: Owner | undefined } {
  const path = lockPath(dataDir)
  for (;;) {
    if (createOnce(path, mine)) return { left: undefined }
    const found = readOwner(path)
    if (!found) continue // let go between the two looks
    if (isAlive(found.process)) return { held: found }
    if (inherit(path, found, mine)) return { left: found }
  }
}

/** Says that the server answers now. */
export function updateLock(dataDir: string, mine: Owner): void {
  const path = lockPath(dataDir)
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(mine))
  renameSync(`${path}.${process.pid}`, path)
}

export function releaseLock(dataDir: string): void {
  const path = lockPath(dataDir)
  if (readOwner(path)?.process.pid === process.pid) rmSync(path, { force: true })
}

/**
 * Replaces a dead owner. Only one process can be its heir: the heir's file is named after the dead one. A late comer
 * may win that name again after the heir is done, so it looks once more before it replaces anything.
 */
function inherit(path: string, dead: Owner, mine: Owner): boolean {
  const heirPath = `${path}.${dead.process.pid}-${dead.process.startTicks}`
  if (!createOnce(heirPath, mine)) {
    const heir = readOwner(heirPath)
    if (heir && !isAlive(heir.process)) rmSync(heirPath, { force: true })
    return false
  }
  const found = readOwner(path)
  const stillDead = found?.process.pid === dead.process.pid && !isAlive(found.process)
  if (stillDead) renameSync(heirPath, path)
  else rmSync(heirPath, { force: true })
  return stillDead
}

/** A link appears with its whole content or not at all. */
function createOnce(path: string, owner: Owner): boolean {
  const draft = `${path}.draft.${process.pid}`
  writeFileSync(draft, JSON.stringify(owner))
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
