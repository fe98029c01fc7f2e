// What a change of the schema may do to clients that exist. Additions are free; whatever takes something away, or
// changes what a document means, has to be accepted in the golden file's head, with its reason.
import {
  buildSchema,
  type BreakingChange,
  type DangerousChange,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql'

/** graphql-js calls these dangerous; they only add, and clients are told to expect new values and types. */
const additions: readonly string[] = [
  DangerousChangeType.VALUE_ADDED_TO_ENUM,
  DangerousChangeType.TYPE_ADDED_TO_UNION,
  DangerousChangeType.IMPLEMENTED_INTERFACE_ADDED,
  DangerousChangeType.OPTIONAL_INPUT_FIELD_ADDED,
  DangerousChangeType.OPTIONAL_ARG_ADDED,
]

const ACCEPTED = /^# accepted: (.+?) Reason: \S.*$/

/** What of the change from one schema to the other can break a client, a line each. */
export const breaks = (before: GraphQLSchema, after: GraphQLSchema): string[] =>
  [...findBreakingChanges(before, after), ...findDangerousChanges(before, after)]
    .filter(({ type }: BreakingChange | DangerousChange) => !additions.includes(type))
    .map(({ type, description }) => `${type}: ${description}`)
    .toSorted()

/** The lines at the top of the golden file: what it is, and which breaks were accepted. */
export const headOf = (golden: string): string[] => {
  const lines = golden.split('\n')
  return lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('#')),
  )
}

export const acceptedIn = (golden: string): string[] =>
  headOf(golden).flatMap((line) => ACCEPTED.exec(line)?.[1] ?? [])

/** What the golden file holds of a schema: sorted, and without descriptions, which may change. */
export function bareSdl(schema: GraphQLSchema): string {
  const document = parse(printSchema(lexicographicSortSchema(schema)))
  return `${print(visit(document, { StringValue: (_node, key) => (key === 'description' ? null : undefined) }))}\n`
}

export const schemaOf = (golden: string): GraphQLSchema => buildSchema(golden)
