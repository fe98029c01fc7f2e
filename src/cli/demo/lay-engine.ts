import type { Context } from '../../domain/context.ts'
import { importGames } from '../../domain/games/import-games.ts'
import { addAccount } from '../../domain/providers/add-account.ts'
import { allProviders } from '../../domain/providers/queries.ts'
import { dialectKnowledge } from '../dialect-knowledge.ts'
import { demoEngine } from './demo-data.ts'
import { seeingAll } from './lay-demo.ts'

export interface EngineFacts {
  readonly port: number
  /** Shared with the engine. */
  readonly secret: string
  /** What the server seals it with. */
  readonly serverSecret: Buffer
}

/** The account of the demo's game engine, with its games; once. */
export async function layEngine(ctx: Context, { port, secret, serverSecret }: EngineFacts): Promise<void> {
  const { games, ...account } = demoEngine
  const known = await allProviders(await seeingAll(ctx))
  if (known.some(({ code }) => code === account.provider.code)) return
  const engineUrl = `http://127.0.0.1:${port}`
  const settings = { dialect: 'engine', sharedSecrets: [secret], engineUrl, stuckAfterMinutes: 60 }
  await addAccount(ctx, { ...account, ...settings }, dialectKnowledge, serverSecret)
  await importGames(ctx, games)
}
