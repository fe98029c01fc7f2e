// From what a provider says of a bet to what is done about it, once however often and from however many sides it is
// said: every key is made of the bet's id. The money rules decide; a provider's call stands beside what it caused.
import { fingerprint } from '../../lib/fingerprint.ts'
import type { Context } from '../context.ts'
import { describeExchange } from '../providers/outbound-call.ts'
import type { CallRecorder } from '../providers/record-calls.ts'
import type { NewProviderCall, OpenAccount } from '../providers/types.ts'
import type { Fate, Told } from './engine.ts'
import type { EngineBet } from './engine-bets.ts'
import type { Outcome, RollbackCommand, Submit, WinCommand } from './types.ts'

export interface FinishServices {
  readonly submit: Submit
  readonly recorder: CallRecorder
}

/** Commits what is known of the bet. False while its outcome is not certain. */
export async function finishBet(
  ctx: Context,
  services: FinishServices,
  { account, bet }: { readonly account: OpenAccount; readonly bet: EngineBet },
  { fate, exchange }: Told,
): Promise<boolean> {
  const command = commandOf(ctx, account, bet, fate)
  const row = describeExchange(account, exchange, {
    transactionKey: command?.transactionKey ?? bet.transactionKey,
    playerId: bet.playerId,
    sessionId: bet.sessionId,
    roundId: bet.roundId,
    betId: bet.id,
    requestId: ctx.requestId,
  })
  const providerTime = fate.kind === 'PLAYED' ? fate.playedAt : null
  if (!command) {
    await services.recorder.record(row(uncertain(fate)))
    return false
  }
  const outcome = await services.submit({
    command,
    attach: (decided) => ({
      providerCall: row({ ...decisionOf(decided), providerTime }),
      ...(fate.kind === 'PLAYED' && { roundResult: { roundId: bet.roundId, result: fate.result } }),
    }),
  })
  if (outcome.verdict !== 'RETRY_LATER') return true
  await services.recorder.record(row({ ...decisionOf(outcome), providerTime }))
  return false
}

/** Undefined while there is nothing to do. */
function commandOf(
  ctx: Context,
  account: OpenAccount,
  bet: EngineBet,
  fate: Fate,
): WinCommand | RollbackCommand | undefined {
  if (fate.kind !== 'PLAYED' && fate.kind !== 'REJECTED') return undefined
  const base = {
    scopeId: account.id,
    brandId: account.brandId,
    providerAccountId: account.id,
    providerId: account.providerId,
    actor: { kind: 'PROVIDER_ACCOUNT' as const, id: account.id },
    trace: ctx.requestId,
    receivedAt: ctx.clock.now(),
    tokenHash: bet.tokenHash,
    roundKey: bet.roundKey,
    referenceKey: bet.transactionKey,
    closesRound: true,
  }
  if (fate.kind === 'REJECTED') {
    const facts = { kind: 'ROLLBACK', transactionKey: `rollback:${bet.id}`, afterWin: 'REFUSE' } as const
    return { ...base, ...facts, fingerprint: fingerprint(['ROLLBACK', bet.id]) }
  }
  const { payoutMinor, jackpotMinor, playedAt } = fate
  return {
    ...base,
    kind: 'WIN',
    transactionKey: `win:${bet.id}`,
    amountMinor: payoutMinor,
    jackpotMinor,
    currency: bet.currency,
    settlesBet: true,
    providerTime: playedAt,
    fingerprint: fingerprint(['WIN', bet.id, payoutMinor, jackpotMinor, bet.currency]),
  }
}

type Decision = Pick<NewProviderCall, 'verdict' | 'effect' | 'transactionId'>

const effects: Partial<Record<Outcome['verdict'], NewProviderCall['effect']>> = {
  OK: 'EFFECT',
  REPLAY: 'DUPLICATE',
  RETRY_LATER: 'REJECTED',
  DUPLICATE_CONFLICT: 'REJECTED',
}

const decisionOf = ({ verdict, transactionId }: Outcome): Decision => ({
  verdict,
  effect: effects[verdict] ?? 'DECLINED',
  transactionId: transactionId ?? null,
})

const verdicts = {
  NO_ANSWER: 'RETRY_LATER',
  BAD_SIGNATURE: 'BAD_SIGNATURE',
  BAD_REPLY: 'BAD_REQUEST',
} as const

const uncertain = (fate: Fate): Decision =>
  fate.kind === 'UNKNOWN'
    ? { verdict: verdicts[fate.why], effect: 'REJECTED' }
    : { verdict: 'REFERENCE_UNKNOWN', effect: 'READ' }
