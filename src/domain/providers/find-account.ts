import { eq } from '../../db/drizzle.ts'
import { providerAccounts } from '../../db/tables/providers.ts'
import { openSealedText } from '../../lib/sealed-text.ts'
import type { ReadContext } from '../context.ts'
import { codePattern } from './new-account.ts'
import type { OpenAccount } from './types.ts'

/** Younger than this, an account is believed as it is; older, it is read again while the old one still serves. */
const freshMs = 5_000
/** Older than this, it is not believed at all: a key that was taken away is refused from then on. */
const staleMs = 30_000
/** Codes that do not exist are remembered too: strangers may ask for any number of them. */
const cachedMax = 1_000

export interface AccountDirectory {
  /** The account of a callback URL's code, at once when it is known. Rejects when the database cannot be asked. */
  byCode(code: string): OpenAccount | undefined | Promise<OpenAccount | undefined>
}

interface Entry {
  account: OpenAccount | undefined
  readAt: number
  reading?: Promise<OpenAccount | undefined>
}

/**
 * Accounts by code, read through a short cache: they change rarely and are needed by every call. Their shared secrets
 * are opened with the server's.
 */
export function openAccountDirectory(
  ctx: Pick<ReadContext, 'db' | 'clock' | 'log'>,
  serverSecret: Buffer,
): AccountDirectory {
  const entries = new Map<string, Entry>()
  const open = secretOpener(ctx, serverSecret)

  function read(code: string, entry: Entry): Promise<OpenAccount | undefined> {
    entry.reading ??= selectAccount(ctx, code, open)
      .then((account) => {
        entry.account = account
        entry.readAt = ctx.clock.now().getTime()
        return account
      })
      .finally(() => {
        delete entry.reading
      })
    return entry.reading
  }

  return {
    byCode(code) {
      if (!codePattern.test(code)) return undefined
      const entry = remembered(entries, code)
      const age = ctx.clock.now().getTime() - entry.readAt
      if (age > staleMs) return read(code, entry)
      if (age > freshMs) read(code, entry).catch(() => {})
      return entry.account
    },
  }
}

/** Who was asked for longest ago is forgotten: an account that is called is not, whatever strangers ask for. */
function remembered(entries: Map<string, Entry>, code: string): Entry {
  const entry = entries.get(code) ?? { account: undefined, readAt: Number.NEGATIVE_INFINITY }
  entries.delete(code)
  entries.set(code, entry)
  const oldest = entries.keys().next().value
  if (entries.size > cachedMax && oldest !== undefined) entries.delete(oldest)
  return entry
}

type OpenSecrets = (account: { readonly id: string; readonly sharedSecrets: readonly Buffer[] }) => string[]

/** What cannot be opened, sealed with another server's secret perhaps, verifies nothing: told once per account. */
function secretOpener({ log }: Pick<ReadContext, 'log'>, serverSecret: Buffer): OpenSecrets {
  const told = new Set<string>()
  return ({ id, sharedSecrets }) =>
    sharedSecrets.flatMap((sealed) => {
      try {
        return openSealedText(serverSecret, sealed, id)
      } catch (error) {
        const message = 'a shared secret of a provider account cannot be opened'
        if (!told.has(id)) log.error({ err: error, providerAccountId: id }, message)
        told.add(id)
        return []
      }
    })
}

async function selectAccount(
  ctx: Pick<ReadContext, 'db'>,
  code: string,
  open: OpenSecrets,
): Promise<OpenAccount | undefined> {
  const [account] = await ctx.db
    .select()
    .from(providerAccounts)
    .where(eq(providerAccounts.code, code))
    .limit(1)
  if (!account) return undefined
  const { sharedSecrets, ...plain } = account
  return { ...plain, secrets: open({ id: account.id, sharedSecrets }) }
}
