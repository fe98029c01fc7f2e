import { makeExecutableSchema } from '@graphql-tools/schema'
import { expect, it } from 'vitest'
import { accessMatrix } from '../support/access-matrix.ts'
import { resolvers, typeDefs } from '../../src/graphql/schema.ts'

it('who may read and do what is as it was agreed', async () => {
  const matrix = accessMatrix(makeExecutableSchema({ typeDefs, resolvers }))
  const how = 'a change that is meant is accepted by: npm test -- test/contract/access-matrix.test.ts -u'
  await expect(matrix, how).toMatchFileSnapshot('access-matrix.golden.txt')
})
