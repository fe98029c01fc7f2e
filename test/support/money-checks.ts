import { invariants } from '../../src/domain/invariants/list.ts'
import { runInvariants } from '../../src/domain/invariants/run-invariants.ts'
import { analyze } from './analyze.ts'
import type { TestDatabase } from './database.ts'

/** All but links: tests of the money make up players' brands and the like. */
const only = [...new Set(invariants.map(({ id }) => id))].filter((id) => id !== 'LINKS')

/** The invariants that do not hold, each as `I3 what must hold: what does not`; empty when all do. */
export async function moneyViolations(sql: TestDatabase['sql']): Promise<string[]> {
  await analyze(sql)
  const results = await runInvariants({ sql }, { only })
  return results
    .filter(({ verdict }) => verdict !== 'HOLDS')
    .map(({ id, says, first }) => `${id} ${says}: ${first.join('; ')}`)
}
