import { Command } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { loadDocuments } from '../../domain/operators/load-documents.ts'
import { allDocuments } from '../../domain/operators/queries.ts'
import { removeDocuments } from '../../domain/operators/remove-documents.ts'
import { Problem } from '../../lib/problem.ts'
import { asSystem } from '../command-context.ts'
import { print, printTable } from '../output.ts'
import { readManifest } from '../read-manifest.ts'

export const documentsCommand = (): Command =>
  new Command('documents')
    .summary('load, list and remove trusted GraphQL documents')
    .description(
      'Trusted documents are run by the SHA-256 of their text. The roles in TRUSTED_ONLY_ROLES run no others.',
    )
    .addHelpText('after', '\nExample:\n  npm run pitboss -- documents load persisted-documents.json')
    .addCommand(loadCommand())
    .addCommand(listCommand())
    .addCommand(removeCommand())

const loadCommand = (): Command =>
  new Command('load')
    .summary('register the documents of a manifest')
    .description(
      "Registers the documents of a manifest: a JSON object of hashes and texts, as graphql-codegen's client preset " +
        "writes it with hashAlgorithm: 'sha256', or the manifest of Apollo's generate-persisted-query-manifest. " +
        'All must be valid against the schema and within its limits, or none is loaded. Loading again is harmless.',
    )
    .argument('<file>', 'the manifest')
    .option('--replace', 'remove all documents that the manifest does not have', false)
    .addHelpText('after', '\nExample:\n  npm run pitboss -- documents load src/gql/persisted-documents.json')
    .action(async (file: string, options: { readonly replace: boolean }) => {
      const documents = readManifest(file)
      const loaded = await asSystem(readDatabaseConfig(), (ctx) => loadDocuments(ctx, documents, options))
      const { added, known, removed } = loaded
      print(`${added} added, ${known} known already${options.replace ? `, ${removed} removed` : ''}`)
    })

const listCommand = (): Command =>
  new Command('list')
    .summary('list the documents')
    .description('Lists all trusted documents: id, the names of its operations, since when.')
    .addHelpText('after', '\nExample:\n  npm run pitboss -- documents list')
    .action(async () => {
      const rows = await asSystem(readDatabaseConfig(), allDocuments)
      printTable(
        ['DOCUMENT', 'NAME', 'SINCE'],
        rows.map((row) => [`sha256:${row.hash}`, row.name, row.added_at.toISOString().slice(0, 10)]),
      )
    })

const removeCommand = (): Command =>
  new Command('remove')
    .summary('forget documents')
    .description('Removes documents: within a second no process runs them any more.')
    .argument('<documents...>', 'their ids, as `documents list` shows them')
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- documents remove ' +
        'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
    )
    .action(async (ids: readonly string[]) => {
      const hashes = ids.map((id) => {
        const [, hash] = /^(?:sha256:)?([0-9a-f]{64})$/.exec(id) ?? []
        if (hash === undefined) throw new Problem('OPTIONS', `${id} is no id as \`documents list\` shows it`)
        return hash
      })
      await asSystem(readDatabaseConfig(), (ctx) => removeDocuments(ctx, hashes))
      print(`removed ${hashes.length}`)
    })
