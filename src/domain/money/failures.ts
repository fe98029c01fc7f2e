// What a batch that failed failed of, and so what to do about it.
import { isDatabaseError, LaneLost } from '../../db/lane.ts'

/** Nothing that the batch is to blame for: the connection is gone, or the database is out of disk or memory. */
export const isOutage = (error: unknown): boolean =>
  error instanceof LaneLost || (isDatabaseError(error) && /^5[38]/.test(error.code))

export const isLockTimeout = (error: unknown): boolean => isDatabaseError(error) && error.code === '55P03'

const raced = ['22012', '40P01', '40001', '0A000', '55P03', '57014', '25P02']

/** Raced by another writer, guard, deadlock, serialisation, stale plan, lock not granted, statement timeout. */
export function isRaced(error: unknown): boolean {
  if (!isDatabaseError(error)) return false
  const { code, constraint_name: constraint = '' } = error
  return code === '23505' ? /^(transactions|journal|rounds|wallets)/.test(constraint) : raced.includes(code)
}
