// The whole schema with made-up values in place of the database: what graphql-js answers to a query is what the
// planned execution answers, values that fail, come late or are missing included.
import { makeExecutableSchema } from '@graphql-tools/schema'
import {
  execute,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  parse,
  validate,
} from 'graphql'
import { expect, test } from 'vitest'
import { openExecutor } from '../../../src/graphql/execution/executor.ts'
import { resolvers, typeDefs } from '../../../src/graphql/schema.ts'
import { type Random, seeded } from '../../support/random.ts'
import { randomQuery, samplesWith } from '../../support/random-query.ts'
import { type Shown, shown } from '../../support/shown-result.ts'

const samples = samplesWith(['one', 'two'], ['a', 'b'])

interface Faults {
  /** Shares of all values. */
  readonly errors: number
  readonly nulls: number
  readonly late: number
}

const printed: Readonly<Record<string, unknown>> = {
  Int: 7,
  Float: 1.5,
  Boolean: true,
  JSONObject: { a: [1] },
}

/** What a field gives depends on where it stands and with what arguments, not on when it is asked. */
function made(schema: GraphQLSchema, faults: Faults, seed: number) {
  function value(type: GraphQLOutputType, random: Random, nullable = true): unknown {
    if (isNonNullType(type)) return value(type.ofType, random, false)
    if (random.chance(faults.errors)) return new GraphQLError('an error for a value')
    if (random.chance(nullable ? 0.1 : faults.nulls)) return null
    if (isListType(type)) return Array.from({ length: random.int(4) }, () => value(type.ofType, random))
    if (isEnumType(type)) return random.pick(type.getValues()).value
    if (isScalarType(type)) return printed[type.name] ?? 'text'
    if (isAbstractType(type)) return { __typename: random.pick(schema.getPossibleTypes(type)).name }
    return {}
  }
  return (_: unknown, args: object, __: unknown, info: GraphQLResolveInfo) => {
    const random = seeded(hash(`${seed} ${pathText(info.path)} ${JSON.stringify(args, bigints)}`))
    const late = random.chance(faults.late)
    if (!random.chance(faults.errors)) {
      const given = value(info.returnType, random)
      return late ? Promise.resolve(given) : given
    }
    const error = new Error(`${info.parentType.name}.${info.fieldName} failed`)
    if (late) return Promise.reject(error)
    throw error
  }
}

const bigints = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
const pathText = (path: GraphQLResolveInfo['path'] | undefined): string =>
  path ? `${pathText(path.prev)}.${path.typename ?? ''}:${path.key}` : ''

function hash(text: string): number {
  let state = 2_166_136_261
  for (const char of text) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 16_777_619)
  return state >>> 0
}

/** The schema as it is declared, all of whose fields give made-up values. */
function madeUp(faults: Faults, seed: number): GraphQLSchema {
  const scalars = Object.entries(resolvers).filter(([name]) => name in printed || name in samples)
  const schema = makeExecutableSchema({ typeDefs, resolvers: Object.fromEntries(scalars) })
  const resolve = made(schema, faults, seed)
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) field.resolve = resolve
  }
  return schema
}

type Check = (ours: Shown, theirs: Shown, query: string) => void

/** Until so many valid queries have been compared, half of which fail when there are faults. */
async function compare(faults: Faults, check: Check) {
  const schema = madeUp(faults, 1)
  const planned = openExecutor(schema)
  let wanted = { whole: 75, failing: faults.errors > 0 ? 75 : 0 }
  for (let seed = 1; wanted.whole > 0 || wanted.failing > 0; seed++) {
    const { query, variables } = randomQuery(schema, seeded(seed), samples)
    const document = parse(query)
    if (validate(schema, document).length > 0) continue
    const theirs = await quietly(async () => execute({ schema, document, variableValues: variables }))
    if (theirs.errors) wanted = { ...wanted, failing: wanted.failing - 1 }
    else wanted = { ...wanted, whole: wanted.whole - 1 }
    // Along a new plan, and along one that is known.
    for (const turn of ['first', 'second']) {
      const ours = await planned({ document, variableValues: variables })
      check(shown(ours), shown(theirs), `seed ${seed}, ${turn} turn: ${query} ${JSON.stringify(variables)}`)
    }
  }
}

/** graphql-js forgets items of a list that are under way when another one fails: nobody catches what they throw. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', () => undefined)
  try {
    const result = await work()
    await new Promise((resolve) => setImmediate(resolve))
    return result
  } finally {
    process.removeAllListeners('unhandledRejection')
    for (const one of listeners) process.on('unhandledRejection', one)
  }
}

const exactly: Check = (ours, theirs, query) => expect(ours, query).toEqual(theirs)

test('a planned query gives what graphql-js gives', () =>
  compare({ errors: 0, nulls: 0, late: 0.3 }, exactly))

test('so it does when values fail: the same errors, in the same places', () =>
  compare({ errors: 0.01, nulls: 0.01, late: 0 }, exactly))

test('when values fail late, of several errors that blank one thing another one may be told', () =>
  compare({ errors: 0.005, nulls: 0.005, late: 0.3 }, (ours, theirs, query) => {
    expect(ours.data, query).toBe(theirs.data)
    expect(ours.blanked, query).toEqual(theirs.blanked)
  }))
