import { expect } from 'vitest'
import type { Context } from '../../src/domain/context.ts'
import { openSession } from '../../src/domain/sessions/open-session.ts'
import { registerPlayer } from '../../src/domain/wallets/register-player.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { type House, system } from './house.ts'

export interface Resident {
  readonly id: string
  readonly externalId: string
}

/** A player of the house's first brand with a wallet in EUR. */
export async function newPlayer(
  house: House,
  brandCode = 'demo',
  ctx: Context = house.as(system),
): Promise<Resident> {
  const externalId = `player-${uuidv7()}`
  const person = { brandCode, externalId, country: 'MT', currency: 'EUR' }
  const { ids } = await registerPlayer(ctx, { idempotencyKey: externalId, ...person })
  return { id: ids?.playerId ?? expect.fail('the player was refused'), externalId }
}

/** An open session of the game "book". */
export async function newSession(
  house: House,
  playerId: string,
  ctx: Context = house.as(system),
): Promise<string> {
  const launch = { providerAccountCode: 'demo-spinwell', gameCode: 'book', currency: 'EUR' }
  const input = { idempotencyKey: uuidv7(), player: { id: playerId }, ...launch }
  const { ids, userError } = await openSession(ctx, input, house.settings)
  return ids?.sessionId ?? expect.fail(`the session was refused: ${userError?.code}`)
}
