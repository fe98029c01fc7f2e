// One execution of a plan. Values are written to where they stand in the answer as soon as they are known, so that a
// field that waits needs one callback and no promise of its own, its parent's or its list's. Order, null and errors
// are those of graphql-js, which test/graphql/execution compares.
import {
  type ExecutionResult,
  getArgumentValues,
  GraphQLError,
  type GraphQLObjectType,
  locatedError,
} from 'graphql'
import { type Asked, Info } from './info.ts'
import { type Holder, isNulled, pathTo, Place } from './place.ts'
import type { FieldPlan, OperationPlan, Shape, Step, Variables } from './plan.ts'
import { isThenable, runtimeTypeOf } from './runtime-type.ts'

/** A resolver of three arguments. */
type Uninformed = (source: unknown, args: object, context: unknown) => unknown

type ObjectShape = Extract<Shape, { kind: 'OBJECT' | 'ABSTRACT' }>

export class Run implements Asked {
  readonly plan: OperationPlan
  readonly rootValue: unknown
  readonly context: unknown
  readonly variables: Variables
  readonly #arguments: (Record<string, unknown> | Error)[] = []
  readonly #errors: GraphQLError[] = []
  #data: Holder | null
  #waiting = 0
  #answer: ((result: ExecutionResult) => void) | undefined

  constructor(plan: OperationPlan, rootValue: unknown, context: unknown, variables: Variables) {
    this.plan = plan
    this.rootValue = rootValue
    this.context = context
    this.variables = variables
    this.#data = { ...plan.root.blank }
  }

  start(): ExecutionResult | Promise<ExecutionResult> {
    this.#fields(this.plan.root.steps, this.rootValue, this.#data ?? {}, undefined)
    if (this.#waiting === 0 || this.#data === null) return this.#result()
    return new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  #result(): ExecutionResult {
    return this.#errors.length === 0 ? { data: this.#data } : { errors: this.#errors, data: this.#data }
  }

  #arrived(): void {
    this.#waiting--
    if (this.#waiting === 0 || this.#data === null) this.#answer?.(this.#result())
  }

  /** Like all that follow: false when null rose beyond the place, so that nothing more is done in it. */
  #fields(steps: readonly Step[], source: unknown, holder: Holder, place: Place | undefined): boolean {
    for (const step of steps) {
      if ('typename' in step) holder[step.key] = step.typename
      else if (!this.#field(step, source, holder, place)) return false
    }
    return true
  }

  #field(field: FieldPlan, source: unknown, holder: Holder, prev: Place | undefined): boolean {
    let value: unknown
    try {
      value = this.#resolve(field, source, prev)
    } catch (error) {
      return this.#fail(error, field, field.shape, field.key, holder, prev)
    }
    return this.#settle(value, field, field.shape, field.key, holder, prev)
  }

  #resolve(field: FieldPlan, source: unknown, prev: Place | undefined): unknown {
    const found = field.arguments
    const args = found.kind === 'CONSTANT' ? found.values : this.#argumentsOf(field, found.slot)
    const { resolve } = field
    if (resolve) {
      if (field.informed) return resolve(source, args, this.context, new Info(this, field, prev))
      return (resolve as Uninformed)(source, args, this.context)
    }
    if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined
    const own = source as Record<string, unknown>
    const property = own[field.field.name]
    if (typeof property !== 'function') return property
    return property.call(own, args, this.context, new Info(this, field, prev)) as unknown
  }

  #argumentsOf({ field, nodes: [node] }: FieldPlan, slot: number): Record<string, unknown> {
    let found = this.#arguments[slot]
    if (!found && node) {
      try {
        found = getArgumentValues(field, node, this.variables)
      } catch (error) {
        found = error instanceof Error ? error : new Error(String(error))
      }
      this.#arguments[slot] = found
    }
    if (found instanceof Error) throw found
    return found ?? {}
  }

  /** Waits for the value when it is to come. No closure here: what one holds is laid aside at each call. */
  #settle(
    value: unknown,
    field: FieldPlan,
    shape: Shape,
    key: string | number,
    holder: Holder,
    prev: Place | undefined,
  ): boolean {
    if (!isThenable(value)) return this.#complete(value, field, shape, key, holder, prev)
    this.#await(value, field, shape, key, holder, prev)
    return true
  }

  #await(
    value: PromiseLike<unknown>,
    field: FieldPlan,
    shape: Shape,
    key: string | number,
    holder: Holder,
    prev: Place | undefined,
    then?: (came: unknown) => void,
  ): void {
    holder[key] = null
    this.#waiting++
    value.then(
      (came) => {
        if (!isNulled(prev)) {
          if (then) then(came)
          else this.#complete(came, field, shape, key, holder, prev)
        }
        this.#arrived()
      },
      (error: unknown) => {
        this.#fail(error, field, shape, key, holder, prev)
        this.#arrived()
      },
    )
  }

  /** The same for a value that is there and whose type is to come. */
  #awaitType(
    type: PromiseLike<GraphQLObjectType>,
    value: unknown,
    field: FieldPlan,
    shape: ObjectShape,
    key: string | number,
    holder: Holder,
    prev: Place | undefined,
  ): void {
    this.#await(type, field, shape, key, holder, prev, (came) => {
      this.#selection(came as GraphQLObjectType, value, field, shape, key, holder, prev)
    })
  }

  #complete(
    value: unknown,
    field: FieldPlan,
    shape: Shape,
    key: string | number,
    holder: Holder,
    prev: Place | undefined,
  ): boolean {
    if (value === null || value === undefined) {
      if (!shape.nullable) return this.#fail(noNull(field), field, shape, key, holder, prev)
      holder[key] = null
      return true
    }
    try {
      if (value instanceof Error) throw value
      switch (shape.kind) {
        case 'LEAF':
          holder[key] = serialized(shape, value)
          return true
        case 'LIST':
          return this.#list(itemsOf(value, field), field, shape, key, holder, prev)
        default:
          return this.#object(value, field, shape, key, holder, prev)
      }
    } catch (error) {
      return this.#fail(error, field, shape, key, holder, prev)
    }
  }

  #list(
    items: readonly unknown[],
    field: FieldPlan,
    shape: Extract<Shape, { kind: 'LIST' }>,
    key: string | number,
    holder: Holder,
    prev: Place | undefined,
  ): boolean {
    const list: unknown[] = []
    const place = new Place(prev, key, holder, field, shape)
    holder[key] = list
    for (let index = 0; index < items.length; index++) {
      const alive = this.#settle(items[index], field, shape.item, index, list as unknown as Holder, place)
      if (!alive) return shape.nullable
    }
    return true
  }

  #object(
    value: unknown,
    field: FieldPlan,
    shape: ObjectShape,
    key: string | number,
    holder: Holder,
    prev: Place | undefined,
  ): boolean {
    if (shape.kind === 'OBJECT' && !shape.object.isTypeOf) {
      return this.#selection(shape.object, value, field, shape, key, holder, prev)
    }
    const info = new Info(this, field, aboveField(prev, key))
    const type = runtimeTypeOf(shape, value, this.context, info)
    if (!isThenable(type)) return this.#selection(type, value, field, shape, key, holder, prev)
    this.#awaitType(type, value, field, shape, key, holder, prev)
    return true
  }

  #selection(
    type: GraphQLObjectType,
    value: unknown,
    field: FieldPlan,
    shape: ObjectShape,
    key: string | number,
    holder: Holder,
    prev: Place | undefined,
  ): boolean {
    const { steps, blank } = shape.selection.of(type)
    const object: Holder = { ...blank }
    holder[key] = object
    const place = new Place(prev, key, holder, field, shape)
    return this.#fields(steps, value, object, place) || shape.nullable
  }

  /** Notes the error and puts null into its place, or into the next one above that takes null. */
  #fail(
    error: unknown,
    { nodes }: FieldPlan,
    { nullable }: Shape,
    key: string | number,
    holder: Holder,
    prev: Place | undefined,
  ): boolean {
    if (this.#data === null || isNulled(prev)) return false
    this.#errors.push(locatedError(error, nodes, pathTo(prev, key)))
    if (nullable) {
      holder[key] = null
      return true
    }
    let place = prev
    while (place && !place.shape.nullable) place = place.prev
    if (place) {
      place.holder[place.key] = null
      place.nulled = true
    } else {
      this.#data = null
    }
    return false
  }
}

const noNull = ({ parent, field }: FieldPlan) =>
  new Error(`Cannot return null for non-nullable field ${parent.name}.${field.name}.`)

function serialized({ leaf }: Extract<Shape, { kind: 'LEAF' }>, value: unknown): unknown {
  const text: unknown = leaf.serialize(value)
  if (text === null || text === undefined) throw new Error(`${leaf.name} serializes a value to nothing`)
  return text
}

function itemsOf(value: unknown, { parent, field }: FieldPlan): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) {
    return Array.from(value as Iterable<unknown>)
  }
  const name = `${parent.name}.${field.name}`
  throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`)
}

/** What the field stands in, for an item of its lists. */
function aboveField(prev: Place | undefined, key: string | number): Place | undefined {
  if (typeof key === 'string') return prev
  let place = prev
  while (place && typeof place.key === 'number') place = place.prev
  return place?.prev
}
