import type { DialectKnowledge } from '../domain/providers/new-account.ts'
import { dialects } from '../integrations/registry.ts'

/** What the verbs of the domain may know about dialects. */
export const dialectKnowledge: DialectKnowledge = {
  names: [...dialects.keys()],
  verifiesWith: (dialect) => dialects.get(dialect)?.verifiesWith,
  canVerify: (dialect, key) => dialects.get(dialect)?.canVerify(key) ?? false,
  callsEngine: (dialect) => dialects.get(dialect)?.callsEngine ?? false,
}
