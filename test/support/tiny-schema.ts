import { readFileSync } from 'node:fs'
import { parse } from 'graphql'
import type { SchemaParts } from '../../src/graphql/executable.ts'

const wanted = ['auth', 'public', 'pii', 'PiiMask', 'Permission']

/** The project's own words of access, and nothing else of its schema. */
const accessWords = ['base', 'operators']
  .flatMap(
    (name) =>
      parse(readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8')).definitions,
  )
  .filter((one) => 'name' in one && wanted.includes(one.name?.value ?? ''))

/** A schema of a few fields, to be served by the real server: for what the real one never does. */
export const tinySchema = (sdl: string, resolvers: SchemaParts['resolvers'] = {}): SchemaParts => ({
  typeDefs: [{ kind: 'Document', definitions: accessWords } as ReturnType<typeof parse>, sdl],
  resolvers,
})
