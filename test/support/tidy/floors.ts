// Which file may import which: the floors of the house, and the order of the nouns.
import type { Source } from './source.ts'

/** Lowest first. An import may go down or stay in its folder; never up, never to another folder of its floor. */
const floors: readonly (readonly string[])[] = [
  ['src/lib/'],
  ['src/db/'],
  ['src/domain/'],
  ['src/integrations/', 'src/live/'],
  ['src/graphql/'],
  ['src/server/'],
  ['src/console/', 'src/simulator/', 'src/conformance/', 'src/cli/'],
  ['src/'],
]

/** Left to right: a noun may import those on its left. */
const nouns = [
  'journal audit brands operators players wallets providers games',
  'sessions rounds bets money figures invariants reconciliation search risk reports exports',
].flatMap((line) => line.split(' '))

/** What every noun may import, and what may import the leftmost noun. */
const domainContext = 'src/domain/context.ts'

/** Stricter than the floors: the only places that the folder may import from, beside itself. */
const only: Readonly<Record<string, readonly string[]>> = {
  'src/console/': [],
  'src/simulator/': ['src/lib/', 'src/integrations/'],
  'src/conformance/': ['src/lib/', 'src/integrations/'],
}

/** Looser than the floors: the commands are an entry of their own. */
const also: Readonly<Record<string, readonly string[]>> = {
  'src/cli/': ['src/config.ts', 'src/app.ts', 'src/simulator/', 'src/conformance/'],
}

const forbidden: Readonly<Record<string, readonly string[]>> = {
  'src/graphql/': ['src/db/', 'drizzle-orm', 'postgres'],
}

const folderOf = (path: string) => floors.flat().find((folder) => path.startsWith(folder)) ?? ''
const floorOf = (path: string) => floors.findIndex((folders) => folders.includes(folderOf(path)))
const within = (path: string, places: readonly string[]) => places.some((place) => path.startsWith(place))
const nounOf = (path: string) => /^src\/domain\/([^/]+)\//.exec(path)?.[1]

export const floorProblems = (sources: readonly Source[]): string[] =>
  sources
    .filter((source) => source.path.startsWith('src/'))
    .flatMap((source) =>
      source.imports.flatMap((target) => {
        const problem = importProblem(source.path, target)
        return problem ? [`${source.path} imports ${target}: ${problem}`] : []
      }),
    )

function importProblem(from: string, to: string): string | undefined {
  const folder = folderOf(from)
  if (within(to, forbidden[folder] ?? [])) return 'forbidden there'
  if (!to.startsWith('src/')) return to.startsWith('test/') ? 'source never imports tests' : undefined
  if (folderOf(to) === folder) return folder === 'src/domain/' ? nounProblem(from, to) : undefined
  if (within(to, also[folder] ?? [])) return undefined
  const allowed = only[folder]
  if (allowed && !within(to, allowed)) return 'not one of the few places it may import from'
  if (floorOf(to) > floorOf(from)) return 'goes up'
  return floorOf(to) === floorOf(from) ? 'goes sideways' : undefined
}

function nounProblem(from: string, to: string): string | undefined {
  if (to === domainContext) return undefined
  const [left, right] = [nouns.indexOf(nounOf(to) ?? ''), nouns.indexOf(nounOf(from) ?? '')]
  if (left < 0) return `${nounOf(to) ?? to} is not in the list of nouns`
  if (from === domainContext) return left === 0 ? undefined : 'the context knows the leftmost noun only'
  return left > right ? 'goes to a noun on its right' : undefined
}

/** One message for each way in a circle. */
export function cycleProblems(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, source.imports]))
  const done = new Set<string>()
  const problems: string[] = []
  const visit = (path: string, way: readonly string[]) => {
    const seen = way.indexOf(path)
    if (seen >= 0) problems.push([...way.slice(seen), path].join(' -> '))
    if (seen >= 0 || done.has(path)) return
    for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...way, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return problems
}

/** Files of src that nothing in src imports and nobody starts. */
export function unreferencedProblems(sources: readonly Source[], entries: readonly string[]): string[] {
  const inside = sources.filter((source) => source.path.startsWith('src/'))
  const imported = new Set(inside.flatMap((source) => source.imports))
  return inside
    .filter(({ path }) => !imported.has(path) && !within(path, entries))
    .map(({ path }) => `${path} is not used`)
}
