import type { Scenario } from '../scenario.ts'
import { crash } from './crash.ts'
import { races } from './races.ts'
import { references } from './references.ts'
import { refusals } from './refusals.ts'
import { repeats } from './repeats.ts'
import { rounds } from './rounds.ts'

/** For dialects whose calls are one action each it never runs. */
const multiAction: Scenario = {
  number: 29,
  title: 'multi-action request with failing middle action',
  money: 'all or none',
  run: () => Promise.reject(new Error('no dialect of the kit has calls of several actions')),
}

/** All of them, in the order in which they are tried. */
export const scenarios: readonly Scenario[] = [
  ...repeats,
  ...references,
  ...refusals,
  ...rounds,
  ...races,
  ...crash,
  multiAction,
].toSorted((one, other) => one.number - other.number)
