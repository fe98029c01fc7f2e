import { Command } from 'commander'
import { parse } from 'csv-parse/sync'
import { readDatabaseConfig } from '../../config.ts'
import { type GameRow, importGames } from '../../domain/games/import-games.ts'
import { Problem } from '../../lib/problem.ts'
import { asSystem } from '../command-context.ts'
import { print } from '../output.ts'
import { readText } from '../read-text.ts'

const needed = ['provider', 'code', 'name', 'category'] as const
const columns: readonly string[] = [...needed, 'rtp', 'deviation', 'status']

export const gameCommand = (): Command =>
  new Command('game')
    .summary('import games')
    .description('Games belong to providers; every brand with an account of the provider can launch them.')
    .addCommand(importCommand())

const importCommand = (): Command =>
  new Command('import')
    .summary('add games from a CSV file, or bring them up to date')
    .description(
      'Adds the games of a CSV file (UTF-8, with a heading) and brings known ones up to date: all or none. ' +
        'Columns: provider, code, name, category; and rtp, deviation, status, which may be missing or empty. ' +
        'category is SLOT, TABLE, LIVE, CRASH, INSTANT or OTHER; rtp a fraction such as 0.965; ' +
        'deviation that of the payout of one unit staked; status ENABLED or DISABLED.',
    )
    .argument('<csv>', 'the file')
    .addHelpText(
      'after',
      '\nExample:\n  printf "provider,code,name,category,rtp\\nacme,book,Book of Acme,SLOT,0.965\\n" > games.csv\n' +
        '  npm run pitboss -- game import games.csv',
    )
    .action(async (path: string) => {
      const rows = parseGames(readText(path, 'csv'))
      const { added, changed, unchanged } = await asSystem(readDatabaseConfig(), (ctx) =>
        importGames(ctx, rows),
      )
      print(`${added} added, ${changed} changed, ${unchanged} unchanged`)
    })

function parseGames(text: string): GameRow[] {
  const records = parseCsv(text)
  const [first] = records
  if (!first) throw new Problem('FILE', 'csv has no games in it', 'csv')
  const missing = needed.filter((name) => !(name in first.record))
  const unknown = Object.keys(first.record).filter((name) => !columns.includes(name))
  if (missing.length > 0) throw new Problem('FILE', `csv lacks the columns ${missing.join(', ')}`, 'csv')
  if (unknown.length > 0) throw new Problem('FILE', `csv has unknown columns: ${unknown.join(', ')}`, 'csv')
  return records.map(({ record, info }) => {
    const cell = (name: string) => record[name] ?? ''
    const codes = { provider: cell('provider'), code: cell('code'), name: cell('name') }
    const facts = { category: cell('category'), rtp: cell('rtp'), deviation: cell('deviation') }
    return { line: info.lines, ...codes, ...facts, status: cell('status') }
  })
}

type Parsed = { readonly record: Record<string, string>; readonly info: { readonly lines: number } }[]

function parseCsv(text: string): Parsed {
  try {
    return parse(text, {
      columns: true,
      info: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
    }) as unknown as Parsed
  } catch (error) {
    throw new Problem('FILE', `csv: ${error instanceof Error ? error.message : String(error)}`, 'csv')
  }
}
