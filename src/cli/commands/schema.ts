import { Command } from 'commander'
import { parse, print as printDocument } from 'graphql'
import { print } from '../output.ts'
import { schemaText } from '../schema-text.ts'

export const schemaCommand = (): Command =>
  new Command('schema')
    .summary('print the GraphQL schema (SDL)')
    .description(
      'Prints the GraphQL schema in one document: for code generators, linters and editors. ' +
        'Needs neither a database nor a running server.',
    )
    .addHelpText('after', '\nExample:\n  npm run -s pitboss -- schema > pitboss.graphql')
    .action(() => {
      print(printDocument(parse(schemaText())))
    })
