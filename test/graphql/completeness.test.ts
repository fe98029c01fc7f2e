import { expect, test } from 'vitest'
import type { Lacking } from '../../src/graphql/completeness.ts'
import type { resolvers } from '../../src/graphql/schema.ts'

type All = typeof resolvers
type Without<Type extends keyof All, Field extends keyof All[Type]> = Omit<All, Type> & {
  [Name in Type]: Omit<All[Type], Field>
}
type Fields<Names extends string> = { readonly [Name in Names]: true }

// These are checked by the compiler: a field that nobody wrote is an error that names it.
const nothing: Lacking<All>[] = [] satisfies never[]
// @ts-expect-error a relation has no property on its row
const relation: Fields<Lacking<Without<'Bet', 'player'>>> = {}
// @ts-expect-error an amount's property is minor units, not Money
const amount: Fields<Lacking<Without<'Money', 'amount'>>> = {}
// @ts-expect-error a field of Query has no row at all
const root: Fields<Lacking<Without<'Query', 'bets'>>> = {}
const named: Fields<Lacking<Without<'Bet', 'player' | 'timeline'>>> = {
  'Bet.player': true,
  'Bet.timeline': true,
}

test('the compiler names exactly the resolvers that were taken away', () => {
  expect([nothing, relation, amount, root]).toEqual([[], {}, {}, {}])
  expect(Object.keys(named)).toEqual(['Bet.player', 'Bet.timeline'])
})
