import {
  defaultTypeResolver,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  isObjectType,
} from 'graphql'
import type { Shape } from './plan.ts'

type ObjectShape = Extract<Shape, { kind: 'OBJECT' | 'ABSTRACT' }>
type AbstractShape = Extract<Shape, { kind: 'ABSTRACT' }>

/** The object type of a value, checked as graphql-js does; a promise when its type's own check is one. */
export function runtimeTypeOf(
  shape: ObjectShape,
  value: unknown,
  context: unknown,
  info: GraphQLResolveInfo,
): GraphQLObjectType | PromiseLike<GraphQLObjectType> {
  if (shape.kind === 'OBJECT') return checked(shape.object, value, context, info)
  const resolve = shape.abstract.resolveType ?? defaultTypeResolver
  const name = resolve(value, context, info, shape.abstract)
  if (isThenable(name)) {
    return name.then((came) => checked(valid(came, shape, info), value, context, info))
  }
  return checked(valid(name, shape, info), value, context, info)
}

function valid(
  name: unknown,
  { abstract }: AbstractShape,
  { schema }: GraphQLResolveInfo,
): GraphQLObjectType {
  const type = typeof name === 'string' ? schema.getType(name) : undefined
  if (isObjectType(type) && schema.isSubType(abstract, type)) return type
  throw new GraphQLError(`"${abstract.name}" was resolved to "${String(name)}", which is none of its types.`)
}

function checked(
  type: GraphQLObjectType,
  value: unknown,
  context: unknown,
  info: GraphQLResolveInfo,
): GraphQLObjectType | PromiseLike<GraphQLObjectType> {
  if (!type.isTypeOf) return type
  const fits = type.isTypeOf(value, context, info)
  return isThenable(fits) ? fits.then((came) => sure(came, type)) : sure(fits, type)
}

function sure(fits: boolean, type: GraphQLObjectType): GraphQLObjectType {
  if (fits) return type
  throw new GraphQLError(`A value that should be of type "${type.name}" is not.`)
}

export const isThenable = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function'
