export const verdicts = ['PASS', 'FAIL', 'SKIP', 'N/A'] as const
export type Verdict = (typeof verdicts)[number]

/** One thing that was looked at. */
export interface Step {
  readonly what: string
  readonly expected: string
  readonly came: string
  readonly ok: boolean
}

/** What came of a scenario. */
export interface Row {
  readonly number: number
  readonly title: string
  readonly money: string
  readonly verdict: Verdict
  /** Whether a public text of the dialect gives the expected answers, or only our reading of it. */
  readonly basis: 'PUBLIC_TEXT' | 'OUR_READING'
  /** Why it was skipped or does not apply. */
  readonly reason?: string
  readonly steps: readonly Step[]
  readonly ms: number
}

/** Thrown by a scenario that lacks something of the world: it is not tried, and does not pass. */
export class Missing extends Error {}

/** Thrown at the first step that is not as expected. */
export class Mismatch extends Error {}
