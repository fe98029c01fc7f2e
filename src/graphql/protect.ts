import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { recordRefusal } from '../domain/audit/administer.ts'
import { accessRules, type FieldRule } from './access-rules.ts'
import type { GraphContext } from './context.ts'
import { forbidden } from './errors.ts'
import { argumentCheck, filterRules } from './filter-rules.ts'
import { masked } from './masks.ts'

/** Of three arguments: none of our resolvers asks for the fourth, and only who names it is given it. */
type Resolve = (source: unknown, args: Record<string, unknown>, ctx: GraphContext) => unknown
type FieldResolve = GraphQLFieldResolver<unknown, unknown>

/**
 * Puts every field behind its rule, once, whatever path leads to it. Checks are synchronous: one that waits would
 * take DataLoader its batches. Throws when the rules are incomplete.
 */
export function protect(schema: GraphQLSchema): GraphQLSchema {
  const mutation = schema.getMutationType()
  const filters = filterRules(schema)
  for (const { type, field, rule } of accessRules(schema)) {
    const check = argumentCheck(filters, field)
    if (rule.requires.length === 0 && !rule.mask && !check) continue
    const guardAll = (resolve: Resolve) => guard(rule, check ? guardFilters(check, resolve) : resolve)
    const resolve = (field.resolve ?? property(field.name)) as Resolve
    const guarded = type === mutation ? audited(field.name, rule, resolve) : guardAll(resolve)
    field.resolve = (rule.mask ? mask(rule.mask, guarded) : guarded) as FieldResolve
    if (field.subscribe) field.subscribe = guardAll(field.subscribe as Resolve) as FieldResolve
  }
  return schema
}

/** As a field without a resolver is resolved, of sources that have no methods. */
const property =
  (name: string): Resolve =>
  (source) =>
    (source as Readonly<Record<string, unknown>>)[name]

function guard({ requires }: FieldRule, resolve: Resolve): Resolve {
  return (source, args, ctx) => {
    for (const one of requires) if (!ctx.viewer.permissions.has(one)) throw forbidden(one)
    return resolve(source, args, ctx)
  }
}

/** A filter over what the caller may not read would tell it. */
function guardFilters(check: NonNullable<ReturnType<typeof argumentCheck>>, resolve: Resolve): Resolve {
  return (source, args, ctx) => {
    const missing = check(args, ctx.viewer.permissions)
    if (missing) throw forbidden(missing.permission, missing.path)
    return resolve(source, args, ctx)
  }
}

/** A refused mutation leaves its audit entry too. */
function audited(name: string, { requires }: FieldRule, resolve: Resolve): Resolve {
  return async (source, args, ctx) => {
    const missing = requires.find((one) => !ctx.viewer.permissions.has(one))
    if (missing === undefined) return resolve(source, args, ctx)
    await recordRefusal(ctx, name, 'FORBIDDEN')
    throw forbidden(missing)
  }
}

function mask(how: NonNullable<FieldRule['mask']>, resolve: Resolve): Resolve {
  return (source, args, ctx) => {
    const value = resolve(source, args, ctx)
    if (ctx.viewer.permissions.has('PLAYERS_PII')) return value
    return value instanceof Promise ? value.then((text) => masked(how, text)) : masked(how, value)
  }
}
