// What a batch that failed failed of, and so what to do about it.
import { isDatabaseError, LaneLost } from '../../db/lane.ts'

/** Nothing that the batch is to blame for: the connection is gone, or the database is out of disk or memory. */
export const isOutage = (error: unknown): boolean =>
  error instanceof LaneLost || (isDatabaseError(error) && /^5[38]/.test(error.code))

/** Why a try of a batch failed, as an operator counts it. */
export type FailureReason =
  | 'disk_full'
  | 'out_of_resources'
  | 'read_only'
  | 'connection_lost'
  | 'locked'
  | 'raced'
  | 'refused'

export function failureReason(error: unknown): FailureReason {
  const told = error instanceof LaneLost ? error.cause : error
  const code = isDatabaseError(told) ? told.code : ''
  if (code === '53100') return 'disk_full'
  if (code === '25006') return 'read_only'
  if (error instanceof LaneLost) return 'connection_lost'
  if (isOutage(error)) return 'out_of_resources'
  if (isLockTimeout(error)) return 'locked'
  return isRaced(error) ? 'raced' : 'refused'
}

export const isLockTimeout = (error: unknown): boolean => isDatabaseError(error) && error.code === '55P03'

const raced = ['22012', '40P01', '40001', '0A000', '55P03', '57014', '25P02']

/** Raced by another writer, guard, deadlock, serialisation, stale plan, lock not granted, statement timeout. */
export function isRaced(error: unknown): boolean {
  if (!isDatabaseError(error)) return false
  const { code, constraint_name: constraint = '' } = error
  return code === '23505' ? /^(transactions|journal|rounds|wallets)/.test(constraint) : raced.includes(code)
}
