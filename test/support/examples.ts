import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getOperationAST, OperationTypeNode, parse } from 'graphql'

const folder = join(import.meta.dirname, '../../src/console/graphiql/examples')

export interface Example {
  /** The file's name without its ending: `01-latest-bets`. */
  readonly file: string
  readonly text: string
}

/** The example tabs of GraphiQL, as they stand in their files. */
export const examples: readonly Example[] = globSync('*.graphql', { cwd: folder })
  .toSorted()
  .map((name) => ({ file: name.replace('.graphql', ''), text: readFileSync(join(folder, name), 'utf8') }))

/** Those that are no subscriptions. */
export const exampleQueries = examples.filter(
  ({ text }) => getOperationAST(parse(text))?.operation === OperationTypeNode.QUERY,
)
