import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Transport, transports, type Verdict } from '../support/transports.ts'

let hasty: TestApp
let patient: TestApp

beforeAll(async () => {
  hasty = await startTestApp({ config: { statementTimeoutMs: 200 } })
  patient = await startTestApp({ beside: hasty })
})
afterAll(async () => {
  await patient?.close()
  await hasty?.close()
})

/** Asks while nobody can read the table. */
async function withLocked(table: string, work: () => Promise<Verdict>): Promise<Verdict> {
  const holder = await hasty.database.sql.reserve()
  try {
    await holder`begin`
    await holder.unsafe(`lock table ${table} in access exclusive mode`)
    return await work()
  } finally {
    await holder`rollback`
    holder.release()
  }
}

const told = ({ errors }: Verdict) =>
  errors.map(({ message, path, extensions: { errorId: _id, ...rest } }) => ({ message, path, ...rest }))

const lists: Record<string, string> = {
  'a list': '{ bets(first: 5) { nodes { id } } viewer { role } }',
  totals: '{ bets(first: 5) { totals { count } } viewer { role } }',
  'a count': '{ bets(first: 5) { totalCount { value } } viewer { role } }',
}

describe.each(transports)('over %s', (_, run: Transport) => {
  it.each(Object.entries(lists))(
    '%s that takes too long says so, and the rest is answered',
    async (_says, query) => {
      const verdict = await withLocked('bets', () => run(hasty, query))
      expect(told(verdict)).toEqual([
        {
          message: 'the operation took too long: the limit of a statement is 200 ms',
          path: expect.arrayContaining(['bets']) as unknown,
          code: 'TIMEOUT',
          limit: 'statementMs',
          most: 200,
        },
      ])
      expect(verdict.data).toMatchObject({ viewer: { role: 'ADMIN' } })
    },
  )

  it('what waits for a lock for too long says so', async () => {
    const verdict = await withLocked('bets', () => run(patient, lists['a list'] ?? ''))
    expect(told(verdict)).toEqual([
      { message: 'what the operation reads is locked; try again', path: ['bets'], code: 'TIMEOUT' },
    ])
  })

  it('what is asked afterwards is answered', async () => {
    const { data, errors } = await run(hasty, lists['a list'] ?? '')
    expect({ data, errors }).toEqual({ data: { bets: { nodes: [] }, viewer: { role: 'ADMIN' } }, errors: [] })
  })
})
