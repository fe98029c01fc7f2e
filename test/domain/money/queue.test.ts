import { describe, expect, test } from 'vitest'
import { Queue, type Waiting } from '../../../src/domain/money/queue.ts'

const limits = { waitingMax: 1000, answerWithinMs: 60_000, batchMax: 64, streams: 2 }

const bet = (session: string): Waiting => ({
  unit: { commands: [{ tokenHash: Buffer.from(session) }] } as unknown as Waiting['unit'],
  since: performance.now(),
  resolve: () => undefined,
})

function queueOf(...sessions: string[]): Queue {
  const queue = new Queue(limits)
  for (const session of sessions) queue.add(bet(session))
  return queue
}

const sessionsOf = (batch: readonly Waiting[]) =>
  batch.map(({ unit }) => ('tokenHash' in unit.commands[0] ? unit.commands[0].tokenHash.toString() : ''))

const many = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name}${n}`)

describe('the line of the commit streams', () => {
  test('gives what comes in the same turn as one batch', async () => {
    const queue = queueOf()
    const batch = queue.take(0)
    for (const session of ['a', 'b', 'c']) queue.add(bet(session))
    expect(sessionsOf(await batch)).toEqual(['a', 'b', 'c'])
  })

  test('gathers while a batch is under way, and gives what has come once that is over', async () => {
    const queue = queueOf('a')
    await queue.take(0)
    const second = queue.take(1)
    queue.add(bet('b'))
    queue.add(bet('c'))
    const first = queue.take(0)
    expect(sessionsOf(await first)).toEqual(['b', 'c'])
    queue.close()
    expect(await second).toEqual([])
  })

  test('gives another stream a whole batch at once', async () => {
    const queue = queueOf('a')
    await queue.take(0)
    const second = queue.take(1)
    for (const session of many(40, 'b')) queue.add(bet(session))
    expect(sessionsOf(await second)).toEqual(many(32, 'b'))
  })

  test('does not wait for a batch that is held up', async () => {
    const queue = queueOf('a')
    await queue.take(0)
    const second = queue.take(1)
    queue.add(bet('b'))
    expect(sessionsOf(await second)).toEqual(['b'])
  })

  test('gives a session to one stream at a time, in the order of coming', async () => {
    const queue = queueOf('a', 'a')
    expect(sessionsOf(await queue.take(0))).toEqual(['a', 'a'])
    const second = queue.take(1)
    for (const session of ['a', ...many(40, 'b'), 'a']) queue.add(bet(session))
    expect(sessionsOf(await second)).toEqual(many(32, 'b'))
    expect(sessionsOf(await queue.take(0))).toEqual(['a', ...many(40, 'b').slice(32), 'a'])
  })

  test('shares a long line out among the streams', async () => {
    const queue = queueOf(...many(100, 'a'))
    expect(await queue.take(0)).toHaveLength(50)
    expect(await queue.take(1)).toHaveLength(32)
  })

  test('tells what is not written yet, in line and under way, and for how long the oldest', async () => {
    const queue = queueOf('a', 'b')
    expect(await queue.take(0)).toHaveLength(2)
    queue.add({ ...bet('c'), since: performance.now() - 5000 })
    expect(queue.backlog().waiting).toBe(3)
    expect(queue.backlog().oldestMs).toBeGreaterThanOrEqual(5000)
    expect(await queue.take(0)).toHaveLength(1)
    void queue.take(0)
    expect(queue.backlog()).toEqual({ waiting: 0, oldestMs: 0 })
  })

  test('has something for every stream when it is closed, and ends then', async () => {
    const queue = queueOf('a')
    await queue.take(0)
    queue.add(bet('b'))
    queue.close()
    expect(sessionsOf(await queue.take(1))).toEqual(['b'])
    expect(await queue.take(0)).toEqual([])
  })
})
