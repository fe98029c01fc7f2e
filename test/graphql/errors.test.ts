import { GraphQLError } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GraphContext } from '../../src/graphql/context.ts'
import { refused } from '../../src/graphql/errors.ts'
import { Problem } from '../../src/lib/problem.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { tinySchema } from '../support/tiny-schema.ts'
import { codesOf, transports } from '../support/transports.ts'

const sdl = `
  type Query {
    driver: String @public
    thrown: String @public
    forged: String @public
    problem: String @public
    listed: String @public
    meant: String @public
    missing: Thing @public
    slow: String @public
    thing: String @public
  }
  type Thing @public { id: ID! }
`

const fail = (error: unknown) => () => {
  throw error
}

const schema = tinySchema(sdl, {
  Query: {
    driver: (_source: unknown, _args: object, { sql }: GraphContext) => sql`select canary from no_such_table`,
    thrown: fail(new TypeError('secret of 10.1.2.3')),
    forged: fail(new GraphQLError('secret of 10.1.2.3', { extensions: { code: 'FORBIDDEN' } })),
    problem: fail(new Problem('CURSOR_INVALID', 'the cursor is of another list', 'after')),
    listed: fail(new Problem('CURSOR_EXPIRED', 'the cursor is too old')),
    meant: fail(refused('CONFLICT', 'somebody was faster', { version: 7 })),
    missing: () => ({}),
    slow: (_source: unknown, _args: object, { sql }: GraphContext) => sql`select pg_sleep(5)`,
  },
})

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp({ schema, config: { statementTimeoutMs: 200 } })
})
afterAll(() => pitboss?.close())

describe.each(transports)('over %s', (_name, run) => {
  it.each(['driver', 'thrown', 'forged', 'missing { id }'])('what %s throws is masked', async (field) => {
    const { errors, data } = await run(pitboss, `{ ${field} }`)
    const [name] = field.split(' ')
    expect(data).toEqual({ [name ?? '']: null })
    expect(errors).toHaveLength(1)
    const [error] = errors
    expect(error?.message).toBe('Internal error')
    expect(Object.keys(error?.extensions ?? {}).sort()).toEqual(['code', 'errorId'])
    expect(error?.extensions.code).toBe('INTERNAL')
    expect(JSON.stringify(error)).not.toMatch(/no_such_table|canary|select|secret|10\.1\.2\.3|nullable/)
  })

  it('a masked error is found whole in the log by its errorId', async () => {
    const { errors } = await run(pitboss, '{ driver }')
    const errorId = errors[0]?.extensions.errorId ?? 'none'
    const lines = pitboss.logLines.filter((line) => line.includes(errorId))
    expect(lines).toHaveLength(1)
    const said = JSON.parse(lines[0] ?? '{}') as Record<string, unknown>
    expect(said).toMatchObject({ level: 'error', msg: 'an error was masked', path: 'driver' })
    expect(said['err']).toMatchObject({
      code: '42P01',
      message: 'relation "no_such_table" does not exist',
    })
    expect(said['requestId']).toMatch(/^[\w.:-]+$/)
  })

  it('a refusal of the domain is told with its field and reason', async () => {
    const { errors } = await run(pitboss, '{ problem listed }')
    expect(
      errors.map(({ message, extensions: { errorId: _id, ...rest } }) => ({ message, ...rest })),
    ).toEqual([
      {
        message: 'the cursor is of another list',
        code: 'BAD_USER_INPUT',
        reason: 'CURSOR_INVALID',
        field: 'after',
      },
      { message: 'the cursor is too old', code: 'CURSOR_EXPIRED' },
    ])
  })

  it('an error that is meant for outside keeps its details', async () => {
    const { errors } = await run(pitboss, '{ meant }')
    expect(errors).toMatchObject([
      { message: 'somebody was faster', path: ['meant'], extensions: { code: 'CONFLICT', version: 7 } },
    ])
  })

  it('a statement that takes too long is TIMEOUT', async () => {
    const verdict = await run(pitboss, '{ slow }')
    expect(codesOf(verdict)).toEqual(['TIMEOUT'])
    expect(verdict.errors[0]?.message).toBe('the operation took too long: the limit of a statement is 200 ms')
    expect(verdict.errors[0]?.extensions).toMatchObject({ limit: 'statementMs', most: 200 })
  })
})
