import { Problem } from '../../lib/problem.ts'

/** Refused since the actor lacks a permission: thrown, where other refusals are answers. */
export class Forbidden extends Problem {
  readonly permission: string

  constructor(action: string, permission: string) {
    super('FORBIDDEN', `${action} needs the permission ${permission}`)
    this.permission = permission
  }
}
