import type { CodegenConfig } from '@graphql-codegen/cli'

// Reads the printed schema and not the code: this file is loaded as CommonJS, and a second graphql with it.
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'schema/operations/*.graphql',
  generates: {
    'schema/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        importExtension: '.ts',
        scalars: { ID: 'string', DateTime: 'string', Date: 'string' },
      },
    },
  },
}

export default config
