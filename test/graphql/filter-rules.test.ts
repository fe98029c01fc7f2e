// A filter must not tell what the field it looks at would not: every filter that needs a permission, on every list that
// takes it, asked by somebody who has all but that one.
import { type GraphQLInputType, isInputObjectType, isListType, isNonNullType, isScalarType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { permissions, type Permission } from '../../src/domain/operators/permissions.ts'
import { executableSchema } from '../../src/graphql/executable.ts'
import { argumentCheck, filterRules } from '../../src/graphql/filter-rules.ts'
import { resolvers, typeDefs } from '../../src/graphql/schema.ts'
import { tinySchema } from '../support/tiny-schema.ts'

const schema = executableSchema({ typeDefs, resolvers })
const rules = filterRules(schema)
const needy = rules.filter(({ rule }) => rule.requires.length > 0)

const fields = Object.values(schema.getTypeMap())
  .flatMap((type) => ('getFields' in type && !isInputObjectType(type) ? Object.values(type.getFields()) : []))
  .filter((field) => 'args' in field)

const plain = (type: GraphQLInputType): unknown =>
  isNonNullType(type) ? plain(type.ofType) : isListType(type) ? [] : isScalarType(type) ? true : {}

const cases = needy.flatMap(({ type, field, rule }) =>
  rule.requires.map((permission) => ({ name: `${type.name}.${field.name}`, type, field, permission })),
)

const without = (permission: Permission) => new Set(permissions.filter((one) => one !== permission))

describe('a filter', () => {
  test.for(cases)(
    'over $name is refused without $permission, wherever it stands',
    ({ type, field, permission }) => {
      const lists = fields.filter(({ args }) => args.some((arg) => arg.type === type))
      expect(lists).not.toEqual([])
      const value = { [field.name]: plain(field.type) }
      for (const list of lists) {
        const check = argumentCheck(rules, list) ?? expect.fail(`${list.name} is not checked`)
        const ask = (filter: object, held = without(permission)) => check({ filter }, held)?.path
        expect(ask(value)).toBe(`filter.${field.name}`)
        expect(ask(value, new Set(permissions))).toBeUndefined()
        expect(ask({ [field.name]: null })).toBeUndefined()
        if (!type.getFields()['or']) continue
        expect(ask({ or: [{}, { not: value }] })).toBe(`filter.or[1].not.${field.name}`)
        expect(ask({ and: [{ and: [value] }] })).toBe(`filter.and[0].and[0].${field.name}`)
      }
    },
  )

  test('over an address, a device, a balance and a debt is among them', () => {
    const names = cases.map(({ name, permission }) => `${name} ${permission}`)
    for (const one of [
      'SessionFilter.ip SESSIONS_NETWORK',
      'SessionFilter.device SESSIONS_NETWORK',
      'ActivityFilter.ip SESSIONS_NETWORK',
      'ActivityFilter.device SESSIONS_NETWORK',
      'PlayerFilter.cash WALLETS_READ',
      'PlayerFilter.bonus WALLETS_READ',
      'PlayerFilter.owes WALLETS_READ',
      'LedgerEntryFilter.bet BETS_READ',
      'LedgerEntryFilter.player PLAYERS_READ',
      'TransactionFilter.wallet WALLETS_READ',
      'TransactionFilter.session SESSIONS_READ',
    ]) {
      expect(names).toContain(one)
    }
  })

  test('over a masked field needs the unmasked one', () => {
    const made = executableSchema(
      tinySchema(`
        type Query { things(filter: ThingFilter): [Thing] @public }
        type Thing @public { name: String @pii(mask: NAME) }
        input ThingFilter { name: String }`),
    )
    expect(filterRules(made).map(({ rule }) => rule.requires)).toEqual([['PLAYERS_PII']])
  })

  test('whose field has no namesake and no rule keeps the server from starting', () => {
    const sdl = `
      type Query { things(filter: ThingFilter): [Thing] @public }
      type Thing @public { name: String }
      input ThingFilter { name: String size: Int }`
    expect(() => executableSchema(tinySchema(sdl))).toThrow(
      `the schema's access rules are incomplete:
  ThingFilter.size has no rule: @auth or @public is missing`,
    )
  })
})
