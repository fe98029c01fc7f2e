/** What a document may have at most. Fields are counted with everything that is spread, those of the schema not. */
export const limits = {
  tokens: 2000,
  depth: 15,
  fields: 2000,
  aliases: 15,
  directives: 9,
  mutations: 4,
  errors: 5,
} as const

export const parseOptions = { maxTokens: limits.tokens } as const
export const validationOptions = { maxErrors: limits.errors } as const
