// The house style as far as a machine can hold it. Every checker is tried on a planted violation first.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cycleProblems, floorProblems, unreferencedProblems } from './support/tidy/floors.ts'
import * as rules from './support/tidy/rules.ts'
import { readSource, type Source } from './support/tidy/source.ts'

const root = join(import.meta.dirname, '..')
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .trim()
  .split('\n')
  .filter((path) => existsSync(join(root, path)))
const exists = (path: string) => existsSync(join(root, path))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const generated = /^src\/graphql\/generated\.ts$|^test\/contract\/typed-client\/gql\//
const isSource = (path: string) => /^(src|test)\/.*\.tsx?$/.test(path) && !generated.test(path)
const sources = files.filter(isSource).map((path) => readSource(path, read(path)))
const all = (rule: (source: Source) => string[], chosen: (path: string) => boolean = () => true) =>
  sources.filter((source) => chosen(source.path)).flatMap(rule)

const isConfig = (path: string) => /(^|\/)[\w-]+\.config\.ts$|global-setup\.ts$/.test(path)
const topLevel = [
  'package.json package-lock.json tsconfig.json biome.json codegen.ts drizzle.config.ts vitest.config.ts',
  'LICENSE README.md drizzle schema src test',
].flatMap((line) => line.split(' '))
/** What is started, or found by a tool, rather than imported. */
const entries = ['src/main.ts', 'src/cli/main.ts', 'src/simulator/main.ts', 'src/console/', 'src/db/tables/']

describe('the project', () => {
  test('keeps files, functions and lines short', () => {
    expect([...all(rules.sizes), ...all(rules.functionSizes)]).toEqual([])
  })

  test('imports down the floors and to nouns on the left only', () => {
    expect(floorProblems(sources)).toEqual([])
  })

  test('has no import cycles', () => {
    expect(cycleProblems(sources)).toEqual([])
  })

  test.skipIf(!existsSync(join(root, 'src/main.ts')))('has no unused files', () => {
    expect(unreferencedProblems(sources, entries)).toEqual([])
  })

  test('has no default exports, any or !', () => {
    expect([...all(rules.defaultExports, (path) => !isConfig(path)), ...all(rules.looseTypes)]).toEqual([])
  })

  test('reads the environment in one place', () => {
    const allowed = /^src\/config\.ts$|^test\//
    expect(all(rules.environment, (path) => !allowed.test(path))).toEqual([])
  })

  test('writes to the console in commands only', () => {
    expect(all(rules.consoles, (path) => /^src\/(?!cli\/)/.test(path))).toEqual([])
  })

  test('loads Drizzle through one door', () => {
    const allowed = /^test\/|^src\/db\/(drizzle|connection|build)\.ts$/
    expect(all(rules.drizzleImports, (path) => !allowed.test(path))).toEqual([])
  })

  test('says no dangerous words in SQL', () => {
    expect(all(rules.sqlWords, (path) => /^src\/(db|domain)\//.test(path))).toEqual([])
  })

  test('keeps its top level small', () => {
    const names = new Set(files.map((path) => path.split('/')[0] ?? ''))
    expect([...names].filter((name) => !name.startsWith('.') && !topLevel.includes(name))).toEqual([])
  })

  test('names nothing of one machine', () => {
    const texts = files.filter((path) => !/\.(png|ico|woff2?|gz)$/.test(path))
    expect(texts.flatMap((path) => rules.leakProblems(path, read(path)))).toEqual([])
  })

  test('names only paths that exist in its documents', () => {
    const documents = ['README.md', 'src/README.md'].filter((path) => files.includes(path))
    expect(documents.flatMap((path) => rules.pathProblems(path, read(path), exists))).toEqual([])
  })
})

const importing = (path: string, ...targets: string[]): Source => ({
  ...readSource(path, ''),
  imports: targets,
})

describe('a checker finds what is planted', () => {
  test.each([
    ['src/lib/a.ts', 'src/db/b.ts', 'goes up'],
    ['src/integrations/a.ts', 'src/live/b.ts', 'goes sideways'],
    ['src/cli/a.ts', 'src/main.ts', 'goes up'],
    ['src/server/a.ts', 'src/config.ts', 'goes up'],
    ['src/graphql/a.ts', 'src/db/connection.ts', 'forbidden there'],
    ['src/graphql/a.ts', 'drizzle-orm/pg-core', 'forbidden there'],
    ['src/console/a.ts', 'src/lib/money.ts', 'not one of the few places it may import from'],
    ['src/simulator/a.ts', 'src/domain/bets/queries.ts', 'not one of the few places it may import from'],
    ['src/domain/players/a.ts', 'src/domain/bets/b.ts', 'goes to a noun on its right'],
    ['src/domain/players/a.ts', 'src/domain/misc/b.ts', 'misc is not in the list of nouns'],
    ['src/domain/context.ts', 'src/domain/bets/b.ts', 'the context knows the leftmost noun only'],
    ['src/lib/a.ts', 'test/support/b.ts', 'source never imports tests'],
  ])('%s must not import %s', (from, to, what) => {
    expect(floorProblems([importing(from, to)])).toEqual([`${from} imports ${to}: ${what}`])
  })

  test.each([
    ['src/domain/bets/a.ts', 'src/domain/players/b.ts'],
    ['src/domain/bets/a.ts', 'src/domain/context.ts'],
    ['src/cli/a.ts', 'src/simulator/b.ts'],
    ['src/simulator/a.ts', 'src/integrations/b.ts'],
    ['src/app.ts', 'src/server/b.ts'],
  ])('%s may import %s', (from, to) => {
    expect(floorProblems([importing(from, to)])).toEqual([])
  })

  test('cycles and unused files', () => {
    const circle = [
      importing('src/a.ts', 'src/b.ts'),
      importing('src/b.ts', 'src/c.ts'),
      importing('src/c.ts', 'src/b.ts'),
    ]
    expect(cycleProblems(circle)).toEqual(['src/b.ts -> src/c.ts -> src/b.ts'])
    expect(unreferencedProblems(circle, [])).toEqual(['src/a.ts is not used'])
    expect(unreferencedProblems(circle, ['src/a.ts'])).toEqual([])
  })

  test('every way to import', () => {
    const text = `import './a.ts'\nexport { b } from '../b.ts'\nexport * from './c.ts'
      import type { D } from './d.ts'\nconst e = await import('./e.ts')\ntype F = import('./f.ts').F`
    const paths = ['src/x/a.ts', 'src/b.ts', 'src/x/c.ts', 'src/x/d.ts', 'src/x/e.ts', 'src/x/f.ts']
    expect(readSource('src/x/y.ts', text).imports).toEqual(paths)
  })

  test('sizes', () => {
    const long = readSource(
      'a.ts',
      `const a = () => {\n${'\n'.repeat(69)}}\n// ${'x'.repeat(118)}\n${'\n'.repeat(300)}a()`,
    )
    expect(rules.sizes(long)).toEqual(['a.ts:72 is 121 columns wide', 'a.ts has 373 lines'])
    expect(rules.functionSizes(long)).toEqual(['a.ts:1 a function of 71 lines'])
    expect(rules.functionSizes(readSource('a.ts', `describe('x', () => {${'\n'.repeat(80)}})`))).toEqual([])
  })

  test.each([
    [rules.defaultExports, 'export default 1', 'a.ts:1 has a default export'],
    [rules.looseTypes, 'let a: any', 'a.ts:1 says any'],
    [rules.looseTypes, 'a!.b()', 'a.ts:1 says !'],
    [rules.environment, `\nprocess.env['A']`, 'a.ts:2 reads process.env'],
    [rules.consoles, 'console.log(1)', 'a.ts:1 writes to the console'],
    [rules.drizzleImports, "import { sql } from 'drizzle-orm'", 'a.ts:1 loads Drizzle itself'],
  ])('%o in %s', (rule, text, problem) => {
    expect(rule(readSource('a.ts', text))).toEqual([problem])
  })

  test.each([
    'sql`select 1 from wallets for update`',
    'sql`insert into transactions (id) values (1) on conflict (id) do nothing`',
    'sql`insert into journal (lane, recorded_at) values (1, now())`',
    'sql`select * from bets`',
    'sql.begin(run)',
    'db.transaction(run)',
  ])('%s', (text) => {
    expect(rules.sqlWords(readSource('a.ts', text))).toHaveLength(1)
  })

  test('what is allowed in SQL, and comments', () => {
    const text = 'sql`select count(*) from wallets for no key update` // never sql.begin'
    expect(rules.sqlWords(readSource('a.ts', text))).toEqual([])
  })

  test('what belongs to one machine', () => {
    // Put together here, so that this file does not say them itself.
    const text = [
      ['see /wor', 'k/x'],
      ['see ../shar', 'ed/x'],
      ['https://registry.npmjs', '.org/x'],
    ]
      .map((halves) => halves.join(''))
      .join('\n')
    expect(rules.leakProblems('a.md', text).sort()).toEqual([
      'a.md:1 names a path of one machine',
      'a.md:2 points outside the project',
      'a.md:3 names a package registry',
    ])
  })

  test('paths that lead nowhere', () => {
    const text = 'see `src/gone.ts`, `src/here.ts`, `here.ts`, `domain/gone.ts`, `a/b`'
    expect(rules.pathProblems('src/README.md', text, (path) => path === 'src/here.ts')).toEqual([
      'src/README.md names src/gone.ts, which is not there',
      'src/README.md names domain/gone.ts, which is not there',
    ])
  })
})
