import type { Situation } from './dialect.ts'

type Accepted = Readonly<Record<Situation, readonly string[]>>

const errors = (...names: readonly string[]) => names.map((name) => `RS_ERROR_${name}`)
const ok = ['RS_OK']
const duplicate = errors('DUPLICATE_TRANSACTION')
const unknown = errors('TRANSACTION_DOES_NOT_EXIST')

/** Answers after which the provider discards a bet and sends no rollback. */
const knownErrors = errors(
  'DUPLICATE_TRANSACTION',
  'INVALID_TOKEN',
  'INVALID_GAME',
  'WRONG_CURRENCY',
  'NOT_ENOUGH_MONEY',
  'USER_DISABLED',
  'INVALID_SIGNATURE',
  'WRONG_SYNTAX',
  'WRONG_TYPES',
  'LIMIT_REACHED',
  'BET_LIMIT_EXCEEDED',
)

export const acceptedByHub88: Accepted = {
  ok,
  betAgain: ok,
  winAgain: ok,
  conflict: duplicate,
  winUnknown: unknown,
  // Strict operators may say that there is none: final for the provider as well.
  rollbackUnknown: [...ok, ...unknown],
  betAfterRollback: knownErrors,
  rollbackAgain: ok,
  rollbackTwice: ok,
  rollbackAfterWin: ok,
  winAfterRollback: errors('TRANSACTION_ROLLED_BACK'),
  betExpired: errors('TOKEN_EXPIRED'),
  funds: errors('NOT_ENOUGH_MONEY'),
  blocked: errors('USER_DISABLED'),
  currency: errors('WRONG_CURRENCY'),
  signature: errors('INVALID_SIGNATURE'),
  syntax: errors('WRONG_SYNTAX'),
  types: errors('WRONG_TYPES'),
  winAfterClose: ok,
  secondWin: ok,
  promoAgain: ok,
  limit: errors('LIMIT_REACHED'),
  rollbackOfDeclined: ok,
  betIdAsWin: duplicate,
  winOfAnother: unknown,
  rollbackOfRollback: ok,
  betAfterClose: ok,
}

export const acceptedByCaleta: Accepted = { ...acceptedByHub88, limit: errors('BET_LIMIT_EXCEEDED') }
