import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { permissions, rolePermissions, roles } from '../../src/domain/operators/permissions.ts'
import { errorCodes } from '../../src/graphql/errors.ts'
import { limits } from '../../src/graphql/limit-values.ts'

const root = new URL('../../', import.meta.url)
const readme = readFileSync(new URL('README.md', root), 'utf8')

/** The cells of the table whose heading begins with this cell. */
function table(heading: string): string[][] {
  const lines = readme.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`))
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'))
  return lines.slice(start, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

const codes = (cell: string | undefined) => [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code)

test('the role table of README is the one in the code', () => {
  const [heading, , ...rows] = table('permission')
  expect(heading).toEqual(['permission', ...roles])
  expect(rows).toEqual(
    permissions.map((one) => [
      `\`${one}\``,
      ...roles.map((role) => (rolePermissions[role].includes(one) ? '✓' : '')),
    ]),
  )
})

test('the error codes of README are all of them, in order', () => {
  const [, , ...rows] = table('code')
  expect(rows.flatMap(([cell]) => codes(cell))).toEqual([...errorCodes])
})

test('README names every variable of the configuration', () => {
  const source = readFileSync(new URL('src/config.ts', root), 'utf8')
  const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name)
  const [, , ...rows] = table('variable')
  expect(names.length).toBeGreaterThan(10)
  expect(new Set(rows.flatMap(([cell]) => codes(cell)))).toEqual(new Set(names))
})

test('README tells the limits that are in force', () => {
  const row = table('code').find(([cell]) => cell === '`LIMIT_EXCEEDED`')
  const { tokens, depth, aliases, directives, mutations } = limits
  const told = `tokens ${tokens.toLocaleString('en')}, depth ${depth}, aliases ${aliases}, directives ${directives}`
  expect(row?.[1]).toContain(`${told}, mutations ${mutations}`)
})
