import { build } from '../../db/build.ts'
import { sessions } from '../../db/tables/sessions.ts'
import { isCurrency } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { checkCountry, checkIp, checkOptionalText, checkText, refuseInput } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import type { Permission } from '../operators/permissions.ts'
import { mayPlay } from '../players/exclusion.ts'
import { locatePlayer, lockedPlayer, type PlayerRef, playerRefText } from '../players/locate-player.ts'
import { gameToken, gameTokenHash } from './game-token.ts'
import { findLaunch, type Launch } from './find-launch.ts'

export interface OpenSessionInput {
  readonly idempotencyKey: string
  readonly player: PlayerRef
  readonly providerAccountCode: string
  readonly gameCode: string
  readonly currency: string
  readonly ip?: string | null
  readonly device?: string | null
  readonly country?: string | null
}

/** What the process knows about sessions, from its configuration and its dialects. */
export interface SessionSettings {
  /** The server's key for game tokens. */
  readonly tokenKey: Buffer
  /** How long a session takes bets. */
  readonly lifetimeMs: number
  /** Whether a dialect can say every amount of a currency. */
  readonly canCount: (dialect: string, currency: string) => boolean
}

export interface OpenSessionAnswer extends Answer<{ readonly sessionId: string }> {
  readonly gameToken: string | null
}

/** Opens a session: one player in one launch of a game. A replay returns the same token. */
export async function openSession(
  ctx: Context,
  input: OpenSessionInput,
  settings: SessionSettings,
): Promise<OpenSessionAnswer> {
  const { providerAccountCode, gameCode, currency, ip = null, device = null, country = null } = input
  const answer = await mutate(ctx, {
    action: 'openSession',
    permission: 'SESSIONS_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [playerRefText(input.player), providerAccountCode, gameCode, currency, ip, device, country],
    check() {
      checkText('providerAccountCode', providerAccountCode, 128)
      checkText('gameCode', gameCode, 128)
      if (!isCurrency(currency)) refuseInput('currency', 'is not a known currency')
      checkIp('ip', ip)
      checkOptionalText('device', device, 500)
      checkCountry('country', country)
    },
    locate: () => locatePlayer(ctx, input.player),
    async work(tx, { brandId, playerId }, at) {
      const player = lockedPlayer(tx, playerId)
      if (!mayPlay(player, at)) {
        const why = player.status === 'BLOCKED' ? 'blocked' : 'excluded at their own wish'
        throw new Problem('PLAYER_BLOCKED', `the player is ${why}`, 'player')
      }
      const launch = await findLaunch(tx, { brandId, playerId, providerAccountCode, gameCode, currency })
      if (!settings.canCount(launch.dialect, currency)) {
        const message = `the provider cannot count in so small a unit as that of ${currency}`
        throw new Problem('CURRENCY_UNSUPPORTED', message, 'currency')
      }
      const session = { brandId, playerId, currency, ip, device, country }
      const sessionId = await insertSession(tx, settings, launch, session, at)
      const after = { playerId, providerAccountCode, gameCode, currency }
      return { ids: { sessionId }, audit: { subjectType: 'Session', subjectId: sessionId, after } }
    },
  })
  return { ...answer, gameToken: answer.ids && gameToken(settings.tokenKey, answer.ids.sessionId) }
}

interface NewSession {
  readonly brandId: string
  readonly playerId: string
  readonly currency: string
  readonly ip: string | null
  readonly device: string | null
  readonly country: string | null
}

async function insertSession(
  tx: VerbTransaction,
  settings: SessionSettings,
  { providerAccountId, gameId, walletId }: Launch,
  session: NewSession,
  at: Date,
): Promise<string> {
  const id = uuidv7(at)
  const tokenHash = gameTokenHash(gameToken(settings.tokenKey, id))
  const expiresAt = new Date(at.getTime() + settings.lifetimeMs)
  await tx.query(
    build.insert(sessions).values({
      id,
      ...session,
      providerAccountId,
      gameId,
      walletId,
      tokenHash,
      status: 'OPEN',
      openedAt: at,
      expiresAt,
    }),
  )
  const { brandId, playerId, currency } = session
  const links = { brandId, playerId, sessionId: id, gameId, providerAccountId, currency }
  tx.append({ type: 'SessionOpened', ...links, occurredAt: at })
  return id
}
