// References of the schema, by id or by an external key, to keys. What cannot be one is as unknown as what does not
// exist.
import { readUuid } from '../lib/global-id.ts'
import type { GraphContext } from './context.ts'
import type { PlayerRef } from './generated.ts'

export async function playerKey(ctx: GraphContext, by: PlayerRef): Promise<string | undefined> {
  if (by.byId) return readUuid('Player', by.byId)
  if (!by.byExternal || !isKey(by.byExternal.externalId) || !isKey(by.byExternal.brandCode)) return undefined
  return (await ctx.loaders.playerIdByExternalKey.load(by.byExternal)) ?? undefined
}

/** Whether a text can be a key at all: the database takes no NUL. */
export const isKey = (text: string): boolean =>
  text.length <= 256 && !text.includes('\0') && text.isWellFormed()
