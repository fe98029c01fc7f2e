// Compares a provider's report of a period with the books. The report is never whole in memory: its lines come in
// chunks, each is looked up by key and compared; then what we have in the period and no line named is found.
import type { ConnectionTarget } from '../../db/connection.ts'
import { openErrand } from '../../db/errand.ts'
import { appRole } from '../../db/grants.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { administer } from '../audit/administer.ts'
import { refuseInput } from '../audit/check.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { Comparison } from './comparison.ts'
import { giveUp, giveUpAbandoned, type Progress } from './progress.ts'
import { insertReconciliation } from './start.ts'
import type { ReportEntry, ReportFormat } from './types.ts'

export interface ReconcileInput {
  readonly providerAccountCode: string
  /** The period of the report: from a moment on, before another. */
  readonly from: Date
  readonly to: Date
  /** What we recorded within so many milliseconds of an edge of the period is not missed in the report. */
  readonly marginMs?: number
  readonly format: ReportFormat
  /** The report in chunks, as the account's dialect writes it; a Problem when it is none. */
  readonly entries: (dialect: string) => AsyncIterable<readonly ReportEntry[]>
  /** Gives the comparison up. */
  readonly signal?: AbortSignal
  readonly onStart?: (reconciliationId: string) => void
  readonly onProgress?: (progress: Progress) => void
}

export interface Reconciled extends Progress {
  readonly reconciliationId: string
}

export const defaultMarginMs = 60_000
const marginMsMax = 3_600_000
const periodMsMax = 400 * 86_400_000
/** Ids tell no time before 1970, nor does anybody report it. */
const earliest = new Date('2000-01-01T00:00:00Z')

/**
 * Runs a comparison to its end. ACCOUNT_UNKNOWN, INPUT_INVALID, or what is wrong with the report as a whole; then it
 * is FAILED, with nothing found. A line that cannot be read is an item like any other mismatch.
 */
export async function reconcile(
  ctx: Context,
  target: ConnectionTarget,
  input: ReconcileInput,
): Promise<Reconciled> {
  const id = uuidv7(ctx.clock.now())
  const errand = openErrand(target, { role: appRole, applicationName: 'pitboss reconciliation' })
  const stop = () => void errand.close()
  input.signal?.addEventListener('abort', stop)
  try {
    const comparison = new Comparison(ctx, errand.sql, id)
    const account = await start(ctx, id, input, () => comparison.open())
    input.onStart?.(id)
    try {
      await comparison.read(account.id, input.entries(account.dialect), input.onProgress)
      await comparison.walk(account.id, within(input), input.onProgress)
      return { reconciliationId: id, ...(await comparison.finish()) }
    } catch (error) {
      await giveUp(ctx, id, failureOf(error, input.signal))
      throw error
    }
  } finally {
    input.signal?.removeEventListener('abort', stop)
    await errand.close()
  }
}

function failureOf(error: unknown, signal: AbortSignal | undefined): string {
  if (error instanceof Problem) return error.message
  return signal?.aborted ? 'its server was stopped' : 'it could not be finished'
}

/** Checks, takes the lock, and writes the row: in this order, so that a row without a lock is an abandoned one. */
async function start(ctx: Context, id: string, input: ReconcileInput, lock: () => Promise<void>) {
  let locked: Promise<void> | undefined
  await giveUpAbandoned(ctx)
  return administer(ctx, {
    action: 'reconcile',
    permission: 'RECONCILE' satisfies Permission,
    async work(tx, at) {
      check(input)
      const account = await locateAccount(ctx, input.providerAccountCode)
      await (locked ??= lock())
      const { from, to, marginMs = defaultMarginMs, format } = input
      const row = { id, brandId: account.brandId, providerAccountId: account.id, format, marginMs }
      await insertReconciliation(tx, { ...row, fromAt: from, toAt: to, actor: ctx.actor, at })
      const after = { providerAccount: input.providerAccountCode, from, to, format }
      const subject = { subjectType: 'Reconciliation', subjectId: id }
      return { result: account, audit: { brandId: account.brandId, ...subject, after } }
    },
  })
}

function check({ from, to, marginMs = defaultMarginMs }: ReconcileInput): void {
  const periodMs = to.getTime() - from.getTime()
  if (from < earliest) refuseInput('from', 'lies before this century')
  if (!(periodMs > 0)) refuseInput('to', 'is not after the beginning of the period')
  if (periodMs > periodMsMax) refuseInput('to', 'is more than 400 days after the beginning of the period')
  if (!(marginMs >= 0 && marginMs <= marginMsMax)) refuseInput('margin', 'is not between 0 and 3600 seconds')
}

/** The part of the period in which our transactions must be in the report. */
const within = ({ from, to, marginMs = defaultMarginMs }: ReconcileInput) => ({
  from: new Date(from.getTime() + marginMs),
  to: new Date(to.getTime() - marginMs),
})

async function locateAccount(ctx: Context, code: string) {
  const [row] = await ctx.sql<{ id: string; brand_id: string; dialect: string }[]>`
    /* reconciliation: locate a provider account */
    select id, brand_id, dialect from provider_accounts where code = ${code.replaceAll('\0', '')}`
  if (!row || !inScope(ctx.actor, row.brand_id)) {
    throw new Problem('ACCOUNT_UNKNOWN', 'there is no such provider account', 'account')
  }
  return { id: row.id, brandId: row.brand_id, dialect: row.dialect }
}
