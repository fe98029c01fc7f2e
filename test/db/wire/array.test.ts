import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrayLiteral, type Scalar } from '../../../src/db/arrays.ts'
import { type Lane, openLane } from '../../../src/db/lane.ts'
import { ArrayParameter } from '../../../src/db/wire/array.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase
let lane: Lane
beforeAll(async () => {
  database = await createTestDatabase()
  lane = await openLane(database.target)
})
afterAll(async () => {
  await lane?.close()
  await database?.drop()
})

const arrays: readonly (readonly [type: string, values: readonly Scalar[]])[] = [
  ['smallint', [0, 1, -1, 32_767, -32_768, null]],
  ['int', [0, 1, -1, 2_147_483_647, -2_147_483_648]],
  ['bigint', [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), undefined]],
  ['boolean', [true, false, null]],
  ['bytea', [Buffer.from('hi'), Buffer.alloc(0), Buffer.from([0, 255])]],
  ['text', ['', 'plain', 'a"b', 'NULL', 'zürich 🂡', 'x'.repeat(200_000), null]],
  ['jsonb', ['{"a": [1, "zürich"]}', 'null', null]],
  ['timestamptz', [new Date(0), new Date(-1), new Date('2000-01-01'), new Date('2026-03-01T12:00:00.123Z')]],
  ['uuid', ['01940000-0000-7000-8000-0000000000ff', 'ffffffff-ffff-ffff-ffff-ffffffffffff', null]],
  ['text', []],
  ['numeric', ['1.5', null]],
]

test.each(arrays)('an array of %s is in binary form what it is as text', async (type, values) => {
  const { rows } = await lane.run({
    text: `select $1::${type}[] = $2::${type}[] as same, cardinality($1::${type}[]) as count`,
    parameters: [new ArrayParameter(type, values), arrayLiteral(values)],
  })
  expect(rows).toEqual([{ same: true, count: values.length }])
})

test.each<readonly [string, readonly Scalar[], string]>([
  ['smallint', [40_000], '22003'],
  ['int', [2 ** 31], '22003'],
  ['bigint', [2n ** 63n], '22003'],
  ['int', [1.5], '22P02'],
  ['uuid', ['no id'], '22P02'],
  ['text', ['a\0b'], '22021'],
  ['jsonb', ['{'], '22P02'],
])('what %s cannot hold is refused by the server, %#', async (type, values, code) => {
  const text = `select cardinality($1::${type}[]) as count`
  await expect(lane.run({ text, parameters: [new ArrayParameter(type, values)] })).rejects.toMatchObject({
    code,
  })
  expect(lane.alive).toBe(true)
})
