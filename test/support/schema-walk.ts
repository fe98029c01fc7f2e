// Operations that together ask for every field of the schema over every kind of path: from the root, by global id,
// from one thing to the next, by search and in a subscription. Generated, so that a new field is walked over by itself.
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

export const pathKinds = ['list', 'node', 'nested', 'search', 'subscription'] as const
export type PathKind = (typeof pathKinds)[number]

/** A field that is asked for at one place, and what is asked for below it, by type. */
export interface Step {
  readonly type: GraphQLObjectType
  readonly field: GraphQLField<unknown, unknown>
  readonly args: string
  readonly kind: PathKind
  readonly branches: readonly Branch[]
}

interface Branch {
  readonly on: GraphQLObjectType
  readonly steps: readonly Step[]
}

export interface Walk {
  readonly operation: 'query' | 'subscription'
  readonly text: string
  readonly root: Step
  /** For a walk by global id: the type whose ids it takes. */
  readonly by: string | undefined
  /** For a search: the type of what is looked for, by its global id; empty when it asks for no thing. */
  readonly search?: string
}

/** Literals for required arguments, by the place `Type.field(argument)` or by the argument's type. */
export type Samples = Readonly<Record<string, string>>

export interface WalkOptions {
  /** Of lists at the root, and of those below things. */
  readonly pageSize: { readonly root: number; readonly below: number }
  readonly samples: Samples
  /** The types of the variables that samples may name, beside `$ids`. */
  readonly variables: Readonly<Record<string, string>>
}

/** Well below the limit of tokens in a document. */
const TOKENS_MAX = 1400

export const hasIdentity = (schema: GraphQLSchema, type: GraphQLNamedType): boolean =>
  type.name === 'Node' ||
  ('getInterfaces' in type && type.getInterfaces().some(({ name }) => name === 'Node')) ||
  (isAbstractType(type) && schema.getPossibleTypes(type).some((one) => hasIdentity(schema, one)))

export class SchemaWalk {
  /** Fields that could not be asked for, since a required argument has no sample. */
  readonly skipped = new Set<string>()
  readonly walks: readonly Walk[]
  readonly #schema: GraphQLSchema
  readonly #options: WalkOptions

  constructor(schema: GraphQLSchema, options: WalkOptions) {
    this.#schema = schema
    this.#options = options
    this.walks = [...this.#fromTheRoot(), ...this.#byId(), ...this.#live()]
  }

  #fromTheRoot(): Walk[] {
    const query = this.#schema.getQueryType()
    return this.#fieldsOf(query).flatMap((field) => {
      if (!query || ['node', 'nodes'].includes(field.name)) return []
      const kind = field.name === 'search' ? 'search' : 'list'
      const walks = this.#walks('query', this.#step(query, field, { kind, hops: 1, below: kind }))
      return kind === 'list' ? walks : walks.map((walk) => ({ ...walk, search: this.#thingOf(walk) }))
    })
  }

  /** The first type of things that a walk leads to. */
  #thingOf({ root }: Walk): string {
    const thing = [...stepsOf(root)].find(({ type }) => hasIdentity(this.#schema, type))
    return thing?.type.name ?? ''
  }

  #byId(): Walk[] {
    const query = this.#schema.getQueryType()
    const node = this.#schema.getType('Node')
    const field = query?.getFields()['nodes']
    if (!query || !field || !isAbstractType(node)) return []
    return this.#schema.getPossibleTypes(node).flatMap((on) => {
      const steps = this.#steps(on, { kind: 'node', hops: 1, below: 'nested' }, [])
      const root: Step = { type: query, field, args: '(ids: $ids)', kind: 'node', branches: [{ on, steps }] }
      return this.#walks('query', root, on.name)
    })
  }

  #live(): Walk[] {
    const type = this.#schema.getSubscriptionType()
    return this.#fieldsOf(type).flatMap((field) =>
      type
        ? this.#walks(
            'subscription',
            this.#step(type, field, { kind: 'subscription', hops: 2, below: 'subscription' }),
          )
        : [],
    )
  }

  #walks(operation: Walk['operation'], root: Step | undefined, by?: string): Walk[] {
    if (!root) return []
    // One search finds one thing.
    return pack(root, root.kind !== 'search').map((one) => ({
      operation,
      text: this.#document(operation, render(one)),
      root: one,
      by,
    }))
  }

  #document(operation: string, text: string): string {
    const used = Object.entries(this.#options.variables).filter(([name]) => text.includes(`$${name}`))
    const head = used.map(([name, type]) => `$${name}: ${type}`).join(', ')
    return `${operation} Walk${head && `(${head})`} { ${text} }`
  }

  #fieldsOf(type: GraphQLObjectType | null | undefined): GraphQLField<unknown, unknown>[] {
    return type ? Object.values(type.getFields()) : []
  }

  /** A field with what is below it, as far as the hops go from one thing to another; undefined when nothing is. */
  #step(
    type: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
    way: Way,
    within: string[] = [],
  ): Step | undefined {
    const args = this.#args(type, field)
    if (args === undefined) return undefined
    const target = getNamedType(field.type)
    if (isLeafType(target)) return { type, field, args, kind: way.kind, branches: [] }
    const crosses = hasIdentity(this.#schema, target)
    // A page of what lies too far away would hold nothing but its own numbers.
    if ((crosses || target.name.endsWith('Connection')) && way.hops === 0) return undefined
    const next: Way = crosses ? { ...way, hops: way.hops - 1, kind: way.below } : way
    const types = isAbstractType(target) ? this.#schema.getPossibleTypes(target) : [target]
    const branches = types.flatMap((on) => {
      if (!isObjectType(on) || within.includes(on.name)) return []
      const steps = this.#steps(on, next, crosses ? [] : [...within, on.name])
      return steps.length > 0 ? [{ on, steps }] : []
    })
    return branches.length > 0 ? { type, field, args, kind: way.kind, branches } : undefined
  }

  #steps = (on: GraphQLObjectType, way: Way, within: string[]): Step[] =>
    this.#fieldsOf(on).flatMap((field) => this.#step(on, field, way, within) ?? [])

  #args(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string | undefined {
    const given: string[] = []
    for (const arg of field.args) {
      const literal = this.#literal(`${type.name}.${field.name}`, arg)
      if (literal !== undefined) given.push(`${arg.name}: ${literal}`)
      else if (isRequiredArgument(arg)) {
        this.skipped.add(`${type.name}.${field.name}(${arg.name})`)
        return undefined
      }
    }
    return given.length > 0 ? `(${given.join(', ')})` : ''
  }

  #literal(place: string, arg: GraphQLArgument): string | undefined {
    const { samples, pageSize } = this.#options
    if (arg.name === 'first') return String(place.startsWith('Query.') ? pageSize.root : pageSize.below)
    const named = samples[`${place}(${arg.name})`]
    return named ?? (isRequiredArgument(arg) ? samples[getNamedType(arg.type).name] : undefined)
  }
}

interface Way {
  readonly kind: PathKind
  readonly hops: number
  /** The kind beyond the next thing. */
  readonly below: PathKind
}

function render({ field, args, branches }: Step): string {
  const name = `${field.name}${args}`
  if (branches.length === 0) return name
  const inside = branches.map(({ on, steps }) => {
    const text = steps.map(render).join(' ')
    return isAbstractType(getNamedType(field.type)) ? `... on ${on.name} { ${text} }` : text
  })
  return `${name} { __typename ${inside.join(' ')} }`
}

const tokensOf = (step: Step): number => render(step).match(/\w+|[^\s\w]/g)?.length ?? 0

const isForked = ({ branches }: Step): boolean =>
  branches.length > 1 || branches.some(({ steps }) => steps.some(isForked))

/** The step in parts, each small enough for one document. Types of a union share one where `together` and it can be. */
function pack(step: Step, together: boolean): Step[] {
  if (tokensOf(step) <= TOKENS_MAX && !isForked(step)) return [step]
  const parts: Step[] = []
  for (const { on, steps } of step.branches) {
    for (const group of grouped(steps.flatMap((one) => pack(one, together)))) {
      const branch = { on, steps: group }
      const at = together ? parts.findIndex((part) => hasPlace(part, branch)) : -1
      const part = parts[at] ?? { ...step, branches: [] }
      parts[at === -1 ? parts.length : at] = { ...part, branches: [...part.branches, branch] }
    }
  }
  return parts
}

/** Fields of one type, as many to a document as it holds; never one field twice. */
function grouped(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = [[]]
  let room = TOKENS_MAX
  for (const part of steps) {
    const size = tokensOf(part)
    if (size > room || groups.at(-1)?.some(({ field }) => field === part.field)) {
      groups.push([])
      room = TOKENS_MAX
    }
    groups.at(-1)?.push(part)
    room -= size
  }
  return groups.filter((group) => group.length > 0)
}

/** Whether the part has room for a branch of another type, and its fields go together with those that are there. */
function hasPlace(part: Step, branch: Branch): boolean {
  if (part.branches.some(({ on }) => on === branch.on)) return false
  if (tokensOf({ ...part, branches: [...part.branches, branch] }) > TOKENS_MAX) return false
  return !conflict(below(part), branch.steps)
}

const below = ({ branches }: Step): readonly Step[] => branches.flatMap(({ steps }) => steps)

/** Of two types in one place, fields of one name must be of one shape. */
const conflict = (some: readonly Step[], others: readonly Step[]): boolean =>
  some.some((one) => others.some((other) => one.field.name === other.field.name && differ(one, other)))

function differ(one: Step, other: Step): boolean {
  const shape = ({ field, branches }: Step) =>
    branches.length === 0 ? String(field.type) : String(field.type).replace(/\w+/, '')
  return shape(one) !== shape(other) || conflict(below(one), below(other))
}

/** A place in an answer, and the field that stands there. */
export interface Position {
  readonly step: Step
  readonly path: readonly (string | number)[]
  readonly value: unknown
}

/** Every place of an answer that has a field of the walk. */
export function* positions(
  step: Step,
  parent: object,
  path: readonly (string | number)[] = [],
): Generator<Position> {
  const value = (parent as Record<string, unknown>)[step.field.name]
  const here = [...path, step.field.name]
  yield { step, path: here, value }
  for (const [at, item] of itemsOf(value)) {
    const { __typename: name } = item as { __typename?: string }
    const branch = step.branches.find(({ on }) => on.name === name)
    for (const child of branch?.steps ?? []) yield* positions(child, item, [...here, ...at])
  }
}

function itemsOf(value: unknown): [at: number[], item: object][] {
  if (Array.isArray(value)) {
    return value.flatMap((one, at) =>
      itemsOf(one).map(([below, item]): [number[], object] => [[at, ...below], item]),
    )
  }
  return typeof value === 'object' && value !== null ? [[[], value]] : []
}

/** Every field that a step and what is below it ask for. */
export function* stepsOf(step: Step): Generator<Step> {
  yield step
  for (const { steps } of step.branches) for (const one of steps) yield* stepsOf(one)
}
