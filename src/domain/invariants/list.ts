import { calls } from './calls.ts'
import { catalog } from './catalog.ts'
import { chains } from './chains.ts'
import { counts } from './counts.ts'
import { drops } from './drops.ts'
import { effects } from './effects.ts'
import { links } from './links.ts'
import { sealsHold } from './seals-hold.ts'
import { betStates } from './states.ts'
import { sums } from './sums.ts'
import type { Invariant } from './types.ts'

const numberOf = ({ id }: Invariant) => (id.startsWith('I') ? Number(id.slice(1)) : Number.POSITIVE_INFINITY)

/** All invariants, in the order of their ids. Several facts may go by one id. */
export const invariants: readonly Invariant[] = [
  ...sums,
  ...effects,
  ...betStates,
  ...chains,
  ...calls,
  sealsHold,
  ...drops,
  ...catalog,
  ...links,
  ...counts,
].sort((one, other) => numberOf(one) - numberOf(other))
