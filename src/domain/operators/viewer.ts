import { type Permission, permissions, type Role, rolePermissions, roles } from './permissions.ts'

/** Who calls with a token, and what that token may do. */
export interface Viewer {
  readonly operatorId: string
  readonly tokenId: string
  readonly name: string
  readonly role: Role
  readonly permissions: ReadonlySet<Permission>
  readonly brandIds: ReadonlySet<string>
  readonly expiresAt: Date
}

export interface GrantRow {
  readonly token_id: string
  readonly operator_id: string
  readonly name: string
  readonly role: string
  readonly permissions: string[] | null
  readonly brand_ids: string[]
  readonly expires_at: Date
}

/** The role's permissions, narrowed to the token's. Words that this version does not know grant nothing. */
export function toViewer(row: GrantRow): Viewer {
  const role = roles.find((one) => one === row.role)
  const ofRole = new Set<Permission>(role ? rolePermissions[role] : [])
  const held = permissions.filter((one) => ofRole.has(one) && (row.permissions?.includes(one) ?? true))
  return {
    operatorId: row.operator_id,
    tokenId: row.token_id,
    name: row.name,
    role: role ?? 'SERVICE',
    permissions: new Set(held),
    brandIds: new Set(row.brand_ids),
    expiresAt: row.expires_at,
  }
}

/** Whether both may do exactly the same: if not, what was opened for one must not go on for the other. */
export function sameRights(a: Viewer, b: Viewer): boolean {
  return (
    a.role === b.role &&
    a.permissions.symmetricDifference(b.permissions).size === 0 &&
    a.brandIds.symmetricDifference(b.brandIds).size === 0
  )
}
