// What filters need: who may not read a field must not find out its value by asking which rows match it. A field of
// `XFilter` needs what the field of that name of X needs, in full where that one is masked; one that X does not have
// is ruled where it stands, as every field of the schema is.
import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isObjectType,
} from 'graphql'
import type { Permission } from '../domain/operators/permissions.ts'
import { incomplete, type Rule, ruleReader } from './access-rules.ts'

export interface RuledFilterField {
  readonly type: GraphQLInputObjectType
  readonly field: GraphQLInputField
  readonly rule: { readonly requires: readonly Permission[] }
}

/** Every field of every filter with its rule. Throws one error that lists all that have none. */
export function filterRules(schema: GraphQLSchema): RuledFilterField[] {
  const read = ruleReader(schema)
  const mistakes: string[] = []
  const ruled = filterTypes(schema).flatMap(({ type, of }) =>
    Object.values(type.getFields()).map((field) => {
      const rules = [
        read(field),
        ...(isConnective(field.name) ? [open] : namesakes(schema, of, field.name, read)),
      ]
      if (!rules.some(({ covers }) => covers)) {
        mistakes.push(`${type.name}.${field.name} has no rule: @auth or @public is missing`)
      }
      return { type, field, rule: { requires: [...new Set(rules.flatMap(needsOf))] } }
    }),
  )
  if (mistakes.length > 0) throw incomplete(mistakes)
  return ruled
}

const open: Rule = { covers: true, requires: [] }

const needsOf = ({ requires, mask }: Rule): readonly Permission[] => [...requires, ...(mask ? pii : [])]
const pii: readonly Permission[] = ['PLAYERS_PII']

const isConnective = (name: string) => ['and', 'or', 'not'].includes(name)

/** The rules of the fields of that name; a type's own rule covers its fields and is checked by who leads to them. */
function namesakes(
  schema: GraphQLSchema,
  of: GraphQLNamedType,
  name: string,
  read: ReturnType<typeof ruleReader>,
): Rule[] {
  const types = isAbstractType(of) ? schema.getPossibleTypes(of) : isObjectType(of) ? [of] : []
  return types.flatMap((type) => {
    const field: GraphQLField<unknown, unknown> | undefined = type.getFields()[name]
    return field ? [{ ...read(field), covers: true }] : []
  })
}

/** The filters of lists: `BetFilter` is of Bet. Those of single values, as IdFilter, are of no type. */
function filterTypes(schema: GraphQLSchema): { type: GraphQLInputObjectType; of: GraphQLNamedType }[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isInputObjectType(type))
    .flatMap((type) => {
      const of = type.name.endsWith('Filter') && schema.getType(type.name.slice(0, -'Filter'.length))
      return of && (isObjectType(of) || isAbstractType(of)) ? [{ type, of }] : []
    })
    .sort((a, b) => (a.type.name < b.type.name ? -1 : 1))
}

export interface Missing {
  readonly permission: Permission
  /** `filter.or[1].ip` */
  readonly path: string
}

/** Says what a caller lacks for the arguments of a field; undefined for a field whose arguments need nothing. */
export function argumentCheck(
  rules: readonly RuledFilterField[],
  field: GraphQLField<unknown, unknown>,
): ((args: Record<string, unknown>, held: ReadonlySet<Permission>) => Missing | undefined) | undefined {
  const rulesOf = Map.groupBy(rules, ({ type }) => type.name)
  const filters = field.args.filter(({ type }) => rulesOf.has(getNamedType(type).name))
  if (filters.length === 0) return undefined

  function missing(
    name: string,
    value: unknown,
    path: string,
    held: ReadonlySet<Permission>,
  ): Missing | undefined {
    if (value === null || value === undefined) return undefined
    if (Array.isArray(value)) {
      return first(value, (one, at) => missing(name, one, `${path}[${at}]`, held))
    }
    return first(rulesOf.get(name) ?? [], (one) => {
      const given = (value as Record<string, unknown>)[one.field.name]
      if (given === null || given === undefined) return undefined
      const at = `${path}.${one.field.name}`
      const permission = one.rule.requires.find((each) => !held.has(each))
      return permission
        ? { permission, path: at }
        : missing(getNamedType(one.field.type).name, given, at, held)
    })
  }

  return (args, held) =>
    first(filters, ({ name, type }) => missing(getNamedType(type).name, args[name], name, held))
}

function first<One, Found>(all: readonly One[], find: (one: One, at: number) => Found | undefined) {
  for (const [at, one] of all.entries()) {
    const found = find(one, at)
    if (found !== undefined) return found
  }
  return undefined
}
