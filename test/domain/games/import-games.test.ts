import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GameRow, importGames } from '../../../src/domain/games/import-games.ts'
import { entriesOf, type House, openHouse, system } from '../../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const row = (code: string, given: Partial<GameRow> = {}): GameRow => ({
  line: 2,
  provider: 'spinwell',
  code,
  name: `Game ${code}`,
  category: 'SLOT',
  rtp: '0.965',
  deviation: '',
  status: '',
  ...given,
})
const games = (code: string) =>
  house.sql`select code, name, category, declared_rtp, declared_deviation, status from games where code = ${code}`

test('new games are added, changed ones brought up to date, others left alone', async () => {
  const first = [row('ember'), row('koi'), row('book', { name: 'Book of Tests', rtp: '' })]
  expect(await importGames(house.as(system), first)).toEqual({ added: 2, changed: 0, unchanged: 1 })
  const second = [row('ember'), row('koi', { name: 'Koi II', deviation: '7.25', status: 'DISABLED' })]
  expect(await importGames(house.as(system), second)).toEqual({ added: 0, changed: 1, unchanged: 1 })
  expect([...(await games('koi'))]).toEqual([
    {
      code: 'koi',
      name: 'Koi II',
      category: 'SLOT',
      declared_rtp: '0.965000',
      declared_deviation: '7.250000',
      status: 'DISABLED',
    },
  ])
  expect((await entriesOf(house, system)).at(-1)).toMatchObject({
    action: 'importGames',
    outcome: 'ALLOWED',
    after: { added: 0, changed: 1, unchanged: 1, providers: ['spinwell'] },
  })
})

test('more than one chunk of games is one import', async () => {
  const rows = Array.from({ length: 1_203 }, (_, index) => row(`many-${index}`))
  expect(await importGames(house.as(system), rows)).toEqual({ added: 1_203, changed: 0, unchanged: 0 })
})

test.each([
  ['line 7: there is no provider nobody', { provider: 'nobody' }],
  ['line 7: name is empty', { name: '' }],
  ['line 7: category is not one of SLOT, TABLE, LIVE, CRASH, INSTANT, OTHER', { category: 'POKER' }],
  ['line 7: rtp is not a fraction such as 0.965', { rtp: '96.5' }],
  ['line 7: deviation is not a number such as 7.2', { deviation: '7,2' }],
  ['line 7: status is not one of ENABLED, DISABLED', { status: 'ON' }],
  ['games line 7 names the game of line 2 again', { code: 'good' }],
])('all or nothing: %s', async (message, wrong) => {
  const rows = [row('good'), row('bad', { line: 7, ...wrong })]
  await expect(importGames(house.as(system), rows)).rejects.toThrow(message)
  expect([...(await games('good'))]).toEqual([])
})

test('it needs the permission', async () => {
  await expect(importGames(house.as(house.operator('SUPPORT')), [row('theirs')])).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  expect([...(await games('theirs'))]).toEqual([])
})
