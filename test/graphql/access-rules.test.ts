import { describe, expect, it } from 'vitest'
import { executableSchema } from '../../src/graphql/executable.ts'
import { masked } from '../../src/graphql/masks.ts'
import { tinySchema } from '../support/tiny-schema.ts'

const serve = (sdl: string) => () => executableSchema(tinySchema(sdl))

describe('a schema', () => {
  it('with fields that have no rule is not served, and the error names them all', () => {
    const sdl = `
      type Query { open: Int @public forgotten: Int thing: Thing @public }
      type Thing { a: Int b: Int @auth(requires: [BETS_READ]) empty: Int @auth(requires: []) }`
    expect(serve(sdl)).toThrow(
      `the schema's access rules are incomplete:
  Query.forgotten has no rule: @auth or @public is missing
  Thing.a has no rule: @auth or @public is missing
  Thing.empty has no rule: @auth or @public is missing`,
    )
  })

  it.each([
    ['a non-null field', 'type Query { a: Int! @auth(requires: [BETS_READ]) }', 'Query.a'],
    [
      'a non-null link to a protected type',
      'type Query { a: T! @public } type T @auth(requires: [BETS_READ]) { x: Int }',
      'Query.a',
    ],
    [
      'a non-null list of non-null protected things',
      'type Query { a: [T!]! @public } type T @auth(requires: [BETS_READ]) { x: Int }',
      'Query.a',
    ],
    [
      'a non-null link to an interface with a protected type',
      'type Query { a: I! @public } interface I { x: Int } type T implements I @auth(requires: [BETS_READ]) { x: Int }',
      'Query.a',
    ],
  ])('in which the refusal of %s would blank what is above is not served', (_title, sdl, field) => {
    expect(serve(sdl)).toThrow(`${field} must be nullable: it needs BETS_READ, which Query does not`)
  })

  it.each([
    [
      'of its own type',
      'type Query { t: T @public } type T @auth(requires: [BETS_READ]) { x: Int! @auth(requires: [BETS_READ]) }',
    ],
    [
      'of the same permission below',
      'type Query { t: T @auth(requires: [BETS_READ]) } type T @auth(requires: [BETS_READ]) { u: T! }',
    ],
    [
      'in a list whose things may be null',
      'type Query { t: [T]! @public } type T @auth(requires: [BETS_READ]) { x: Int! }',
    ],
  ])('with a non-null field %s is served', (_title, sdl) => {
    expect(serve(sdl)).not.toThrow()
  })
})

describe('a mask', () => {
  it.each([
    ['EMAIL', 'anna.berg@example.com', 'a***@e***.com'],
    ['EMAIL', 'x@localhost', 'x***@***'],
    ['EMAIL', 'no address', '***'],
    ['NAME', 'Anna  Maria Berg', 'A*** M*** B***'],
    ['NAME', '😀mile', '😀***'],
    ['PHONE', '+43 660 1234567', '*************67'],
    ['PHONE', '112', '***'],
    ['DATE', '1990-12-31', '1990-**-**'],
    ['DATE', '31.12.1990', '***'],
    ['TEXT', 'owes money', '***'],
    ['IP', '203.0.113.9', '203.0.*.*'],
    ['IP', '2001:db8:85a3::1', '2001:db8:*'],
    ['IP', '::1', '***'],
  ] as const)('%s hides %s as %s', (mask, text, shown) => {
    expect(masked(mask, text)).toBe(shown)
  })

  it('leaves null as null and hides what is no text', () => {
    expect(masked('EMAIL', null)).toBeNull()
    expect(masked('TEXT', 7)).toBe('***')
  })
})
