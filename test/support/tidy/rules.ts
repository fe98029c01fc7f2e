// Rules about one file at a time. Each returns its complaints as `path:line what`.
import { lineOf, type Node, type Source } from './source.ts'

export const ceilings = { fileLines: 300, functionLines: 70, lineLength: 120 }

type Rule = (source: Source) => string[]

const at = (source: Source, offset: number, what: string) =>
  `${source.path}:${lineOf(source, offset)} ${what}`

export const sizes: Rule = (source) => {
  const lines = source.text.trimEnd().split('\n')
  const long = lines.flatMap((line, i) =>
    line.length > ceilings.lineLength ? [`${source.path}:${i + 1} is ${line.length} columns wide`] : [],
  )
  return lines.length > ceilings.fileLines ? [...long, `${source.path} has ${lines.length} lines`] : long
}

export const functionSizes: Rule = (source) =>
  source.nodes.flatMap((node) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return []
    const lines = lineOf(source, node.end) - lineOf(source, node.start) + 1
    if (lines <= ceilings.functionLines || isGroupOfTests(source, node)) return []
    return [at(source, node.start, `a function of ${lines} lines`)]
  })

function isGroupOfTests(source: Source, node: Node): boolean {
  const { parent } = node
  return parent?.type === 'CallExpression' && /^describe\b/.test(source.code.slice(parent.start))
}

export const defaultExports: Rule = (source) =>
  source.nodes
    .filter((node) => node.type === 'ExportDefaultDeclaration')
    .map((node) => at(source, node.start, 'has a default export'))

export const looseTypes: Rule = (source) =>
  source.nodes.flatMap((node) => {
    if (node.type === 'TSAnyKeyword') return [at(source, node.start, 'says any')]
    return node.type === 'TSNonNullExpression' ? [at(source, node.end, 'says !')] : []
  })

export const environment: Rule = (source) =>
  found(source, source.code, /\bprocess\.env\b/g, 'reads process.env')

export const consoles: Rule = (source) =>
  found(source, source.code, /\bconsole\.\w+\(/g, 'writes to the console')

/** Node reads Drizzle's list of entries anew for every file that imports it, which starts pay for. */
export const drizzleImports: Rule = (source) =>
  found(source, source.code, /^import \{[^}]*\} from 'drizzle-orm/gm, 'loads Drizzle itself')

/** Words that the database floors must not say, each because it lost money or time in a trial. */
const forbiddenSql: readonly [RegExp, string][] = [
  [/\bfor update\b/gi, 'locks with FOR UPDATE: only FOR NO KEY UPDATE lets foreign keys pass'],
  [/insert into transactions\b[^;]*?\bon conflict\b[^;]*?\bdo nothing\b/gi, 'hides a duplicate transaction'],
  [
    /insert into journal\b[^;]*?\bnow\(\)/gi,
    'stamps the journal with now(), which is the start of the transaction',
  ],
  [/\bselect\s+\*/gi, 'says select *'],
  [/\bsql\s*\.\s*begin\b/g, 'uses sql.begin, which breaks when its connection does'],
  [/\.\s*transaction\s*\(/g, 'uses Drizzle transactions, which break when their connection does'],
]

export const sqlWords: Rule = (source) =>
  forbiddenSql.flatMap(([pattern, what]) => found(source, source.code, pattern, what))

/** What is true of one machine or one day only, in any committed file. */
const leaks: readonly [RegExp, string][] = [
  [/registry\.npmjs\.[o]rg|"resolve[d]": "http/g, 'names a package registry'],
  [/(?<![\w.-])\/(?:wor[k]|roo[t])\/\w/g, 'names a path of one machine'],
  [/\.\.\/share[d]\//g, 'points outside the project'],
]

export const leakProblems = (path: string, text: string): string[] =>
  leaks.flatMap(([pattern, what]) => found({ path, text }, text, pattern, what))

function found(source: Pick<Source, 'path' | 'text'>, text: string, pattern: RegExp, what: string): string[] {
  return [...text.matchAll(pattern)].map((match) => at(source as Source, match.index, what))
}

/** Paths of the project in backticks that lead nowhere; a README may name them from its own folder. */
export function pathProblems(readme: string, text: string, exists: (path: string) => boolean): string[] {
  const folder = readme.includes('/') ? readme.slice(0, readme.lastIndexOf('/') + 1) : ''
  const named = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)].map((match) => match[1] ?? '')
  return named
    .filter((path) => /^(src|test|schema|drizzle|\.ci)\/|\.(ts|sql|graphql|md)$/.test(path))
    .filter((path) => !exists(path) && !exists(folder + path))
    .map((path) => `${readme} names ${path}, which is not there`)
}
