import type { GraphQLSchema } from 'graphql'
import { rolePermissions, roles, type Role } from '../../src/domain/operators/permissions.ts'
import { accessRules, type FieldRule } from '../../src/graphql/access-rules.ts'
import { filterRules } from '../../src/graphql/filter-rules.ts'

export type Access = 'ALLOW' | 'DENY' | 'MASK'

/** What a role gets of a field with this rule. */
export function accessOf(role: Role, rule: FieldRule): Access {
  const held = rolePermissions[role]
  if (!rule.requires.every((one) => held.includes(one))) return 'DENY'
  return rule.mask && !held.includes('PLAYERS_PII') ? 'MASK' : 'ALLOW'
}

/** A line per field, of filters too, a column per role. */
export function accessMatrix(schema: GraphQLSchema): string {
  const rows = [...accessRules(schema), ...filterRules(schema)].map(({ type, field, rule }) => [
    `${type.name}.${field.name}`,
    ...roles.map((role) => accessOf(role, rule)),
  ])
  const table = [['field', ...roles], ...rows]
  const width = Math.max(...table.map(([name = '']) => name.length))
  const line = ([name = '', ...cells]: string[]) =>
    [name.padEnd(width), ...cells.map((cell, at) => cell.padEnd(roles[at]?.length ?? 0))].join('  ').trimEnd()
  return `${table.map(line).join('\n')}\n`
}
