import type { ReadContext } from '../domain/context.ts'
import { findPlayerByExternalId } from '../domain/players/find-by-external-id.ts'
import type { CallDecision } from '../domain/providers/call-row.ts'
import type { ProviderAccount } from '../domain/providers/types.ts'
import { findSessionByToken } from '../domain/sessions/find-by-token.ts'
import type { Answer, CompleteOperation } from './dialect.ts'

export interface ReadAnswer {
  readonly given: Answer
  readonly links: CallDecision['links']
}

type Read = Exclude<CompleteOperation, { kind: 'COMMAND' | 'REFUSED' }>

/** Answers what only asks: a balance, a token, a player. An expired token still shows its balance. */
export async function answerRead(
  ctx: ReadContext,
  account: ProviderAccount,
  read: Read,
): Promise<ReadAnswer> {
  if (read.kind === 'PLAYER') return answerPlayer(ctx, account, read.playerExternalId)
  const { tokenHash } = read
  const session = await findSessionByToken(ctx, { providerAccountId: account.id, tokenHash })
  const links = session ? { playerId: session.playerId, sessionId: session.sessionId } : {}
  const named = read.playerExternalId
  if (!session || (named !== undefined && named !== session.playerExternalId)) {
    return { given: { verdict: 'SESSION_INVALID' }, links: {} }
  }
  if (read.kind === 'CHECK_TOKEN') {
    return {
      given: session.over ? { verdict: 'SESSION_EXPIRED' } : { verdict: 'OK', token: read.token },
      links,
    }
  }
  const { playerExternalId, currency, cashMinor, bonusMinor } = session
  if (read.currency !== undefined && read.currency !== currency) {
    return { given: { verdict: 'CURRENCY' }, links }
  }
  const balanceMinor = cashMinor + bonusMinor
  return { given: { verdict: 'OK', playerExternalId, currency, balanceMinor, bonusMinor }, links }
}

async function answerPlayer(
  ctx: ReadContext,
  { brandId }: ProviderAccount,
  externalId: string,
): Promise<ReadAnswer> {
  const player = await findPlayerByExternalId(ctx, { brandId, externalId })
  if (!player) return { given: { verdict: 'PLAYER_UNKNOWN' }, links: {} }
  const { country, createdAt } = player
  return {
    given: { verdict: 'OK', playerExternalId: player.externalId, country, registeredAt: createdAt },
    links: { playerId: player.id },
  }
}
