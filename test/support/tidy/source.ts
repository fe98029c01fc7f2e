// A hand-written TypeScript file as the house rules see it. Reads with the parser that Vite brings along: TypeScript 7
// has no JavaScript API that is settled yet.
import { posix } from 'node:path'
import { parseSync } from 'vite'

export interface Source {
  readonly path: string
  readonly text: string
  /** Without comments; offsets and line breaks stay. */
  readonly code: string
  readonly nodes: readonly Node[]
  /** What it imports: paths of our own files, names of packages. Types count as well. */
  readonly imports: readonly string[]
}

export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly parent: Node | undefined
  readonly [key: string]: unknown
}

export function readSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const nodes = [...walk(program, undefined)]
  return { path, text, code: withoutComments(text, comments), nodes, imports: importsOf(path, nodes) }
}

export const lineOf = (source: Source, offset: number): number =>
  source.text.slice(0, offset).split('\n').length

function* walk(value: unknown, parent: Node | undefined): Generator<Node> {
  if (Array.isArray(value)) {
    for (const one of value) yield* walk(one, parent)
  } else if (typeof value === 'object' && value !== null && 'type' in value) {
    const node = { ...value, parent } as Node
    yield node
    for (const [key, child] of Object.entries(value)) if (key !== 'parent') yield* walk(child, node)
  }
}

function withoutComments(text: string, comments: readonly { start: number; end: number }[]): string {
  let code = text
  for (const { start, end } of comments) {
    code = code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, ' ') + code.slice(end)
  }
  return code
}

const importing = /^(Import|ExportNamed|ExportAll)(Declaration|Expression)$|^TSImportType$/

function importsOf(path: string, nodes: readonly Node[]): string[] {
  const specifiers = nodes.flatMap((node) => {
    if (!importing.test(node.type)) return []
    const source = (node['source'] ?? node['argument']) as { value?: unknown } | null
    return typeof source?.value === 'string' ? [source.value] : []
  })
  return specifiers.map((one) => (one.startsWith('.') ? posix.join(posix.dirname(path), one) : one))
}
