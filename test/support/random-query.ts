// Random queries over any schema: fields, aliases, arguments, variables, fragments and directives, as a client might
// write them and as it would not. Whether one is valid is for validation to say.
import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { Random } from './random.ts'

export interface RandomQuery {
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** Texts of scalars, as JSON, to pick from. */
export type Samples = Readonly<Record<string, readonly unknown[]>>

/** What scalars are given in tests: some of it good, some refused. */
export const samplesWith = (ids: readonly string[], texts: readonly string[]): Samples => ({
  Int: [1, 2, 30],
  String: texts,
  Boolean: [true, false],
  ID: ids,
  BigInt: ['1', 'x'],
  Decimal: ['1.50', 'x'],
  DateTime: ['2026-03-01T12:30:00Z', 'never'],
  Date: ['2026-03-01'],
  CurrencyCode: ['EUR', 'QQQ'],
  EventCursor: ['abc'],
})

export function randomQuery(schema: GraphQLSchema, random: Random, samples: Samples): RandomQuery {
  return new Writer(schema, random, samples).write()
}

const depthMax = 6

class Writer {
  readonly #schema: GraphQLSchema
  readonly #random: Random
  readonly #samples: Samples
  readonly #declared: string[] = []
  readonly #fragments: string[] = []
  readonly #variables: Record<string, unknown> = {}
  #names = 0

  constructor(schema: GraphQLSchema, random: Random, samples: Samples) {
    this.#schema = schema
    this.#random = random
    this.#samples = samples
  }

  write(): RandomQuery {
    const root = this.#schema.getQueryType()
    if (!root) throw new Error('a schema without queries')
    const selection = this.#selection(root, depthMax)
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : ''
    const query = [`query Q${declared} ${selection}`, ...this.#fragments].join('\n')
    return { query, variables: this.#variables }
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const parts = [...this.#fields(type, depth), ...this.#narrowed(type, depth)]
    return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`
  }

  #fields(type: GraphQLNamedType, depth: number): string[] {
    if (!('getFields' in type)) return ['__typename']
    const all = Object.values(type.getFields()) as GraphQLField<unknown, unknown>[]
    const most = depth === depthMax ? 3 : 4
    const chosen = Array.from({ length: 1 + this.#random.int(most) }, () => this.#random.pick(all))
    const written = chosen.map((field) => this.#field(field, depth)).filter((text) => text !== '')
    return this.#random.chance(0.15) ? [...written, `${this.#name('t')}: __typename`] : written
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const value = getNamedType(field.type)
    if (isCompositeType(value) && depth === 0) return ''
    const given = field.args.flatMap((one) => this.#argument(one))
    const alias = given.length > 0 || this.#random.chance(0.2) ? `${this.#name('f')}: ` : ''
    const list = given.length > 0 ? `(${given.join(', ')})` : ''
    const below = isCompositeType(value) ? ` ${this.#selection(value, depth - 1)}` : ''
    return `${alias}${field.name}${list}${this.#directive()}${below}`
  }

  /** Fragments: on an abstract type's own types, and now and then on the type itself. */
  #narrowed(type: GraphQLNamedType, depth: number): string[] {
    if (!isAbstractType(type) && !this.#random.chance(0.15)) return []
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type]
    const chosen = this.#random.pick(types)
    if (!isObjectType(chosen) || depth === 0) return []
    const below = this.#selection(chosen, depth - 1)
    if (this.#random.chance(0.5)) return [`... on ${chosen.name}${this.#directive()} ${below}`]
    const name = this.#name('F')
    this.#fragments.push(`fragment ${name} on ${chosen.name} ${below}`)
    const spread = `...${name}${this.#directive()}`
    return this.#random.chance(0.2) ? [spread, spread] : [spread]
  }

  #directive(): string {
    if (!this.#random.chance(0.08)) return ''
    const directive = this.#random.pick(['skip', 'include'])
    const value = this.#random.chance(0.5)
    if (this.#random.chance(0.5)) return ` @${directive}(if: ${value})`
    return ` @${directive}(if: ${this.#variable('Boolean!', value)})`
  }

  #argument({ name, type, defaultValue }: GraphQLArgument): string[] {
    const needed = isNonNullType(type) && defaultValue === undefined
    const paging = name === 'first'
    if (!needed && !paging && !this.#random.chance(0.15)) return []
    const value = paging ? 1 + this.#random.int(3) : this.#value(type, 2)
    const asVariable = this.#random.chance(0.4)
    return [`${name}: ${asVariable ? this.#variable(String(type), value) : literal(value, type)}`]
  }

  #variable(type: string, value: unknown): string {
    const name = this.#name('v')
    const nullable = !type.endsWith('!')
    const form = nullable ? this.#random.int(4) : 0
    if (form === 0) this.#variables[name] = value
    if (form === 1) this.#variables[name] = null
    this.#declared.push(`$${name}: ${type}`)
    return `$${name}`
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    if (!isNonNullType(type) && this.#random.chance(0.1)) return null
    const inner = getNullableType(type)
    if (isListType(inner)) {
      return Array.from({ length: this.#random.int(3) }, () => this.#value(inner.ofType, depth))
    }
    if (isEnumType(inner)) return this.#random.pick(inner.getValues()).name
    if (!isInputObjectType(inner)) return this.#random.pick(this.#samples[inner.name] ?? ['x'])
    const fields = Object.values(inner.getFields())
    const needed = fields.filter((one) => isNonNullType(one.type) && one.defaultValue === undefined)
    const others = fields.filter((one) => !needed.includes(one))
    const extra = depth > 0 && others.length > 0 ? [this.#random.pick(others)] : []
    return Object.fromEntries(
      [...needed, ...extra].map((one) => [one.name, this.#value(one.type, depth - 1)]),
    )
  }

  #name(prefix: string): string {
    this.#names++
    return `${prefix}${this.#names}`
  }
}

function literal(value: unknown, type: GraphQLInputType): string {
  const inner = getNullableType(type)
  if (value === null) return 'null'
  if (isListType(inner)) {
    return Array.isArray(value) ? `[${value.map((one) => literal(one, inner.ofType)).join(', ')}]` : 'null'
  }
  if (isEnumType(inner)) return typeof value === 'string' ? value : 'null'
  if (!isInputObjectType(inner)) return JSON.stringify(value)
  const fields = inner.getFields()
  const written = Object.entries(value as object).flatMap(([name, one]) => {
    const field = fields[name]
    return field ? [`${name}: ${literal(one, field.type)}`] : []
  })
  return `{ ${written.join(', ')} }`
}
