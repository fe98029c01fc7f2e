// What an operation's variables say of its cost: how many rows a list may have, and whether a field is asked for.
// They have not been checked yet: what is no sensible value will be refused later, and counts as nothing here.
import {
  type FieldNode,
  type GraphQLField,
  isListType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'
import { stepMs } from '../domain/providers/call-health.ts'
import { pageSizeMax } from '../lib/page.ts'
import { healthParts } from './health-parts.ts'

/** How many rows are assumed of a list that takes no page size. */
export const assumedRows = 10

export type Values = Readonly<Record<string, unknown>>
export type Size = (values: Values) => number
export type Condition = (values: Values) => boolean

/** Adds to what was given what the operation's variables are when nothing is. */
export function valuesOf({ variableDefinitions = [] }: OperationDefinitionNode): (given: Values) => Values {
  const defaults = Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  )
  return (given) => ({ ...defaults, ...given })
}

/** A list has as many rows as its page, as many as the ids that it is asked for, or the number that is assumed. */
export function sizeOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Size {
  if (isConnection(field.type)) return pageOf(field, node, pageSizeMax)
  if (!isListType(getNullableType(field.type))) return () => 1
  const ids = argument(node, 'ids')
  if (!ids) return () => assumedRows
  return (values) => {
    const given = read(ids, values)
    return Array.isArray(given) ? Math.min(given.length, pageSizeMax) : 1
  }
}

export const isConnection = (type: GraphQLOutputType): boolean =>
  getNamedType(type).name.endsWith('Connection')

/** Lists without pages whose size an argument of the field before them says. */
export const carriedLists = [
  'SearchResult.hits',
  'Performance.rows',
  'ProviderHealth.buckets',
  'SharedNetworks.networks',
]

/** The longest page of those. */
const carriedMax = 1000

/** How many rows such a list below this field has; undefined where no argument says it. */
export function carriedOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Size | undefined {
  if (isConnection(field.type)) return undefined
  const named = (name: string) => field.args.some((one) => one.name === name)
  if (named('first')) return pageOf(field, node, carriedMax)
  return named('window') && named('bucket') ? partsOf(node) : undefined
}

function pageOf(field: GraphQLField<unknown, unknown>, node: FieldNode, most: number): Size {
  const [first, last] = [argument(node, 'first'), argument(node, 'last')]
  const usual = field.args.find(({ name }) => name === 'first')?.defaultValue
  return (values) => rowsOf(read(first, values) ?? read(last, values) ?? usual, most)
}

const rowsOf = (value: unknown, most: number): number =>
  typeof value === 'number' && value > 0 ? Math.min(Math.floor(value), most) : 0

/** The window is widened to whole parts, so it may have one more at each end. */
function partsOf(node: FieldNode): Size {
  const [bucket, window] = [argument(node, 'bucket'), argument(node, 'window')]
  return (values) => {
    const { unit, usual, most } = healthParts[read(bucket, values) === 'HOUR' ? 'HOUR' : 'MINUTE']
    const { gte, lt } = (read(window, values) ?? {}) as { readonly gte?: unknown; readonly lt?: unknown }
    const [from, to] = [gte, lt].map((at) => Date.parse(String(at)))
    const parts = ((to ?? Number.NaN) - (from ?? Number.NaN)) / stepMs[unit]
    return parts > 0 ? Math.min(Math.ceil(parts) + 1, most) : usual
  }
}

const argument = (node: FieldNode, name: string): ValueNode | undefined =>
  node.arguments?.find((one) => one.name.value === name)?.value

function read(node: ValueNode | undefined, values: Values): unknown {
  if (!node) return undefined
  return node.kind === Kind.VARIABLE ? values[node.name.value] : valueFromASTUntyped(node, values)
}

/** Of a selection that stands in one with a condition already; absent: always. */
export function conditionOf(selection: SelectionNode, outer: Condition | undefined): Condition | undefined {
  const own = (selection.directives ?? []).flatMap(({ name, arguments: given = [] }) => {
    const value = given.find((one) => one.name.value === 'if')?.value
    if (name.value === 'include') return [(values: Values) => read(value, values) === true]
    if (name.value === 'skip') return [(values: Values) => read(value, values) !== true]
    return []
  })
  const all = outer ? [outer, ...own] : own
  return all.length === 0 ? undefined : (values) => all.every((one) => one(values))
}

export const either = (a: Condition | undefined, b: Condition | undefined): Condition | undefined =>
  a && b && ((values) => a(values) || b(values))
