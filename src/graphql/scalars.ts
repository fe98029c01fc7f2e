// The scalars' texts, strict in what they take: a number that JSON has bent is refused, never rounded.
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import { ExactMoment } from '../lib/exact-moment.ts'
import { isDay } from '../lib/moment.ts'
import { isCurrency } from '../lib/money.ts'

/** `node` is the place in the document, when the value is written there. */
const refuse = (message: string, node?: ValueNode): never => {
  throw new GraphQLError(message, { nodes: node ?? null, extensions: { code: 'BAD_USER_INPUT' } })
}

const textOf = (value: unknown, what: string, node?: ValueNode): string =>
  typeof value === 'string' ? value : refuse(`a string is needed: ${what}`, node)

interface TextScalar<In> {
  readonly name: string
  readonly what: string
  readonly parse: (text: string) => In | undefined
  readonly serialize?: (value: unknown) => string
}

function textScalar<In>({
  name,
  what,
  parse,
  serialize = String,
}: TextScalar<In>): GraphQLScalarType<In, string> {
  const read = (value: unknown, node?: ValueNode): In => {
    const text = textOf(value, what, node)
    return parse(text) ?? refuse(`"${text.slice(0, 60)}" is not ${what}`, node)
  }
  return new GraphQLScalarType<In, string>({
    name,
    serialize,
    parseValue: (value) => read(value),
    parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : undefined, node),
  })
}

const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined)

const momentPattern = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/

/** Microseconds, as stamps have them: what is finer in the text is cut. */
function parseMoment(text: string): Date | undefined {
  if (!momentPattern.test(text)) return undefined
  const at = new Date(text.toUpperCase())
  // A moment that is none is not zero or more either.
  if (!isDay(text.slice(0, 10)) || !(at.getTime() >= 0)) return undefined
  const microseconds = /\.\d{3}(\d{1,3})/.exec(text)?.[1]?.padEnd(3, '0') ?? '000'
  return microseconds === '000' ? at : new ExactMoment(at, microseconds)
}

const parseDate = (text: string) => (isDay(text) ? text : undefined)

const serializeMoment = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : String(value)

export const scalars = {
  DateTime: textScalar({
    name: 'DateTime',
    what: 'a moment such as 2026-03-01T12:30:00Z, from 1970 on',
    parse: parseMoment,
    serialize: serializeMoment,
  }),
  Date: textScalar({ name: 'Date', what: 'a date such as 1990-12-31', parse: parseDate }),
  Decimal: textScalar({
    name: 'Decimal',
    what: 'a decimal number in a string such as "12.34"',
    parse: matching(/^-?(0|[1-9]\d{0,17})(\.\d{1,18})?$/),
  }),
  BigInt: textScalar({
    name: 'BigInt',
    what: 'an integer in a string such as "1234"',
    parse: (text) => (/^-?(0|[1-9]\d{0,17})$/.test(text) ? BigInt(text) : undefined),
  }),
  CurrencyCode: textScalar({
    name: 'CurrencyCode',
    what: 'the code of a known currency such as EUR',
    parse: (text) => (isCurrency(text) ? text : undefined),
  }),
  EventCursor: textScalar({
    name: 'EventCursor',
    what: 'an event cursor',
    parse: matching(/^[\w-]{1,2000}$/),
  }),
  JSONObject: new GraphQLScalarType({
    name: 'JSONObject',
    parseValue: () => refuse('a JSON object cannot be given'),
    parseLiteral: () => refuse('a JSON object cannot be given'),
  }),
}
