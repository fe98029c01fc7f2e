import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invariants } from '../../../src/domain/invariants/list.ts'
import { type InvariantResult, runInvariants } from '../../../src/domain/invariants/run-invariants.ts'
import { analyze } from '../../support/analyze.ts'
import { openTrueBooks, type TrueBooks } from '../../support/true-books.ts'
import type { Plant } from '../../support/planting.ts'
import { plants } from '../../support/plants.ts'

let books: TrueBooks
beforeAll(async () => {
  books = await openTrueBooks()
  await analyze(books.sql)
})
afterAll(() => books.close())

const broken = (results: readonly InvariantResult[]) => results.filter(({ verdict }) => verdict !== 'HOLDS')

/** Plants, as a superuser who takes away what stands in the way; looks; and takes it all back. */
async function found({ spoil, row }: Plant): Promise<{ results: InvariantResult[]; row: string }> {
  const undo = new Error('undo')
  let seen: { results: InvariantResult[]; row: string } | undefined
  const looking = books.sql.begin(async (sql) => {
    const [named] = await sql.unsafe<{ name: string }[]>(`select (${row})::text as name`)
    for (const statement of spoil) {
      const { count, command } = await sql.unsafe(statement)
      if (command === 'UPDATE' || command === 'DELETE' || command === 'INSERT') expect(count).toBe(1)
    }
    seen = { results: broken(await runInvariants({ sql })), row: named?.name ?? 'no row was named' }
    throw undo
  })
  await expect(looking).rejects.toBe(undo)
  return seen ?? expect.fail('nothing was looked at')
}

test('true books hold', async () => {
  expect(broken(await runInvariants(books))).toEqual([])
})

describe('each invariant is found broken, and the row named:', () => {
  test.each(plants)('$id $says', async (plant) => {
    const { results, row } = await found(plant)
    expect(results.map(({ verdict }) => verdict)).not.toContain('UNCHECKED')
    expect([...new Set(results.map(({ id }) => id))]).toEqual(plant.breaks)
    const mine = results.find(({ says }) => says === plant.says)
    expect(mine?.first.join('\n')).toContain(row)
  })

  test('none is left out', () => {
    const untried = invariants.filter(({ says }) => !plants.some((plant) => plant.says === says))
    expect(untried.map(({ id }) => id)).toEqual(['I18'])
  })
})
