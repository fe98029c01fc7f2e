import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isCompositeType,
  isRequiredArgument,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles } from '../../src/domain/operators/permissions.ts'
import { accessOf } from '../support/access-matrix.ts'
import { accessRules, type RuledField } from '../../src/graphql/access-rules.ts'
import { executableSchema } from '../../src/graphql/executable.ts'
import { resolvers, typeDefs } from '../../src/graphql/schema.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { Factory } from '../support/factory.ts'
import { transports, type Verdict } from '../support/transports.ts'

const types = ['Player', 'Wallet', 'Session', 'Round', 'Bet', 'Operator', 'Token']
const rules = accessRules(executableSchema({ typeDefs, resolvers }))

const profile = {
  name: 'Anna Berg',
  email: 'anna@example.com',
  phone: '+43 660 1234567',
  birth_date: '1990-12-31',
  blocked_reason: 'owes money',
}
const maskedProfile = {
  name: 'A*** B***',
  email: 'a***@e***.com',
  phone: '*************67',
  birthDate: '1990-**-**',
  blockedReason: '***',
}

let pitboss: TestApp
const ids = new Map<string, string>()

beforeAll(async () => {
  pitboss = await startTestApp()
  const { sql } = pitboss.database
  const factory = new Factory(sql)
  const seat = factory.seat({ id: pitboss.brandId, code: 'demo' })
  const bet = factory.bet(seat, { outcome: 'WON', payoutMinor: 500n })
  await factory.save()
  await sql`update player_profiles set ${sql(profile)} where player_id = ${seat.playerId}`
  const keys = {
    Player: seat.playerId,
    Wallet: seat.walletId,
    Session: seat.sessionId,
    Round: bet.roundId,
    Bet: bet.id,
    Operator: pitboss.operators.SUPPORT.operatorId,
    Token: pitboss.operators.SUPPORT.tokenId,
  }
  for (const [type, key] of Object.entries(keys)) ids.set(type, globalId(type, key))
})
afterAll(() => pitboss?.close())

/** The least that can be asked of a field. */
function selection(field: GraphQLField<unknown, unknown>): string {
  const moment = JSON.stringify(new Date().toISOString())
  const args = field.args.flatMap((arg) => {
    if (arg.name === 'first') return ['first: 1']
    return isRequiredArgument(arg) ? [`${arg.name}: ${moment}`] : []
  })
  const given = args.length > 0 ? `(${args.join(', ')})` : ''
  return `f: ${field.name}${given}${isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''}`
}

const operation = (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string =>
  `{ node(id: "${ids.get(type.name)}") { ... on ${type.name} { ${selection(field)} } } }`

/** Refused at the field, or at the door of its type, which answers the same whether the thing is there or not. */
const refusedAt = ['node.f', 'node']

/** What the answer says: refused, masked, or given. Anything else is told as it is. */
function seen({ data, errors }: Verdict, { field, rule }: RuledField): string {
  const [error] = errors
  if (error)
    return refusedAt.includes(error.path?.join('.') ?? '') && error.extensions.code === 'FORBIDDEN'
      ? 'DENY'
      : JSON.stringify(error)
  const value = (data as { node: { f: unknown } | null }).node?.f
  if (!rule.mask) return value === undefined ? 'nothing' : 'ALLOW'
  const mask = maskedProfile[field.name as keyof typeof maskedProfile]
  return value === mask
    ? 'MASK'
    : Object.values(profile).some((one) => one === value)
      ? 'ALLOW'
      : String(value)
}

const cases = rules.filter(({ type }) => types.includes(type.name))

describe.each(transports)('over %s', (_name, run) => {
  it.each(roles)('%s gets of every field what the rules say', async (role: Role) => {
    const found: Record<string, string> = {}
    const expected: Record<string, string> = {}
    for (const one of cases) {
      const place = `${one.type.name}.${one.field.name}`
      expected[place] = accessOf(role, one.rule)
      found[place] = seen(await run(pitboss, operation(one.type, one.field), role), one)
    }
    expect(found).toEqual(expected)
  })
})
