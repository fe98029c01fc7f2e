// What an operation asks for, worked out once per document: which fields of which types, their resolvers, arguments
// and the shape of what they give. Selection sets are planned when the first object of their type is met.
import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getDirectiveValues,
  GraphQLError,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
  type ValueNode,
} from 'graphql'
import type { GraphQLAbstractType, GraphQLFieldResolver } from 'graphql'

export type Variables = Readonly<Record<string, unknown>>

/** The type of a position in the answer. */
export type Shape = { readonly nullable: boolean; readonly type: GraphQLOutputType } & (
  | { readonly kind: 'LEAF'; readonly leaf: GraphQLLeafType }
  | { readonly kind: 'LIST'; readonly item: Shape }
  | { readonly kind: 'OBJECT'; readonly object: GraphQLObjectType; readonly selection: LazySelection }
  | { readonly kind: 'ABSTRACT'; readonly abstract: GraphQLAbstractType; readonly selection: LazySelection }
)

export type Arguments =
  | { readonly kind: 'CONSTANT'; readonly values: Record<string, unknown> }
  /** Read once for each request, under this number. */
  | { readonly kind: 'VARIABLE'; readonly slot: number }

export interface FieldPlan {
  /** In the answer. */
  readonly key: string
  readonly parent: GraphQLObjectType
  readonly field: GraphQLField<unknown, unknown>
  readonly nodes: readonly FieldNode[]
  /** Undefined: the source's own property. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined
  /** The resolver names its fourth argument. An object for each call is much for what hardly anybody reads. */
  readonly informed: boolean
  readonly arguments: Arguments
  readonly shape: Shape
}

/** `__typename` has no resolver to be called. */
export type Step = FieldPlan | { readonly key: string; readonly typename: string }

export interface Selection {
  readonly steps: readonly Step[]
  /** An answer with all keys and no values: copied, it costs a fraction of what an object costs that grows. */
  readonly blank: Readonly<Record<string, null>>
}

export interface LazySelection {
  of(type: GraphQLObjectType): Selection
}

/** What only graphql-js itself executes. */
export class NotPlanned extends Error {}

export class OperationPlan {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly root: Selection
  /** How many fields have been planned, and how many argument lists hang on variables. */
  size = 0
  slots = 0
  /** As the directives of the selections see them: the same for every run of this plan. */
  readonly #conditions: Variables

  constructor(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    conditions: Variables,
  ) {
    this.schema = schema
    this.operation = operation
    this.fragments = fragments
    this.#conditions = conditions
    const type = schema.getRootType(operation.operation)
    if (!type) throw new NotPlanned(`there is no ${operation.operation}`)
    this.root = this.#select(type, [operation.selectionSet])
  }

  #select(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Selection {
    const fields = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const set of sets) this.#collect(type, set, fields, spread)
    const steps = [...fields].flatMap(([key, nodes]) => this.#step(type, key, nodes) ?? [])
    this.size += steps.length
    return { steps, blank: blankOf(steps.map(({ key }) => key)) }
  }

  /** CollectFields of the specification. */
  #collect(
    type: GraphQLObjectType,
    set: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        if (!this.#included(selection)) continue
        const key = selection.alias?.value ?? selection.name.value
        const known = fields.get(key)
        if (known) known.push(selection)
        else fields.set(key, [selection])
        continue
      }
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined
      if ((name !== undefined && spread.has(name)) || !this.#included(selection)) continue
      if (name !== undefined) spread.add(name)
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments[name ?? '']
      if (!fragment || !this.#applies(fragment.typeCondition, type)) continue
      this.#collect(type, fragment.selectionSet, fields, spread)
    }
  }

  #included(selection: SelectionNode): boolean {
    if (!selection.directives?.length) return true
    if (getDirectiveValues(GraphQLSkipDirective, selection, this.#conditions)?.['if'] === true) return false
    return getDirectiveValues(GraphQLIncludeDirective, selection, this.#conditions)?.['if'] !== false
  }

  #applies(condition: NamedTypeNode | undefined, type: GraphQLObjectType): boolean {
    if (!condition) return true
    const wanted = typeFromAST(this.schema, condition)
    return wanted === type || (isAbstractType(wanted) && this.schema.isSubType(wanted, type))
  }

  #step(parent: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): Step | undefined {
    const [node] = nodes
    const name = node?.name.value ?? ''
    if (name === '__typename') return { key, typename: parent.name }
    const field = parent.getFields()[name] as GraphQLField<unknown, unknown> | undefined
    if (!field || !node) return undefined
    const found = this.#argumentsOf(field, node)
    const shape = this.#shapeOf(field.type, nodes)
    const { resolve } = field
    const informed = resolve !== undefined && resolve.length > 3
    return { key, parent, field, nodes, resolve, informed, arguments: found, shape }
  }

  #argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments {
    if (!node.arguments?.some(hasVariable)) {
      try {
        return { kind: 'CONSTANT', values: Object.freeze(getArgumentValues(field, node)) }
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error
      }
    }
    return { kind: 'VARIABLE', slot: this.slots++ }
  }

  #shapeOf(type: GraphQLOutputType, nodes: readonly FieldNode[], nullable = true): Shape {
    if (isNonNullType(type)) return this.#shapeOf(type.ofType, nodes, false)
    if (isListType(type)) return { kind: 'LIST', nullable, type, item: this.#shapeOf(type.ofType, nodes) }
    if (isLeafType(type)) return { kind: 'LEAF', nullable, type, leaf: type }
    const selection = this.#lazily(nodes)
    if (isAbstractType(type)) return { kind: 'ABSTRACT', nullable, type, abstract: type, selection }
    return { kind: 'OBJECT', nullable, type, object: type, selection }
  }

  #lazily(nodes: readonly FieldNode[]): LazySelection {
    const sets = nodes.flatMap((node) => node.selectionSet ?? [])
    const planned = new Map<GraphQLObjectType, Selection>()
    return {
      of: (type) => {
        const known = planned.get(type)
        if (known) return known
        const selection = this.#select(type, sets)
        planned.set(type, selection)
        return selection
      },
    }
  }
}

/** Through JSON, which makes an object that has room for all its keys. */
const blankOf = (keys: readonly string[]): Selection['blank'] =>
  JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null])))) as Selection['blank']

const hasVariable = ({ value }: ArgumentNode): boolean => mentionsVariable(value)

function mentionsVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true
  if (value.kind === Kind.LIST) return value.values.some(mentionsVariable)
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => mentionsVariable(field.value))
  return false
}
