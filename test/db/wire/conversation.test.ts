import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Lane, openLane } from '../../../src/db/lane.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase
let lane: Lane
beforeAll(async () => {
  database = await createTestDatabase()
  await database.sql`create table notes (note text primary key)`
})
beforeEach(async () => {
  lane = await openLane(database.target, { applicationName: 'wire test' })
})
afterEach(() => lane?.close())
afterAll(() => database?.drop())

const insert = (note: string) => ({ text: 'insert into notes (note) values ($1)', parameters: [note] })
const notes = async () =>
  (await database.sql<{ note: string }[]>`select note from notes`).map(({ note }) => note)

describe('a burst', () => {
  test('that stands together ends at the first error, which all the rest have', async () => {
    for (let times = 0; times < 2; times += 1) {
      const replies = await lane.burst(
        [{ text: 'begin' }, insert('apart'), insert('apart'), insert('behind'), { text: 'commit' }],
        'together',
      )
      expect(replies.map((one) => ('rows' in one ? one.command : one.code))).toEqual([
        'BEGIN',
        'INSERT',
        '23505',
        '23505',
        '23505',
      ])
      await expect(lane.burst([{ text: 'rollback' }])).resolves.toMatchObject([{ command: 'ROLLBACK' }])
    }
    expect(await notes()).not.toContain('apart')
    expect(await lane.succeed([{ text: 'begin' }, insert('all'), { text: 'commit' }])).toMatchObject([
      { command: 'BEGIN' },
      { command: 'INSERT' },
      { command: 'COMMIT' },
    ])
    expect(await notes()).toContain('all')
  })

  test('whose statement has a stale plan says so once, and goes on', async () => {
    await database.sql`create table changing (a int)`
    const read = { text: 'select * from changing where a > $1', parameters: [0] }
    await lane.run(read)
    await database.sql`alter table changing add column b int`
    await expect(lane.run(read)).rejects.toMatchObject({ code: '0A000' })
    expect((await lane.run(read)).command).toBe('SELECT')
    await database.sql`drop table changing`
  })

  test('of larger pieces than a message of the network comes whole', async () => {
    const text = 'zü'.repeat(500_000)
    const replies = await lane.burst(
      Array.from({ length: 3 }, () => ({ text: 'select $1::text as back', parameters: [text] })),
    )
    for (const reply of replies) expect('rows' in reply && reply.rows).toEqual([{ back: text }])
  })
})

test.each([
  '0',
  '7',
  '-1',
  '999999999999999',
  '-999999999999999',
  '1000000000000000',
  '9223372036854775807',
  '-9223372036854775808',
])('a bigint of %s is read exactly', async (text) => {
  const { rows } = await lane.run({ text: 'select $1::text::bigint as value', parameters: [text] })
  expect(rows).toEqual([{ value: BigInt(text) }])
})
