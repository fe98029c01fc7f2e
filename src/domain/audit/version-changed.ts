import { Problem } from '../../lib/problem.ts'

/** Refused since the caller looked at another version: what it wanted may be done, or wrong, by now. */
export class VersionChanged extends Problem {
  readonly currentVersion: bigint

  constructor(currentVersion: bigint) {
    super('VERSION_CHANGED', 'it has changed since it was looked at', 'expectedVersion')
    this.currentVersion = currentVersion
  }
}

/** Throws when a version is expected, and it is another one. */
export function checkVersion(current: bigint, expected: bigint | undefined): void {
  if (expected !== undefined && expected !== current) throw new VersionChanged(current)
}
