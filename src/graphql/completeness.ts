// Every generated resolver is optional. This type names the ones that must be written: where graphql's own (the
// property of that name) would not give what the schema declares.
import type { Resolvers, ResolversParentTypes } from './generated.ts'

type Defined<T> = Exclude<T, undefined>

/** What a field's resolver gives, awaited or not. */
type Given<Field> =
  Defined<Field> extends infer Resolver
    ? Resolver extends (...args: never[]) => infer Result
      ? Result
      : never
    : never

/** Whether the row itself answers: it has the property, in the declared shape. Roots have no row, but `never`. */
type Answered<Parent, Name, Field> = Name extends keyof Parent
  ? [Parent[Name]] extends [never]
    ? false
    : [Parent[Name]] extends [Given<Field>]
      ? true
      : false
  : false

type DemandedOf<Fields, Parent> = {
  [Name in keyof Fields & string]: Name extends `__${string}`
    ? never
    : Answered<Parent, Name, Fields[Name]> extends true
      ? never
      : Name
}[keyof Fields & string]

type Types = Extract<keyof Resolvers, keyof ResolversParentTypes>

type WrittenOf<Written, Name> = Name extends keyof Written ? keyof Written[Name] & string : never

/** Verbs name their refusals themselves, as text: no type says that a code is one of its mutation's. */
type VerbsWord = `${string}Error.${'code' | 'field'}`

/** `Bet.stake | …`: the fields for which a resolver is needed and not written. Never, when all is well. */
export type Lacking<Written> = Exclude<LackingOf<Written>, VerbsWord>

type LackingOf<Written> = {
  [Name in Types]: Defined<Resolvers[Name]> extends infer Fields
    ? Exclude<
        DemandedOf<Fields, ResolversParentTypes[Name]>,
        WrittenOf<Written, Name>
      > extends infer Field extends string
      ? `${Name}.${Field}`
      : never
    : never
}[Types]
