// The rules of access as the schema writes them. Default deny: a schema in which one field has no rule, or would
// blank its parents when it is refused, is not served at all.
import {
  type DirectiveNode,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { Permission } from '../domain/operators/permissions.ts'
import type { PiiMask } from './generated.ts'

export interface FieldRule {
  /** All of these are needed, the type's own included. */
  readonly requires: readonly Permission[]
  readonly mask?: PiiMask
}

export interface RuledField {
  readonly type: GraphQLObjectType
  readonly field: GraphQLField<unknown, unknown>
  readonly rule: FieldRule
}

/** Every field of every object type with its rule. Throws one error that lists all that is wrong. */
export function accessRules(schema: GraphQLSchema): RuledField[] {
  const read = ruleReader(schema)
  const ruled: RuledField[] = []
  const mistakes: string[] = []
  for (const type of objectTypes(schema)) {
    const ofType = read(type)
    for (const field of Object.values(type.getFields()) as GraphQLField<unknown, unknown>[]) {
      const own = read(field)
      const place = `${type.name}.${field.name}`
      if (!ofType.covers && !own.covers) mistakes.push(`${place} has no rule: @auth or @public is missing`)
      const requires = [...new Set([...ofType.requires, ...own.requires])]
      const beyond = blankingNeeds(schema, field, read).filter((one) => !ofType.requires.includes(one))
      if (type !== schema.getSubscriptionType() && beyond.length > 0) {
        mistakes.push(`${place} must be nullable: it needs ${beyond.join(', ')}, which ${type.name} does not`)
      }
      ruled.push({ type, field, rule: { requires, ...(own.mask && { mask: own.mask }) } })
    }
  }
  if (mistakes.length > 0) throw incomplete(mistakes)
  return ruled
}

export const incomplete = (mistakes: readonly string[]) =>
  new Error(`the schema's access rules are incomplete:\n  ${mistakes.join('\n  ')}`)

/** What reading anything of a type needs. An interface, as Event, needs what all its types need. */
export function typeNeeds(schema: GraphQLSchema, type: GraphQLNamedType): readonly Permission[] {
  const read = ruleReader(schema)
  const [first, ...others] = isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
  const needs = first ? read(first).requires : []
  return needs.filter((one) => others.every((other) => read(other).requires.includes(one)))
}

export interface Rule {
  readonly covers: boolean
  readonly requires: readonly Permission[]
  readonly mask?: PiiMask
}

type Annotated = GraphQLNamedType | GraphQLField<unknown, unknown> | GraphQLInputField
type Reader = (of: Annotated) => Rule

export function ruleReader(schema: GraphQLSchema): Reader {
  const directive = (name: string) => {
    const found = schema.getDirective(name)
    if (!found) throw new Error(`the schema declares no directive @${name}`)
    return found
  }
  const [auth, open, pii] = [directive('auth'), directive('public'), directive('pii')]
  return (of) => {
    const node = { directives: directivesOf(of) }
    const requires = getDirectiveValues(auth, node)?.['requires'] as Permission[] | undefined
    const mask = getDirectiveValues(pii, node)?.['mask'] as PiiMask | undefined
    const covers = (requires?.length ?? 0) > 0 || getDirectiveValues(open, node) !== undefined
    return { covers, requires: requires ?? [], ...(mask && { mask }) }
  }
}

const directivesOf = (of: Annotated): readonly DirectiveNode[] => [
  ...(of.astNode?.directives ?? []),
  ...('extensionASTNodes' in of ? of.extensionASTNodes.flatMap((node) => node.directives ?? []) : []),
]

/** What blanks the thing that the field stands in, when it is missing: null cannot take the field's place. */
function blankingNeeds(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  read: Reader,
): readonly Permission[] {
  if (!isNonNullType(field.type)) return []
  const value = getNamedType(field.type)
  const possible = isAbstractType(value) ? schema.getPossibleTypes(value) : [value]
  const ofValue = /[^!](\]|$)/.test(String(field.type)) ? [] : possible.flatMap((type) => read(type).requires)
  return [...new Set([...read(field).requires, ...ofValue])]
}

const objectTypes = (schema: GraphQLSchema): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter((type) => !isIntrospectionType(type))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
