// What a script's own project has as its codegen.ts, but for the schema: there it is the file that
// `pitboss schema print` writes.
import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  documents: 'test/contract/typed-client/*.ts',
  silent: true,
  importExtension: '.ts',
  generates: {
    'test/contract/typed-client/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        strictScalars: true,
        enumsAsTypes: true,
        scalars: {
          DateTime: 'string',
          Date: 'string',
          Decimal: 'string',
          BigInt: 'string',
          CurrencyCode: 'string',
          JSONObject: 'Record<string, unknown>',
          EventCursor: 'string',
        },
      },
    },
  },
}

export default config
