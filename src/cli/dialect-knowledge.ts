import type { DialectKnowledge } from '../domain/providers/add-account.ts'
import { dialects } from '../integrations/registry.ts'

/** What the verbs of the domain may know about dialects. */
export const dialectKnowledge: DialectKnowledge = {
  names: [...dialects.keys()],
  canVerify: (dialect, pem) => dialects.get(dialect)?.canVerify(pem) ?? false,
}
