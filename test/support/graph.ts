// The schema over a real database, without the server around it and without access rules: what reading itself does.
import { makeExecutableSchema } from '@graphql-tools/schema'
import { type DocumentNode, type GraphQLSchema, parse, validate } from 'graphql'
import { expect } from 'vitest'
import { openDatabase } from '../../src/db/connection.ts'
import type { Actor } from '../../src/domain/context.ts'
import { type Permission, permissions } from '../../src/domain/operators/permissions.ts'
import type { GraphContext } from '../../src/graphql/context.ts'
import { chooseColumns } from '../../src/graphql/choose-columns.ts'
import { openExecutor } from '../../src/graphql/execution/executor.ts'
import { sendLinks } from '../../src/db/link-reads.ts'
import { readValues } from '../../src/db/rows.ts'
import { createLoaders } from '../../src/graphql/loaders/create.ts'
import { resolvers, typeDefs } from '../../src/graphql/schema.ts'
import { quoteKeys } from '../../src/integrations/registry.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { TestDatabase } from './database.ts'
import type { Asked } from './plans.ts'

export interface Answer {
  readonly data: unknown
  readonly errors: readonly string[]
  /** The names of the statements that it took, in order. */
  readonly statements: readonly string[]
}

export interface Graph {
  readonly schema: GraphQLSchema
  ask(query: string, variables?: object, brandIds?: readonly string[]): Promise<Answer>
  close(): Promise<void>
}

export function openGraph(
  testDatabase: TestDatabase,
  ofBrands: readonly string[],
  note?: (asked: Asked) => void,
): Graph {
  const { target } = testDatabase
  const options = { target, poolMax: 4, statementTimeoutMs: 10_000, applicationName: 'pitboss test' }
  const database = openDatabase(options)
  const schema = makeExecutableSchema({ typeDefs, resolvers })
  const execute = openExecutor(schema, chooseColumns)
  const documents = new Map<string, DocumentNode>()
  function documentOf(query: string): DocumentNode {
    const known = documents.get(query)
    if (known) return known
    const document = parse(query)
    expect(validate(schema, document).map(({ message }) => message)).toEqual([])
    documents.set(query, document)
    return document
  }
  return {
    schema,
    async ask(query, variables = {}, brandIds = ofBrands) {
      const statements: string[] = []
      const result = await execute({
        document: documentOf(query),
        variableValues: variables as Record<string, unknown>,
        contextValue: graphContext(database, brandIds, statements, nearlyAll, note),
      })
      const errors = result.errors?.map(({ message }) => message) ?? []
      return { data: JSON.parse(JSON.stringify(result.data ?? null)), errors, statements }
    },
    close: () => database.close(),
  }
}

/** Who manages providers sees those of other brands too. */
const nearlyAll = permissions.filter((one) => one !== 'PROVIDERS_MANAGE')

export function graphContext(
  database: ReturnType<typeof openDatabase>,
  brandIds: readonly string[],
  statements: string[],
  held: readonly Permission[] = nearlyAll,
  note?: (asked: Asked) => void,
): GraphContext {
  const actor: Actor = {
    kind: 'OPERATOR',
    id: null,
    permissions: new Set(held),
    brandIds: new Set(brandIds),
  }
  const sql = noting(database.sql, statements, note)
  if (note) {
    const links = noting(database.sql, statements, (asked) => note({ ...asked, link: true }))
    sendLinks(sql, [(text, parameters) => readValues(links, text, parameters)])
  }
  const scoped = { sql, db: database.db, clock: systemClock, log: silentLog, actor, wanted: {} }
  const viewer = { permissions: actor.permissions, brandIds: actor.brandIds }
  const engine = { ports: { inquiryOf: () => undefined } }
  return { ...scoped, viewer, engine, quoteKeys, loaders: createLoaders(scoped) } as unknown as GraphContext
}

/** Every statement of the read side goes through `unsafe` and begins with a comment that names it. */
function noting<Sql extends ReturnType<typeof openDatabase>['sql']>(
  sql: Sql,
  statements: string[],
  note?: (asked: Asked) => void,
): Sql {
  return new Proxy(sql, {
    apply(target, that, args: [TemplateStringsArray, ...unknown[]]) {
      statements.push(args[0].raw?.join('?') ?? 'fragment')
      return Reflect.apply(target as never, that, args)
    },
    get(target, name) {
      if (name !== 'unsafe') return Reflect.get(target, name)
      return (text: string, ...rest: unknown[]) => {
        note?.({ text, parameters: (rest[0] ?? []) as string[] })
        statements.push(/\/\* (.*?) \*\//.exec(text)?.[1] ?? text)
        return target.unsafe(text, ...(rest as []))
      }
    },
  })
}
