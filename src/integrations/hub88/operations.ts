import type { Command, RollbackCommand } from '../../domain/money/types.ts'
import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { ProviderAccount } from '../../domain/providers/types.ts'
import { fingerprint, sha256 } from '../../lib/fingerprint.ts'
import { amountMaxMinor, currencyExponent, scaledToMinor } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import type { Operation } from '../dialect.ts'
import type { Fields } from '../fields.ts'
import type { Family } from './statuses.ts'

export type Request = 'USER_INFO' | 'TOKEN_CHECK' | 'BALANCE' | 'BET' | 'WIN' | 'ROLLBACK'

/** Amounts on the wire are integers of 10^-5 of the main unit. */
export const wireScale = 5

export const tokenBytesMax = 1024

/** What a request is read with. */
interface Reading {
  readonly family: Family
  readonly fields: Fields
  readonly call: ReceivedCall
  readonly account: ProviderAccount
  readonly providerTime: Date | undefined
}

/** Each throws a Problem that names the first field at fault. */
export const operations: Readonly<Record<Request, (reading: Reading) => Operation>> = {
  USER_INFO: ({ fields }) => ({ kind: 'PLAYER', playerExternalId: fields.text('user') }),
  TOKEN_CHECK({ fields }) {
    const token = fields.text('token', tokenBytesMax)
    return { kind: 'CHECK_TOKEN', tokenHash: sha256(token), token }
  },
  BALANCE({ fields, family }) {
    const tokenHash = sha256(fields.text('token', tokenBytesMax))
    return { kind: 'BALANCE', tokenHash, ...namedPlayer(fields, family) }
  },
  BET(reading) {
    const { fields } = reading
    const terms = { gameCode: fields.text('game_code'), ...readAmount(fields) }
    const isFree = fields.flag('is_free')
    const base = commandBase(reading, 'BET', { ...terms, isFree })
    // The supplier's own promotion, where Hub88 says so; else the operator's.
    const gift = fields.optionalFlag('is_supplier_promo') ? 'PROMO' : 'FREE'
    return moves({ ...base, ...terms, kind: 'BET', betKind: isFree ? gift : 'REAL' })
  },
  WIN(reading) {
    const { fields, account } = reading
    const referenceKey = fields.text('reference_transaction_uuid')
    const money = readAmount(fields)
    const terms = { gameCode: fields.text('game_code'), ...money, referenceKey }
    const base = commandBase(reading, 'WIN', { ...terms, isFree: fields.flag('is_free') })
    const jackpot = readJackpot(fields, money)
    return moves({ ...base, ...money, ...jackpot, referenceKey, freeWinsTo: account.freeWinsTo, kind: 'WIN' })
  },
  ROLLBACK(reading) {
    const { fields } = reading
    const referenceKey = fields.text('reference_transaction_uuid')
    const isFree = fields.optionalFlag('is_free') ?? false
    const base = commandBase(reading, 'ROLLBACK', {
      gameCode: fields.text('game_code'),
      referenceKey,
      isFree,
    })
    return moves({ ...base, kind: 'ROLLBACK', referenceKey, afterWin: 'REVERSE_REFERENCED' })
  },
}

const moves = (command: Command): Operation => ({ kind: 'COMMAND', command })

interface Terms {
  readonly gameCode: string
  readonly isFree: boolean
  readonly amountMinor?: bigint
  readonly currency?: string
  readonly referenceKey?: string
}

type CommandBase = Omit<RollbackCommand, 'kind' | 'referenceKey' | 'afterWin' | 'closesRound'> & {
  readonly closesRound: boolean
}

function commandBase(reading: Reading, kind: Command['kind'], terms: Terms): CommandBase {
  const { fields, family, call, account, providerTime } = reading
  const roundKey = fields.text('round')
  // Caleta names the player by an alias of its own, which tells two calls apart but names nobody here.
  const alias = family === 'CALETA' && kind !== 'ROLLBACK' ? fields.text('supplier_user') : undefined
  const named = namedPlayer(fields, family)
  return {
    scopeId: account.id,
    brandId: account.brandId,
    providerAccountId: account.id,
    providerId: account.providerId,
    transactionKey: fields.text('transaction_uuid'),
    tokenHash: sha256(fields.text('token', tokenBytesMax)),
    roundKey,
    ...named,
    closesRound: fields.flag('round_closed'),
    fingerprint: fingerprint([
      kind,
      named.playerExternalId ?? alias,
      roundKey,
      terms.gameCode,
      terms.amountMinor,
      terms.currency,
      terms.referenceKey,
      terms.isFree,
    ]),
    actor: { kind: 'PROVIDER_ACCOUNT', id: account.id },
    trace: call.requestId,
    receivedAt: call.receivedAt,
    ...(providerTime ? { providerTime } : {}),
  }
}

/** The operator's own id of the player: Hub88 always names it, Caleta may. */
function namedPlayer(fields: Fields, family: Family): { playerExternalId?: string } {
  const user = family === 'HUB88' ? fields.text('user') : fields.optionalText('user')
  return user === undefined ? {} : { playerExternalId: user }
}

/** The part of a win that is a jackpot; more than the whole is a TYPE. */
function readJackpot(
  fields: Fields,
  { amountMinor, currency }: { readonly amountMinor: bigint; readonly currency: string },
): { readonly jackpotMinor?: bigint } {
  const scaled = fields.optionalNatural('jackpot_win')
  if (scaled === undefined) return {}
  const jackpotMinor = scaledToMinor(scaled, wireScale, currency)
  if (jackpotMinor === undefined || jackpotMinor > amountMinor) {
    throw new Problem('TYPE', 'jackpot_win is not a part of the amount', 'jackpot_win')
  }
  return jackpotMinor > 0n ? { jackpotMinor } : {}
}

/** The amount in minor units; one that the currency cannot hold exactly, or is beyond the largest, is a TYPE. */
function readAmount(fields: Fields): { readonly amountMinor: bigint; readonly currency: string } {
  const scaled = fields.natural('amount')
  const currency = fields.currency('currency')
  if (currencyExponent(currency) > wireScale) {
    throw new Problem(
      'CURRENCY',
      `${currency} has more decimal places than this dialect can carry`,
      'currency',
    )
  }
  const amountMinor = scaledToMinor(scaled, wireScale, currency)
  if (amountMinor === undefined || amountMinor > amountMaxMinor) {
    throw new Problem('TYPE', 'amount is not one that the currency can hold', 'amount')
  }
  return { amountMinor, currency }
}
