import type { DialectKnowledge } from '../domain/providers/add-account.ts'
import { publicKey } from '../integrations/hub88/verify.ts'
import { dialects } from '../integrations/registry.ts'

/** What the verbs of the domain may know about dialects. */
export const dialectKnowledge: DialectKnowledge = {
  names: [...dialects.keys()],
  canVerify: (_dialect, pem) => publicKey(pem) !== undefined,
}
