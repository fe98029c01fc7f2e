import { isCurrency } from '../../lib/money.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { checkCountry, checkExternalKey, refuseInput } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import { locateBrand } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { checkProfile } from '../players/check-profile.ts'
import { insertPlayer, type Profile } from '../players/insert-player.ts'
import { openWallet } from './open-wallet.ts'

export interface RegisterPlayerInput {
  readonly idempotencyKey: string
  readonly brandCode: string
  /** The player's id on the platform around us: unique in the brand for ever. */
  readonly externalId: string
  readonly country: string
  /** The currency of the first wallet. */
  readonly currency: string
  readonly profile?: Profile | null
}

/** Registers a player of a brand and opens the first wallet. */
export function registerPlayer(
  ctx: Context,
  input: RegisterPlayerInput,
): Promise<Answer<{ readonly playerId: string; readonly walletId: string }>> {
  const { externalId, country, currency } = input
  const profile = input.profile ?? {}
  return mutate(ctx, {
    action: 'registerPlayer',
    permission: 'PLAYERS_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [
      input.brandCode,
      externalId,
      country,
      currency,
      profile.name,
      profile.email,
      profile.phone,
      profile.birthDate,
    ],
    check() {
      checkExternalKey('externalId', externalId)
      checkCountry('country', country)
      if (!isCurrency(currency)) refuseInput('currency', 'is not a known currency')
      checkProfile(profile, ctx.clock.now())
    },
    async locate() {
      const brandId = await locateBrand(ctx, input.brandCode)
      return { brandId, playerIds: [], subjectType: 'Brand', subjectId: brandId }
    },
    async work(tx, { brandId }, at) {
      const playerId = uuidv7(at)
      await insertPlayer(tx, { id: playerId, brandId, externalId, country, profile }, at)
      const walletId = await openWallet(tx, { brandId, playerId, currency }, at)
      // That a person's data was given is told, the data itself is not.
      const given = Object.entries(profile).flatMap(([name, value]) => (value ? [name] : []))
      const after = { externalId, country, currency, profile: given }
      return { ids: { playerId, walletId }, audit: { subjectType: 'Player', subjectId: playerId, after } }
    },
  })
}
