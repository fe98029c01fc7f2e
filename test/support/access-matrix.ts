import type { GraphQLSchema } from 'graphql'
import { rolePermissions, roles, type Role } from '../../src/domain/operators/permissions.ts'
import { accessRules, type FieldRule } from '../../src/graphql/access-rules.ts'
import { filterRules } from '../../src/graphql/filter-rules.ts'
import { pathsOf, schemaWalk } from './schema-paths.ts'
import { pathKinds } from './schema-walk.ts'

export type Access = 'ALLOW' | 'DENY' | 'MASK'

/** What a role gets of a field with this rule. */
export function accessOf(role: Role, rule: FieldRule): Access {
  const held = rolePermissions[role]
  if (!rule.requires.every((one) => held.includes(one))) return 'DENY'
  return rule.mask && !held.includes('PLAYERS_PII') ? 'MASK' : 'ALLOW'
}

/**
 * A line per field, of filters too: a column per role, and the kinds of path over which it is read; none where only a
 * mutation leads.
 */
export function accessMatrix(schema: GraphQLSchema): string {
  const paths = pathsOf(schemaWalk(schema).walks)
  const rows = [...accessRules(schema), ...filterRules(schema)].map(({ type, field, rule }) => [
    `${type.name}.${field.name}`,
    ...roles.map((role) => accessOf(role, rule)),
    pathKinds.filter((kind) => paths.get(`${type.name}.${field.name}`)?.has(kind)).join(' '),
  ])
  const table = [['field', ...roles, 'paths'], ...rows]
  const width = Math.max(...table.map(([name = '']) => name.length))
  const line = ([name = '', ...cells]: string[]) =>
    [name.padEnd(width), ...cells.map((cell, at) => cell.padEnd(roles[at]?.length ?? 0))].join('  ').trimEnd()
  return `${table.map(line).join('\n')}\n`
}
