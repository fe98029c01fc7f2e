// A correction twice over GraphQL: as a dry run, which must leave every row as it was, and for good, which must do what
// was said.
import { expect } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { formatDecimal } from '../../src/lib/money.ts'
import type { Sql } from '../../src/db/connection.ts'
import type { TestApp } from './app.ts'

export type Verb = 'adjustBalance' | 'recordDeposit' | 'recordWithdrawal' | 'closeRound' | 'voidRound'

export interface Correction {
  readonly verb: Verb
  /** Everything but `dryRun`. */
  readonly input: { readonly idempotencyKey: string; readonly [field: string]: unknown }
}

type Amounts = { before: { amount: string }; after: { amount: string } }

export interface Preview {
  readonly wallets: { readonly cash: Amounts; readonly bonus: Amounts; readonly owed: Amounts }[]
  readonly ledgerEntries: readonly { readonly amount: { readonly amount: string } }[]
  readonly bets: readonly { readonly statusAfter: string }[]
  readonly round: { readonly statusAfter: string } | null
}

export interface Payload {
  readonly preview: Preview | null
  readonly transaction: { readonly id: string } | null
  readonly replayed: boolean
  readonly userErrors: readonly { readonly code: string }[]
  readonly auditEntry: { readonly id: string } | null
}

const payloadFields = `
  preview {
    wallets { currency cash { ...Both } bonus { ...Both } owed { ...Both } }
    ledgerEntries { eventType account amount { amount currency } balanceBefore { amount } balanceAfter { amount }
      bet { id } }
    bets { bet { id } statusBefore statusAfter resultAfter }
    round { round { id } statusBefore statusAfter } }
  transaction { id } replayed userErrors { code field message } auditEntry { id }`

export async function send(
  app: TestApp,
  token: string,
  { verb, input }: Correction,
  dryRun: boolean,
): Promise<Payload> {
  const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input!`
  const { data, errors } = await app.graphql<Record<Verb, Payload>>(
    `mutation ($input: ${type}) { ${verb}(input: $input) { ${payloadFields} } }
    fragment Both on MoneyChange { before { amount currency } after { amount currency } }`,
    { input: dryRun ? { ...input, dryRun } : input },
    { token },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

const money = ['wallets', 'transactions', 'ledger_entries', 'bets', 'rounds']
const others = [
  'players',
  'journal',
  'sessions',
  'audit_entries',
  'mutation_keys',
  'limits',
  'provider_calls',
]

/** Everything there is, with the transaction that wrote each row. */
export async function everyRow(sql: Sql, but?: 'audit_entries'): Promise<string> {
  const digests = [...money, ...others]
    .filter((table) => table !== but)
    .map(async (table) => {
      const [row] = await sql.unsafe<{ digest: string }[]>(
        `select coalesce(md5(string_agg(t::text || t.xmin, ';' order by t::text)), '') as digest
      from ${table} t`,
      )
      return `${table} ${row?.digest}`
    })
  return (await Promise.all(digests)).join('\n')
}

/** Dry, then for good; both answers. */
export async function rehearseAndRun(
  app: TestApp,
  token: string,
  correction: Correction,
): Promise<{ dry: Payload; real: Payload }> {
  const { sql } = app.database
  const before = await everyRow(sql)
  const dry = await send(app, token, correction, true)
  expect(await everyRow(sql)).toBe(before)
  const stood = await standing(sql)
  const real = await send(app, token, correction, false)
  expect(dry.userErrors).toEqual(real.userErrors)
  expect(dry.replayed).toBe(real.replayed)
  expect(real.preview).toBeNull()
  if (real.replayed) expect(dry).toEqual(real)
  else {
    expect([dry.transaction, dry.auditEntry]).toEqual([null, null])
    const happened = real.transaction && (await whatHappened(sql, stood, real.transaction.id))
    expect(dry.preview).toEqual(happened)
  }
  return { dry, real }
}

interface Standing {
  readonly wallets: Map<string, WalletRow>
  readonly bets: Map<string, { status: string; result: string | null }>
  readonly rounds: Map<string, { status: string }>
}

interface WalletRow {
  readonly currency: string
  readonly cash: bigint
  readonly bonus: bigint
  readonly owed: bigint
}

async function standing(sql: Sql): Promise<Standing> {
  const wallets = await sql<(WalletRow & { id: string })[]>`
    select id, currency, cash_minor as cash, bonus_minor as bonus, owed_minor as owed from wallets`
  const bets = await sql<{ id: string; status: string; result: string | null }[]>`
    select id, status, result from bets`
  const rounds = await sql<{ id: string; status: string }[]>`select id, status from rounds`
  return { wallets: byId(wallets), bets: byId(bets), rounds: byId(rounds) }
}

const byId = <Row extends { id: string }>(rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row]))

/** What the tables say that a transaction did, in the words of a preview. */
async function whatHappened(sql: Sql, stood: Standing, transactionId: string) {
  const stands = await standing(sql)
  const legs = await sql<LegRow[]>`
    select j.type, l.account, l.amount_minor as amount, l.currency, l.balance_after as after, j.bet_id
    from ledger_entries l join journal j on j.lane = l.lane and j.seq = l.seq
    where l.transaction_id = ${Buffer.from(transactionId, 'base64url').toString().replace(/^\w+:/, '')}
    order by l.lane, l.seq, l.leg`
  const [round] = changed(stood.rounds, stands.rounds)
  return {
    wallets: changed(stood.wallets, stands.wallets).map(([, before, after]) => walletChange(before, after)),
    ledgerEntries: legs.map(shownLeg),
    bets: changed(stood.bets, stands.bets).map(([id, before, { status, result }]) => ({
      bet: { id: globalId('Bet', id) },
      statusBefore: before?.status,
      statusAfter: status,
      resultAfter: result,
    })),
    round: round
      ? {
          round: { id: globalId('Round', round[0]) },
          statusBefore: round[1]?.status,
          statusAfter: round[2].status,
        }
      : null,
  }
}

function changed<Row>(stood: Map<string, Row>, stands: Map<string, Row>): [string, Row | undefined, Row][] {
  return [...stands]
    .map(([id, after]): [string, Row | undefined, Row] => [id, stood.get(id), after])
    .filter(([, before, after]) => shown(before) !== shown(after))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

const shown = (row: unknown) =>
  JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))

function walletChange(before: WalletRow | undefined, after: WalletRow) {
  const { currency } = after
  const money = (minor: bigint) => ({ amount: formatDecimal(minor, currency), currency })
  const both = (of: 'cash' | 'bonus' | 'owed') => ({
    before: money(before?.[of] ?? 0n),
    after: money(after[of]),
  })
  return { currency, cash: both('cash'), bonus: both('bonus'), owed: both('owed') }
}

interface LegRow {
  readonly type: string
  readonly account: string
  readonly amount: bigint
  readonly currency: string
  readonly after: bigint | null
  readonly bet_id: string | null
}

const shownLeg = ({ type, account, amount, currency, after, bet_id: betId }: LegRow) => ({
  eventType: type.replaceAll(/(?<=.)[A-Z]/g, '_$&').toUpperCase(),
  account,
  amount: { amount: formatDecimal(amount, currency), currency },
  balanceBefore: after === null ? null : { amount: formatDecimal(after - amount, currency) },
  balanceAfter: after === null ? null : { amount: formatDecimal(after, currency) },
  bet: betId && { id: globalId('Bet', betId) },
})
