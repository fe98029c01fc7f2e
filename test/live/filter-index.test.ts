import { describe, expect, test } from 'vitest'
import { type EventFilter, idDimensionNames, matchesFilter } from '../../src/domain/journal/filter.ts'
import { eventTypes } from '../../src/domain/journal/types.ts'
import { FilterIndex } from '../../src/live/filter-index.ts'
import { anEvent } from '../support/an-event.ts'
import { type Random, seeded } from '../support/random.ts'

const ids = ['a', 'b', 'c']

function someFilter(random: Random): EventFilter {
  const some = () => new Set(ids.filter(() => random.chance(0.4)))
  const named = idDimensionNames.filter(() => random.chance(0.2)).map((name) => [name, some()])
  return {
    brandIds: some(),
    ...(random.chance(0.5) ? { types: new Set(eventTypes.filter(() => random.chance(0.3))) } : {}),
    ...(Object.fromEntries(named) as Partial<EventFilter>),
    ...(random.chance(0.3) ? { amount: { currency: 'EUR', gteMinor: 10n, lteMinor: 20n } } : {}),
    ...(random.chance(0.3) ? { late: random.chance(0.5) } : {}),
  }
}

function someEvent(random: Random) {
  const id = () => (random.chance(0.2) ? null : random.pick(ids))
  return anEvent({
    type: random.pick(eventTypes),
    brandId: id(),
    playerId: id(),
    sessionId: id(),
    gameId: id(),
    providerAccountId: id(),
    roundId: id(),
    betId: id(),
    amountMinor: BigInt(random.int(30)),
    currency: random.pick(['EUR', 'USD']),
    facts: random.chance(0.5) ? { late: true } : {},
  })
}

describe('the index of filters', () => {
  test('finds everyone who matches, nobody twice', () => {
    const random = seeded(3)
    const index = new FilterIndex<EventFilter>()
    const filters = Array.from({ length: 300 }, () => someFilter(random))
    for (const filter of filters) index.add(filter, filter)
    let matched = 0
    for (let n = 0; n < 500; n += 1) {
      const event = someEvent(random)
      const found = [...index.candidates(event)].flatMap((group) => [...group])
      expect(new Set(found).size).toBe(found.length)
      const wanted = filters.filter((filter) => matchesFilter(filter, event))
      expect(new Set(found.filter((filter) => matchesFilter(filter, event)))).toEqual(new Set(wanted))
      matched += wanted.length
    }
    expect(matched).toBeGreaterThan(1000)
  })

  test('who left is not found any more', () => {
    const index = new FilterIndex<number>()
    const filter = { brandIds: new Set(['a']), playerIds: new Set(['b', 'c']) }
    index.add(filter, 1)
    index.add(filter, 2)
    index.remove(filter, 1)
    const event = anEvent({ brandId: 'a', playerId: 'c' })
    expect([...index.candidates(event)].map((group) => [...group])).toEqual([[2]])
    index.remove(filter, 2)
    expect([...index.candidates(event)]).toEqual([])
  })

  test('two thousand who watch other players are not asked', () => {
    const index = new FilterIndex<number>()
    for (let n = 0; n < 2000; n += 1) {
      index.add({ brandIds: new Set(['a']), playerIds: new Set([`other-${n}`]) }, n)
    }
    expect([...index.candidates(anEvent({ brandId: 'a', playerId: 'b' }))]).toEqual([])
  })
})
