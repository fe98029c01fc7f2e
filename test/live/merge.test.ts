import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/domain/journal/types.ts'
import { mergeLanes } from '../../src/live/merge.ts'
import { anEvent } from '../support/an-event.ts'

const at = (lane: number, seq: number, recordedUs: number) =>
  anEvent({ lane, seq: BigInt(seq), recordedUs: BigInt(recordedUs) })

const names = (events: readonly JournalEvent[]) => events.map(({ lane, seq }) => `${lane}.${seq}`)

describe('merging lanes', () => {
  test('events come by stamp, then lane', () => {
    const rows = [at(0, 1, 10), at(0, 2, 30), at(3, 1, 20), at(3, 2, 30), at(1, 1, 10)]
    expect(names(mergeLanes(rows, 9).events)).toEqual(['0.1', '1.1', '3.1', '0.2', '3.2'])
  })

  test('a lane is never reordered, whatever its stamps say', () => {
    const rows = [at(0, 1, 50), at(0, 2, 10), at(1, 1, 20), at(1, 2, 60)]
    expect(names(mergeLanes(rows, 9).events)).toEqual(['1.1', '0.1', '0.2', '1.2'])
  })

  test('nothing later than the last stamp of a lane that is cut short is released', () => {
    const rows = [at(0, 1, 10), at(0, 2, 40), at(1, 1, 20), at(1, 2, 30), at(2, 1, 35), at(2, 2, 50)]
    const { events, cut } = mergeLanes(rows, 2)
    expect(names(events)).toEqual(['0.1', '1.1', '1.2'])
    expect(cut).toBe(true)
  })

  test('a page that is cut short always releases something', () => {
    const rows = [at(0, 1, 50), at(0, 2, 10), at(1, 1, 90)]
    expect(names(mergeLanes(rows, 2).events)).toEqual(['0.1', '0.2'])
  })

  test('without a cut everything is released', () => {
    expect(mergeLanes([at(0, 1, 10), at(1, 1, 5)], 2)).toMatchObject({ cut: false, events: { length: 2 } })
    expect(mergeLanes([], 2)).toEqual({ cut: false, events: [] })
  })
})
