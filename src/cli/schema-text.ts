import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../schema')

/** The GraphQL schema in one text, without the resolvers: they take long to load. */
export function schemaText(): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'))
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
}
