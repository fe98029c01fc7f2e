// Self-exclusion: a player's own wish not to play until a moment, or for ever.
import type { LockedPlayer } from '../journal/verb-lane.ts'

type Known = Pick<LockedPlayer, 'status' | 'excludedUntil'>

/** What stands for no end. */
export const forEver = new Date('9999-12-31T23:59:59.999Z')

/** Whether it holds at a moment; nobody can lift it before it is over. */
export const isExcluded = ({ excludedUntil }: Pick<Known, 'excludedUntil'>, at: Date): boolean =>
  excludedUntil !== null && excludedUntil > at

/** Neither blocked by an operator nor excluded: may stake, pay in and launch games. */
export const mayPlay = (player: Known, at: Date): boolean =>
  player.status === 'ACTIVE' && !isExcluded(player, at)
