import { join } from 'node:path'
import { ESLint } from 'eslint'
import {
  buildSchema,
  getNamedType,
  getNullableType,
  type GraphQLNamedType,
  isAbstractType,
  isListType,
  isObjectType,
} from 'graphql'
import { expect, test } from 'vitest'
import { typeDefs } from '../../src/graphql/schema.ts'
import { excepted, lintConfig, plainLists, withoutIdentity } from './schema-lint.ts'

const root = join(import.meta.dirname, '../..')
const schema = buildSchema(typeDefs.join('\n'))
const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type))

const lint = (overrideConfig: ESLint.Options['overrideConfig']) =>
  new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: overrideConfig ?? [] })

/** What was found, and where: the rule, and the name that it points at. */
const complaintsOf = (results: readonly ESLint.LintResult[]) =>
  results.flatMap(({ messages, source = '' }) =>
    messages.map(({ ruleId, message, line, column }) => {
      const name = /^\w+/.exec(source.split('\n')[line - 1]?.slice(column - 1) ?? '')?.[0] ?? ''
      return { rule: ruleId?.replace('@graphql-eslint/', '') ?? '', name, message }
    }),
  )

const hasIdentity = (type: GraphQLNamedType): boolean =>
  type.name === 'Node' ||
  ('getInterfaces' in type && type.getInterfaces().some(({ name }) => name === 'Node')) ||
  (isAbstractType(type) && schema.getPossibleTypes(type).every(hasIdentity))

test('@graphql-eslint finds nothing but what is excepted', async () => {
  const results = await lint(lintConfig).lintFiles(['schema/*.graphql'])
  expect(results.length).toBe(typeDefs.length)
  const found = complaintsOf(results)
  expect(found.filter(({ rule, name }) => excepted[rule]?.[name] === undefined)).toEqual([])
  const idle = Object.entries(excepted).flatMap(([rule, names]) =>
    Object.keys(names).filter((name) => !found.some((one) => one.rule === rule && one.name === name)),
  )
  expect(idle).toEqual([])
})

test('it would find a type without an id and a page without a cursor', async () => {
  const sdl = `
    "One." type One { "Its name." name: String! }
    "A page." type OneConnection { "Its lines." edges: [OneEdge!]! "Where it stands." pageInfo: PageInfo! }
    "A line." type OneEdge { "One." node: One! }
    "Where a page stands." type PageInfo { "More." hasNextPage: Boolean! }
    "All." type Query { "Ones." ones: OneConnection }`
  const parserOptions = { graphQLConfig: { schema: sdl } }
  const languageOptions = { ...lintConfig.languageOptions, parserOptions }
  const config = { ...lintConfig, files: ['**/*.graphql'], languageOptions }
  const found = complaintsOf(await lint(config).lintText(sdl, { filePath: 'one.graphql' }))
  expect(found.map(({ rule, name }) => `${rule} ${name}`)).toEqual([
    'strict-id-in-types One',
    'relay-edge-types OneEdge',
    'relay-edge-types OneEdge',
    'relay-page-info PageInfo',
    'relay-page-info PageInfo',
    'relay-page-info PageInfo',
    'relay-arguments ones',
  ])
})

test('every type that is excepted from having an id is there, and has none', () => {
  const without = objects.filter((type) => !hasIdentity(type)).map(({ name }) => name)
  expect(Object.keys(withoutIdentity).filter((name) => !without.includes(name))).toEqual([])
})

test('lists of things with an id are connections, but for the short ones', () => {
  const lists = objects
    .filter(({ name }) => !name.endsWith('Connection'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
    .filter(({ field }) => isListType(getNullableType(field.type)) && hasIdentity(getNamedType(field.type)))
    .map(({ type, field }) => `${type.name}.${field.name}`)
  expect(lists.toSorted()).toEqual(Object.keys(plainLists).toSorted())
})
