import { DrizzleQueryError } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openLog } from '../../src/server/log.ts'

function lineOf(error: Error): string {
  const lines: string[] = []
  openLog('info', { write: (line) => void lines.push(line) }).error(
    { err: error, requestId: 'r-1' },
    'it failed',
  )
  return lines.join('')
}

const refused = (detail: string) =>
  Object.assign(new Error('a constraint is violated'), { code: '23514', detail })

test('a statement that failed is told without its values', () => {
  const values = ['ana@example.com', 'Ana Borg', Buffer.from([7, 200])]
  const failed = new DrizzleQueryError('insert into "players" values ($1, $2, $3)', values, refused('x'))
  const line = lineOf(new Error('a verb failed', { cause: failed }))
  expect(line).not.toMatch(/example\.com|Borg/)
  expect(JSON.parse(lineOf(failed))).toMatchObject({
    requestId: 'r-1',
    err: {
      type: 'DrizzleQueryError',
      message: 'Failed query: insert into "players" values ($1, $2, $3): a constraint is violated',
    },
  })
  expect(lineOf(failed)).not.toMatch(/example\.com|Borg/)
})

test('the row that PostgreSQL refuses is left out, other details are told', () => {
  expect(lineOf(refused('Failing row contains (1, ana@example.com).'))).not.toContain('ana@')
  expect(JSON.parse(lineOf(refused('Key (code)=(riviera) already exists.')))).toMatchObject({
    err: { code: '23514', detail: 'Key (code)=(riviera) already exists.' },
  })
})
