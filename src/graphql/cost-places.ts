// The places of an answer below one of its objects: fields of one name in it are one place, as when it is executed.
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { type Condition, conditionOf, either } from './cost-values.ts'

/** A selection and the type that it is made of. */
export interface Selected {
  readonly type: GraphQLCompositeType
  readonly set: SelectionSetNode
}

/** A field as it is asked for. */
export interface Asked {
  readonly parent: GraphQLCompositeType
  readonly field: GraphQLField<unknown, unknown>
  readonly node: FieldNode
}

export interface Place {
  /** Its name in the answer. */
  readonly key: string
  /** Objects of several kinds can have different fields of one name. */
  readonly asked: Asked[]
  /** The kinds of objects that have it. */
  readonly types: Set<GraphQLObjectType>
  readonly selected: Selected[]
  /** Absent: always. */
  when: Condition | undefined
}

interface Walk {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly places: Map<string, Place>
}

/** Without what reads the schema, which costs nothing. */
export function collectPlaces(
  schema: GraphQLSchema,
  document: DocumentNode,
  selected: readonly Selected[],
): Place[] {
  const walk: Walk = { schema, document, places: new Map() }
  for (const { type, set } of selected) {
    collect(walk, { type, set, types: new Set(objectsOf(schema, type)), when: undefined, seen: new Set() })
  }
  return [...walk.places.values()]
}

interface Within extends Selected {
  readonly types: ReadonlySet<GraphQLObjectType>
  readonly when: Condition | undefined
  /** Fragments that were spread on the way here: one within itself goes round once. */
  readonly seen: ReadonlySet<string>
}

function collect(walk: Walk, within: Within): void {
  for (const selection of within.set.selections) {
    const when = conditionOf(selection, within.when)
    if (selection.kind === Kind.FIELD) {
      addField(walk, { ...within, when }, selection)
      continue
    }
    const isSpread = selection.kind === Kind.FRAGMENT_SPREAD
    if (isSpread && within.seen.has(selection.name.value)) continue
    const fragment = isSpread ? fragmentOf(walk.document, selection.name.value) : selection
    const type = fragment?.typeCondition
      ? walk.schema.getType(fragment.typeCondition.name.value)
      : within.type
    if (!fragment || !isCompositeType(type)) continue
    const possible = new Set(objectsOf(walk.schema, type))
    const types = within.types.intersection(possible)
    const seen = isSpread ? new Set([...within.seen, selection.name.value]) : within.seen
    if (types.size > 0) collect(walk, { type, set: fragment.selectionSet, types, when, seen })
  }
}

function addField({ places }: Walk, { type, types, when }: Within, node: FieldNode): void {
  const name = node.name.value
  const field = 'getFields' in type && !name.startsWith('__') ? type.getFields()[name] : undefined
  if (!field) return
  const key = node.alias?.value ?? name
  const valueType = getNamedType(field.type)
  const below =
    node.selectionSet && isCompositeType(valueType) ? [{ type: valueType, set: node.selectionSet }] : []
  const place = places.get(key)
  if (!place) {
    places.set(key, {
      key,
      asked: [{ parent: type, field, node }],
      types: new Set(types),
      selected: below,
      when,
    })
    return
  }
  if (!place.asked.some((one) => one.field === field)) place.asked.push({ parent: type, field, node })
  for (const one of types) place.types.add(one)
  place.selected.push(...below)
  place.when = either(place.when, when)
}

const fragmentOf = (document: DocumentNode, name: string) => {
  const found = document.definitions.find(
    (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name,
  )
  return found?.kind === Kind.FRAGMENT_DEFINITION ? found : undefined
}

function objectsOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type)
  return isObjectType(type) ? [type] : []
}
