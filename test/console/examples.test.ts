import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, getOperationAST, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { examples } from '../support/examples.ts'

const SCHEMA_FOLDER = join(import.meta.dirname, '../../schema')
const files = globSync('**/*.graphql', { cwd: SCHEMA_FOLDER }).sort()
const named = examples.map(({ text }) => ({ name: nameOf(text), text }))

describe('the example tabs of GraphiQL', () => {
  test('every example holds one named operation, and no name twice', () => {
    const names = named.map(({ name }) => name)
    expect(names).not.toContain(undefined)
    expect(new Set(names).size).toBe(named.length)
  })

  test.for(named)('$name is valid against the schema', ({ text }) => {
    const sdl = files.map((file) => readFileSync(join(SCHEMA_FOLDER, file), 'utf8')).join('\n')
    const errors = validate(buildSchema(sdl), parse(text))
    expect(errors.map(({ message }) => message)).toEqual([])
  })
})

function nameOf(text: string): string | undefined {
  return getOperationAST(parse(text))?.name?.value
}
