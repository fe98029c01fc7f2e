import type { GameEngine, Inquiry, ProviderPorts } from '../domain/money/engine.ts'
import { engine } from './engine/engine.ts'

/** What goes out, by dialect. A dialect whose providers can be asked about a bet adds its inquiry here. */
export function providerPorts(gameEngine: GameEngine): ProviderPorts {
  const engines: ReadonlyMap<string, GameEngine> = new Map([[engine.name, gameEngine]])
  const inquiries: ReadonlyMap<string, Inquiry> = new Map([[engine.name, gameEngine]])
  return {
    engineOf: (dialect) => engines.get(dialect),
    inquiryOf: (dialect) => inquiries.get(dialect),
  }
}
