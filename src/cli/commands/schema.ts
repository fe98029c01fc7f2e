import { Command } from 'commander'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse, print as printDocument } from 'graphql'
import { print } from '../output.ts'

const folder = join(import.meta.dirname, '../../../schema')

export const schemaCommand = (): Command =>
  new Command('schema')
    .summary('print the GraphQL schema (SDL)')
    .description(
      'Prints the GraphQL schema in one document: for code generators, linters and editors. ' +
        'Needs neither a database nor a running server.',
    )
    .addHelpText('after', '\nExample:\n  npm run -s pitboss -- schema > pitboss.graphql')
    .action(() => {
      const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'))
      const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
      print(printDocument(parse(text)))
    })
