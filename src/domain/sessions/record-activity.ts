import { build } from '../../db/build.ts'
import { activities } from '../../db/tables/players.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { checkCountry, checkIp, checkOptionalText, checkText, refuseInput } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { locatePlayer, type PlayerRef, playerRefText } from '../players/locate-player.ts'
import { locateSession, type SessionRef, sessionRefText, sessionUnknown } from './locate-session.ts'

export interface RecordActivityInput {
  readonly idempotencyKey: string
  readonly player: PlayerRef
  readonly session?: SessionRef | null | undefined
  /** What the player did, as LOGIN or LIMIT_CHANGED. */
  readonly type: string
  readonly occurredAt?: Date | null
  readonly ip?: string | null
  readonly device?: string | null
  readonly country?: string | null
  readonly facts?: readonly { readonly name: string; readonly value: string }[] | null
}

/** Clocks of other machines run a little ahead of ours. */
const clockSkewMs = 60_000
const factsMax = 20
const earliest = new Date('2000-01-01T00:00:00Z')

/** Records what a player did besides betting. Where from is kept with the activity, never in the journal. */
export function recordActivity(
  ctx: Context,
  input: RecordActivityInput,
): Promise<Answer<{ readonly playerId: string; readonly activityId: string }>> {
  const { type, occurredAt, ip = null, device = null, country = null } = input
  const facts = input.facts ?? []
  return mutate(ctx, {
    action: 'recordActivity',
    permission: 'PLAYERS_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [
      playerRefText(input.player),
      input.session ? sessionRefText(input.session) : null,
      type,
      occurredAt?.toISOString(),
      ip,
      device,
      country,
      ...facts.flatMap(({ name, value }) => [name, value]),
    ],
    check: () => checkActivity(input, ctx.clock.now()),
    async locate() {
      const place = await locatePlayer(ctx, input.player)
      const session = input.session ? await locateSession(ctx, input.session) : null
      if (session && session.playerId !== place.playerId) throw sessionUnknown()
      return { ...place, sessionId: session?.sessionId ?? null }
    },
    async work(tx, { brandId, playerId, sessionId }, at) {
      const activityId = uuidv7(at)
      const when = occurredAt ?? at
      await tx.query(
        build.insert(activities).values({
          id: activityId,
          brandId,
          playerId,
          sessionId,
          type,
          occurredAt: when,
          recordedAt: at,
          ip,
          device,
          country,
          facts: Object.fromEntries(facts.map(({ name, value }) => [name, value])),
        }),
      )
      tx.append({
        type: 'ActivityRecorded',
        brandId,
        playerId,
        ...(sessionId && { sessionId }),
        occurredAt: when,
        facts: { activityId, type },
      })
      return { ids: { playerId, activityId }, audit: { after: { activityId, type } } }
    },
  })
}

function checkActivity(input: RecordActivityInput, now: Date): void {
  if (!/^[A-Z][A-Z_]{1,39}$/.test(input.type)) refuseInput('type', 'is not a word in capitals such as LOGIN')
  if (input.occurredAt && input.occurredAt.getTime() > now.getTime() + clockSkewMs) {
    refuseInput('occurredAt', 'lies in the future')
  }
  if (input.occurredAt && input.occurredAt < earliest) refuseInput('occurredAt', 'lies before this century')
  checkIp('ip', input.ip)
  checkOptionalText('device', input.device, 500)
  checkCountry('country', input.country)
  const facts = input.facts ?? []
  if (facts.length > factsMax) refuseInput('facts', `are more than ${factsMax}`)
  if (new Set(facts.map(({ name }) => name)).size < facts.length) refuseInput('facts', 'have a name twice')
  for (const { name, value } of facts) {
    checkText('facts', name, 40)
    checkText('facts', value, 200)
  }
}
