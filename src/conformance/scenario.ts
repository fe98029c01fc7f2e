import type { Stage } from './stage.ts'

/** One of the numbered scenarios, in words that no dialect owns. */
export interface Scenario {
  readonly number: number
  readonly title: string
  /** What must happen to the money. */
  readonly money: string
  run(stage: Stage): Promise<void>
}
