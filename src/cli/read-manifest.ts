import { buildSchema, type GraphQLSchema, Kind, parse, specifiedRules, validate } from 'graphql'
import { documentHash, type NewDocument } from '../domain/operators/load-documents.ts'
import { parseOptions } from '../graphql/limit-values.ts'
import { limitRules } from '../graphql/limits.ts'
import { Problem } from '../lib/problem.ts'
import { readText } from './read-text.ts'
import { schemaText } from './schema-text.ts'

const mistakesShown = 20

/** The documents of a manifest of the client preset or of Apollo. A Problem tells all that is wrong with them. */
export function readManifest(file: string): NewDocument[] {
  const entries = entriesOf(file)
  const schema = buildSchema(schemaText())
  const mistakes: string[] = []
  const documents = entries.map(([id, text]) => {
    const hash = documentHash(text)
    const found = id.replace(/^sha256:/, '') === hash ? mistakesIn(schema, text) : [notItsHash]
    mistakes.push(...found.map((one) => `${id.slice(0, 80)}: ${one}`))
    return { name: found.length === 0 ? nameOf(text) : '', text }
  })
  if (mistakes.length > 0) {
    const shown = mistakes.slice(0, mistakesShown)
    if (mistakes.length > shown.length) shown.push(`and ${mistakes.length - shown.length} more`)
    throw new Problem(
      'MANIFEST',
      `${file}: no document was loaded\n${shown.map((one) => `  ${one}`).join('\n')}`,
    )
  }
  return documents
}

const notItsHash = "is not the SHA-256 of its text; the client preset makes that with hashAlgorithm: 'sha256'"

function entriesOf(file: string): [id: string, text: string][] {
  const wrong = (what: string) => new Problem('MANIFEST', `${file}: ${what}`)
  let read: unknown
  try {
    read = JSON.parse(readText(file, 'file'))
  } catch (error) {
    if (error instanceof Problem) throw error
    throw wrong('is no JSON')
  }
  if (typeof read !== 'object' || read === null) throw wrong('is no JSON object of hashes and texts')
  const { operations } = read as { operations?: unknown }
  const entries: [unknown, unknown][] = Array.isArray(operations)
    ? (operations as { id?: unknown; body?: unknown }[]).map((one) => [one?.id, one?.body])
    : Object.entries(read)
  if (entries.length === 0) throw wrong('has no documents')
  return entries.map(([id, text]) => {
    if (typeof id === 'string' && typeof text === 'string') return [id, text]
    throw wrong('is no JSON object of hashes and texts')
  })
}

function mistakesIn(schema: GraphQLSchema, text: string): string[] {
  try {
    const document = parse(text, parseOptions)
    return validate(schema, document, [...specifiedRules, ...limitRules]).map(({ message }) => message)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function nameOf(text: string): string {
  const operations = parse(text).definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)
  return operations.map(({ name, operation }) => name?.value ?? operation).join(', ')
}
