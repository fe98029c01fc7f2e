import type { ConnectionTarget } from '../../src/db/connection.ts'
import { type Lane, openLane, type Statement } from '../../src/db/lane.ts'
import { decide } from '../../src/domain/money/decide.ts'
import { emptyPile, fold } from '../../src/domain/money/fold.ts'
import { prefetch, toState } from '../../src/domain/money/prefetch.ts'
import type { Command, Verdict } from '../../src/domain/money/types.ts'
import { write } from '../../src/domain/money/write.ts'

export interface HeldBatch {
  readonly verdicts: readonly Verdict[]
  commit(): Promise<void>
  rollBack(): Promise<void>
}

/** Decides and writes as a process does, and stops before the COMMIT: locks and keys are held, nothing is seen. */
export async function holdBatch(target: ConnectionTarget, ...commands: Command[]): Promise<HeldBatch> {
  const lane = await openLane(target, { applicationName: 'pitboss holder' })
  const plan = prefetch(commands)
  const [, ...reads] = await replies(lane, [
    { text: 'begin isolation level read committed' },
    ...plan.map(({ statement }) => statement),
  ])
  const state = toState(commands, plan, reads)
  const pile = emptyPile(state)
  const now = new Date()
  const verdicts = commands.map((command) => {
    const { outcome, draft } = decide(state, command, now)
    fold(state, pile, command, draft)
    return outcome.verdict
  })
  const statement = write(lane.number, state, pile, now)
  if (statement) await replies(lane, [statement])
  const end = async (text: string) => {
    await replies(lane, [{ text }])
    await lane.close()
  }
  return { verdicts, commit: () => end('commit'), rollBack: () => end('rollback') }
}

async function replies(lane: Lane, statements: readonly Statement[]) {
  const results = await lane.burst(statements)
  return results.map((one) => {
    if (!('rows' in one)) throw one
    return one
  })
}
