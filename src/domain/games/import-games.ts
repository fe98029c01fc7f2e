import { sql } from '../../db/drizzle.ts'
import { build } from '../../db/build.ts'
import { games } from '../../db/tables/games.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { administer } from '../audit/administer.ts'
import { checkExternalKey, checkText, refuseInput } from '../audit/check.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

/** A game as it stands in a provider's list; texts as written there. */
export interface GameRow {
  /** Where it stands, for whoever has to mend it. */
  readonly line: number
  readonly provider: string
  readonly code: string
  readonly name: string
  readonly category: string
  /** A fraction such as 0.965; empty when not declared. */
  readonly rtp: string
  /** Of the payout of one unit staked; empty when not declared. */
  readonly deviation: string
  /** ENABLED when empty. */
  readonly status: string
}

export interface ImportResult {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
}

type NewGame = typeof games.$inferInsert

export const gamesPerImportMax = 20_000
const chunkSize = 500
const categories = games.category.enumValues
const statuses = games.status.enumValues

/** Adds new games and brings known ones up to date, all of the list or none of it. */
export function importGames(ctx: Context, rows: readonly GameRow[]): Promise<ImportResult> {
  return administer(ctx, {
    action: 'importGames',
    permission: 'GAMES_MANAGE',
    async work(tx, at) {
      if (rows.length === 0) refuseInput('games', 'are none')
      if (rows.length > gamesPerImportMax) refuseInput('games', `are more than ${gamesPerImportMax}`)
      checkDistinct(rows)
      const providerIds = await findProviders(tx, rows)
      const list = rows.map((row) => toGame(row, providerIds, at))
      let added = 0
      let changed = 0
      for (let from = 0; from < list.length; from += chunkSize) {
        for (const row of await tx.query(upsert(list.slice(from, from + chunkSize)))) {
          if (row['added']) added += 1
          else changed += 1
        }
      }
      const result = { added, changed, unchanged: rows.length - added - changed }
      return {
        result,
        audit: { subjectType: 'Game', after: { ...result, providers: [...providerIds.keys()] } },
      }
    },
  })
}

function checkDistinct(rows: readonly GameRow[]): void {
  const lines = new Map<string, number>()
  for (const { provider, code, line } of rows) {
    const key = `${provider} ${code}`
    const first = lines.get(key)
    if (first !== undefined) refuseInput('games', `line ${line} names the game of line ${first} again`)
    lines.set(key, line)
  }
}

async function findProviders(
  tx: VerbTransaction,
  rows: readonly GameRow[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { provider, line } of rows) {
    if (found.has(provider)) continue
    const [row] = await tx.run(
      `/* games: find a provider by code */ select id from providers where code = $1`,
      [provider],
    )
    if (!row)
      throw new Problem('PROVIDER_UNKNOWN', `line ${line}: there is no provider ${provider}`, 'provider')
    found.set(provider, String(row['id']))
  }
  return found
}

function toGame(row: GameRow, providerIds: ReadonlyMap<string, string>, at: Date): NewGame {
  const place = (what: string) => `line ${row.line}: ${what}`
  checkExternalKey(place('code'), row.code)
  checkText(place('name'), row.name, 200)
  const category = categories.find((one) => one === row.category)
  if (!category) refuseInput(place('category'), `is not one of ${categories.join(', ')}`)
  const status = row.status === '' ? 'ENABLED' : statuses.find((one) => one === row.status)
  if (!status) refuseInput(place('status'), `is not one of ${statuses.join(', ')}`)
  return {
    id: uuidv7(at),
    providerId: providerIds.get(row.provider) ?? '',
    code: row.code,
    name: row.name,
    category,
    declaredRtp: declared(
      place('rtp'),
      row.rtp,
      /^(?:0(?:\.\d{1,6})?|1(?:\.\d{1,6})?)$/,
      'a fraction such as 0.965',
    ),
    declaredDeviation: declared(
      place('deviation'),
      row.deviation,
      /^\d{1,5}(?:\.\d{1,6})?$/,
      'a number such as 7.2',
    ),
    status,
    createdAt: at,
  }
}

function declared(field: string, text: string, pattern: RegExp, what: string): string | null {
  if (text === '') return null
  if (!pattern.test(text)) refuseInput(field, `is not ${what}`)
  return text
}

/** Returns a row for each game that was new or that differed. */
function upsert(chunk: NewGame[]) {
  const { name, category, declaredRtp, declaredDeviation, status } = games
  const columns = { name, category, declaredRtp, declaredDeviation, status }
  const set = Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [key, sql.raw(`excluded.${column.name}`)]),
  )
  return build
    .insert(games)
    .values(chunk)
    .onConflictDoUpdate({
      target: [games.providerId, games.code],
      set,
      setWhere: sql`(${name}, ${category}, ${declaredRtp}, ${declaredDeviation}, ${status}) is distinct from
        (excluded.name, excluded.category, excluded.declared_rtp, excluded.declared_deviation, excluded.status)`,
    })
    .returning({ added: sql<boolean>`(xmax = 0)`.as('added') })
}
