import { build } from '../../db/build.ts'
import { playerProfiles, players } from '../../db/tables/players.ts'
import { Problem } from '../../lib/problem.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

export interface Profile {
  readonly name?: string | null | undefined
  readonly email?: string | null | undefined
  readonly phone?: string | null | undefined
  /** A calendar date, as 1990-12-31. */
  readonly birthDate?: string | null | undefined
}

export interface NewPlayer {
  readonly id: string
  readonly brandId: string
  readonly externalId: string
  readonly country: string
  readonly profile: Profile
}

/** Older than every stamp: the player's first journal row sets the real one. */
const beforeAllStamps = '1970-01-01T00:00:00.000000Z'

/** Writes a player with its profile and its first event. The external id stays the first player's. */
export async function insertPlayer(tx: VerbTransaction, player: NewPlayer, at: Date): Promise<void> {
  const { id, brandId, externalId, country, profile } = player
  const inserted = await tx.query(
    build
      .insert(players)
      .values({
        id,
        brandId,
        externalId,
        country,
        status: 'ACTIVE',
        version: 0n,
        lastAt: beforeAllStamps,
        createdAt: at,
      })
      .onConflictDoNothing({ target: [players.brandId, players.externalId] })
      .returning({ id: players.id }),
  )
  if (inserted.length === 0) {
    const message = `the brand already has a player ${externalId}`
    throw new Problem('EXTERNAL_ID_TAKEN', message, 'externalId')
  }
  const { name = null, email = null, phone = null, birthDate = null } = profile
  await tx.query(
    build.insert(playerProfiles).values({ playerId: id, brandId, name, email, phone, birthDate }),
  )
  const facts = { externalId, country }
  tx.append({ type: 'PlayerRegistered', brandId, playerId: id, occurredAt: at, facts })
}
