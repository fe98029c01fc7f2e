import { setTimeout as sleep } from 'node:timers/promises'
import { fingerprint } from '../../lib/fingerprint.ts'
import { isCurrency } from '../../lib/money.ts'
import { assert, Problem } from '../../lib/problem.ts'
import { refuseInput } from '../audit/check.ts'
import type { Answer } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import type { AccountDirectory } from '../providers/find-account.ts'
import type { OpenAccount } from '../providers/types.ts'
import { locateSession, type SessionRef, sessionRefText } from '../sessions/locate-session.ts'
import { type LaunchPlace, launchOf } from '../sessions/launch-of.ts'
import {
  askedAmount,
  type CommandVerb,
  commandBase,
  commonRefusals,
  readAmount,
  type Refusals,
  runCommand,
} from './command-verb.ts'
import type { ProviderPorts } from './engine.ts'
import { type EngineBet, findEngineBet } from './engine-bets.ts'
import { type FinishServices, finishBet } from './finish-bet.ts'
import type { BetCommand } from './types.ts'

/** What bets need that are placed from here. */
export interface EngineServices extends FinishServices {
  readonly accounts: AccountDirectory
  readonly ports: ProviderPorts
  /** An engine is asked again and again for so long; then the answer is "pending". Five seconds when absent. */
  readonly playWithinMs?: number | undefined
}

export interface PlaceBetInput {
  readonly idempotencyKey: string
  readonly session: SessionRef
  /** A decimal in units of the currency, more than zero. */
  readonly amount: string
  readonly currency: string
}

export interface PlaceBetAnswer extends Answer<{ readonly betId: string }> {
  /** The bet is placed, and what becomes of it is not known yet: asking again with the same key asks the engine. */
  readonly pending: boolean
}

const playWithinMsUsual = 5_000
const pauseMs = { first: 100, max: 800 }

/**
 * Places a bet and has it played by the game engine of the session's provider account. The intent is committed first,
 * the engine is called without any transaction open, and its result is committed then. Whatever breaks in between
 * leaves an open bet, which is its own outbox: this verb again, or the sweep, goes on with the same id.
 */
export async function placeBet(
  ctx: Context,
  input: PlaceBetInput,
  services: EngineServices,
): Promise<PlaceBetAnswer> {
  const startedMs = performance.now()
  const answer = await commitIntent(ctx, input, services)
  if (!answer.ids) return { ...answer, pending: false }
  const bet = await findEngineBet(ctx, answer.ids.betId)
  assert(bet, 'a bet that was placed is there')
  const status = bet.status === 'OPEN' ? await playOut(ctx, bet, services, startedMs) : bet.status
  const userError = status === 'ROLLED_BACK' ? rejected : null
  return { ...answer, userError, pending: status === 'OPEN' }
}

const rejected = {
  code: 'BET_REJECTED',
  message: 'the game engine did not take the bet; the stake was given back',
}

function commitIntent(ctx: Context, input: PlaceBetInput, { submit, accounts, ports }: EngineServices) {
  const { amount, currency } = input
  const verb: CommandVerb<LaunchPlace & { readonly account: OpenAccount }> = {
    action: 'placeBet',
    permission: 'BETS_PLACE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [sessionRefText(input.session), amount, currency],
    ownKey: true,
    check: () => void checkAmount(amount, currency),
    async locate() {
      const launch = await launchOf(ctx, await locateSession(ctx, input.session))
      const account = await accounts.byCode(launch.accountCode)
      if (!account?.engineUrl || !ports.engineOf(account.dialect)) {
        throw new Problem('ENGINE_MISSING', "the session's provider account has no game engine", 'session')
      }
      return { ...launch, account }
    },
  }
  return runCommand(ctx, verb, submit, (call, { account, ...place }) => {
    if (account.status !== 'ENABLED') {
      throw new Problem('UNAVAILABLE', 'the provider account is switched off', 'session')
    }
    const amountMinor = checkAmount(amount, currency)
    const transactionKey = `bet:${call.key.actorId}:${input.idempotencyKey}`
    const command: BetCommand = {
      ...commandBase(ctx, call, account.brandId),
      kind: 'BET',
      scopeId: account.id,
      providerAccountId: account.id,
      providerId: account.providerId,
      amountMinor,
      currency,
      transactionKey,
      tokenHash: place.tokenHash,
      roundKey: transactionKey,
      betKind: 'REAL',
      closesRound: false,
      fingerprint: fingerprint(['BET', place.sessionId, amountMinor, currency]),
    }
    return {
      command,
      refusals,
      asked: askedAmount(amountMinor, currency, transactionKey),
      ids({ betId }) {
        assert(betId, 'a bet that was placed has an id')
        return { betId }
      },
    }
  })
}

/** Asks until the fate is known or the time is over; returns the bet's status then. */
async function playOut(
  ctx: Context,
  bet: EngineBet,
  services: EngineServices,
  startedMs: number,
): Promise<string> {
  const account = await services.accounts.byCode(bet.accountCode)
  const engine = services.ports.engineOf(bet.dialect)
  if (!account || !engine) return bet.status
  const withinMs = services.playWithinMs ?? playWithinMsUsual
  for (let pause = pauseMs.first; ; pause = Math.min(pause * 2, pauseMs.max)) {
    const told = await engine.play(account, bet)
    if (await finishBet(ctx, services, { account, bet }, told)) break
    if (performance.now() - startedMs + pause > withinMs) break
    await sleep(pause)
  }
  return (await findEngineBet(ctx, bet.id))?.status ?? bet.status
}

const amountField = 'amount.amount'

function checkAmount(amount: string, currency: string): bigint {
  if (!isCurrency(currency)) refuseInput('amount.currency', 'is not a known currency')
  const minor = readAmount(amount, currency, amountField)
  if (minor <= 0n) throw new Problem('BAD_AMOUNT', 'the amount is not more than zero', amountField)
  return minor
}

const refusals: Refusals = {
  ...commonRefusals,
  FUNDS: { code: 'INSUFFICIENT_FUNDS', message: 'the wallet does not cover the stake', field: amountField },
  LIMIT: {
    code: 'LIMIT_REACHED',
    message: 'a limit of the player, the game or the brand forbids it',
    field: amountField,
  },
  PLAYER_BLOCKED: {
    code: 'PLAYER_BLOCKED',
    message: 'the player is blocked, or excluded at their own wish',
    field: 'session',
  },
  SESSION_INVALID: { code: 'SESSION_UNKNOWN', message: 'there is no such session', field: 'session' },
  SESSION_EXPIRED: {
    code: 'SESSION_OVER',
    message: 'the session is closed or past its end',
    field: 'session',
  },
  CURRENCY: {
    code: 'CURRENCY_MISMATCH',
    message: 'the session is not in this currency',
    field: 'amount.currency',
  },
  GAME: { code: 'GAME_DISABLED', message: 'the game is disabled', field: 'session' },
}
