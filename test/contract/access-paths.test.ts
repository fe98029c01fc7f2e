// What each role gets of every field over every kind of path, from a running server, compared with the rules that
// access-matrix.golden.txt writes down; and that a brand sees nothing of another brand that holds the same.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Role, roles } from '../../src/domain/operators/permissions.ts'
import { accessRules, typeNeeds } from '../../src/graphql/access-rules.ts'
import { executableSchema } from '../../src/graphql/executable.ts'
import { masked } from '../../src/graphql/masks.ts'
import { resolvers, typeDefs } from '../../src/graphql/schema.ts'
import { accessOf } from '../support/access-matrix.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { idsOfBrand, keysOfBrand } from '../support/brand-ids.ts'
import { firstCursor, foreign } from '../support/foreign.ts'
import { pathsOf, schemaWalk } from '../support/schema-paths.ts'
import { type BrandScene, marker, seedTwoBrands } from '../support/two-brands.ts'
import { type Compared, compare, given, type Seen, Walker } from '../support/walker.ts'
import { unseen } from './access-unseen.ts'

const schema = executableSchema({ typeDefs, resolvers })
const rules = new Map(accessRules(schema).map((one) => [`${one.type.name}.${one.field.name}`, one.rule]))
const { walks, skipped } = schemaWalk(schema)

let pitboss: TestApp
let brands: readonly [BrandScene, BrandScene]
let walkers: readonly [Walker, Walker]
/** What the role that may do all sees: all other answers are compared with it. */
let whole: readonly Seen[]

beforeAll(async () => {
  // Everybody walks over the whole schema at once, as nobody does: that is not to be paid for here.
  const costs = { operationMax: 10 ** 8, bucket: 10 ** 12, restorePerSecond: 10 ** 8 }
  let moment: Date | undefined
  pitboss = await startTestApp({ config: { costs }, clock: { now: () => moment ?? new Date() } })
  brands = await seedTwoBrands(pitboss)
  // All are answered at one moment: figures of today are others after midnight.
  moment = new Date()
  const [first, second] = await Promise.all(brands.map(walkerOf))
  if (!first || !second) throw new Error('there are two brands')
  walkers = [first, second]
  whole = await first.walk(pitboss.tokens.ADMIN)
}, 120_000)
afterAll(() => pitboss?.close())

const walkerOf = async ({ id, admin }: BrandScene) =>
  new Walker(
    pitboss,
    walks,
    await idsOfBrand(pitboss.database.sql, id),
    await firstCursor(pitboss, admin.token),
  )

test('every field can be asked for, and an administrator is refused nothing', () => {
  expect([...skipped]).toEqual([])
  const errors = whole.flatMap(({ results }) => results.flatMap((one) => one.errors))
  expect(errors.map(({ message, path }) => `${path?.join('.')}: ${message}`)).toEqual([])
})

/** Whether a field has a rule beside its type's: then only a value shows that the rule holds. */
function hasOwnRule(place: string): boolean {
  const rule = rules.get(place)
  const type = schema.getType(place.split('.')[0] ?? '')
  const ofType = type ? typeNeeds(schema, type) : []
  return rule?.mask !== undefined || (rule?.requires ?? []).some((one) => !ofType.includes(one))
}

test('every type is reached over each of its paths, and every field with a rule of its own has a value', () => {
  const seen = new Set(whole.flatMap(given))
  const types = new Set([...seen].map((one) => one.replace(/\..*/, '')))
  const known = unseen.flatMap(({ fields }) => fields)
  const missing = [...pathsOf(walks)].flatMap(([place, kinds]) =>
    [...kinds]
      .filter((kind) => !seen.has(`${kind} ${place}`))
      // A search finds one thing of each type: that one may lack what another one has.
      .filter(
        (kind) => (kind !== 'search' && hasOwnRule(place)) || !types.has(`${kind} ${place.split('.')[0]}`),
      )
      .map((kind) => `${kind} ${place}`),
  )
  expect(missing.filter((one) => !known.some((place) => one.endsWith(` ${place}`)))).toEqual([])
})

function outcomeOf({ step, reference, value, refusal }: Compared): string {
  if (value === undefined) return refusal === 'FORBIDDEN' ? 'DENY' : (refusal ?? 'nothing')
  const mask = rules.get(`${step.type.name}.${step.field.name}`)?.mask
  return mask && value !== reference
    ? value === masked(mask, reference)
      ? 'MASK'
      : 'another value'
    : 'ALLOW'
}

/** A thing that may not be read is not given by the link that leads to it either. */
function expectedOf(role: Role, { step }: Compared): readonly string[] {
  const rule = rules.get(`${step.type.name}.${step.field.name}`) ?? { requires: [] }
  const beyond = step.branches.flatMap(({ on }) => typeNeeds(schema, on))
  const through = accessOf(role, { requires: [...rule.requires, ...beyond] })
  return through === 'DENY' ? [accessOf(role, rule), through] : [accessOf(role, rule)]
}

describe('over lists, global ids, links, searches and subscriptions', { timeout: 120_000 }, () => {
  test.each(roles.filter((role) => role !== 'ADMIN'))(
    '%s gets of each field what its rule says',
    async (role) => {
      const answers = await walkers[0].walk(pitboss.tokens[role])
      const wrong = new Set<string>()
      for (const [at, reference] of whole.entries()) {
        for (const one of compare(reference, answers[at] ?? { walk: reference.walk, results: [] })) {
          const [outcome, expected] = [outcomeOf(one), expectedOf(role, one)]
          const place = `${one.step.kind} ${one.step.type.name}.${one.step.field.name}`
          if (!expected.includes(outcome)) wrong.add(`${place}: ${outcome}, not ${expected.join(' or ')}`)
        }
      }
      expect([...wrong]).toEqual([])
    },
  )
})

describe('two brands that hold the same', { timeout: 120_000 }, () => {
  test.each([
    [0, 1],
    [1, 0],
  ] as const)('brand %i sees no key and no word of brand %i, whatever way it looks', async (own, other) => {
    const keys = await keysOfBrand(pitboss.database.sql, brands[other].id)
    expect(keys.size).toBeGreaterThan(100)
    const answers = own === 0 ? whole : await walkers[1].walk(brands[1].admin.token)
    const word = other === 1 ? marker : 'demo'
    const found = answers.flatMap(({ walk, results }) =>
      results.flatMap(({ data }) => foreign(data, keys, word).map((one) => `${walk.root.field.name}${one}`)),
    )
    expect(found).toEqual([])
  })

  test('what is asked for by an id of the other brand is not there', async () => {
    const answers = await walkers[1].walk(brands[0].admin.token)
    const shared = ['Game', 'Provider']
    const found = answers
      .filter(({ walk }) => walk.by !== undefined && !shared.includes(walk.by))
      .flatMap(({ walk, results }) => results.map(({ data, errors }) => ({ walk, data, errors })))
      .filter(
        ({ data, errors }) =>
          errors.length > 0 || (data as { nodes: unknown[] }).nodes.some((one) => one !== null),
      )
    expect(found.map(({ walk, data }) => [walk.by, data])).toEqual([])
  })
})
