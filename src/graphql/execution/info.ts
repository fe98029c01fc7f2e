import type { GraphQLResolveInfo } from 'graphql'
import type { Place } from './place.ts'
import type { FieldPlan, OperationPlan, Variables } from './plan.ts'

type Path = GraphQLResolveInfo['path']

/** The part of a run that resolvers may see. */
export interface Asked {
  readonly plan: OperationPlan
  readonly rootValue: unknown
  readonly variables: Variables
}

/** The fourth argument of resolvers. Few read it, so that what it says is looked up when it is read. */
export class Info implements GraphQLResolveInfo {
  readonly #asked: Asked
  readonly #field: FieldPlan
  readonly #prev: Place | undefined

  constructor(asked: Asked, field: FieldPlan, prev: Place | undefined) {
    this.#asked = asked
    this.#field = field
    this.#prev = prev
  }

  get fieldName() {
    return this.#field.field.name
  }

  get fieldNodes() {
    return this.#field.nodes
  }

  get returnType() {
    return this.#field.field.type
  }

  get parentType() {
    return this.#field.parent
  }

  get path(): Path {
    const { key, parent } = this.#field
    return { prev: pathOf(this.#prev), key, typename: parent.name }
  }

  get schema() {
    return this.#asked.plan.schema
  }

  get fragments() {
    return this.#asked.plan.fragments
  }

  get rootValue() {
    return this.#asked.rootValue
  }

  get operation() {
    return this.#asked.plan.operation
  }

  get variableValues(): Record<string, unknown> {
    return this.#asked.variables
  }
}

function pathOf(place: Place | undefined): Path | undefined {
  if (!place) return undefined
  const typename = typeof place.key === 'string' ? place.plan.parent.name : undefined
  return { prev: pathOf(place.prev), key: place.key, typename }
}
