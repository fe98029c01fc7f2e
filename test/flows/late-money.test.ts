// Money that moves after its round was completed: what it was is told by the events, and found by their filter.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { startTestApp, seedOperator, type TestApp } from '../support/app.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld } from '../support/money-world.ts'

let app: TestApp
let world: MoneyWorld
let seat: MoneySeat
let token: string

beforeAll(async () => {
  app = await startTestApp()
  world = await openMoneyWorld(app.database)
  const brands = await world.sql<{ id: string }[]>`select id from brands`
  const brandIds = brands.map(({ id }) => id)
  token = (await seedOperator(world.sql, 'ADMIN', brandIds)).token
  seat = await world.seat(1000n)
  const { bet, endRound, rollback, win } = world.commands
  const reverse = { afterWin: 'REVERSE_REFERENCED' } as const
  const process = world.process()
  for (const command of [
    bet(seat, { key: 'b1' }),
    win(seat, { key: 'w1', referenceKey: 'b1' }),
    endRound(seat, { key: 'e1' }),
    win(seat, { key: 'w2', referenceKey: 'b1' }),
    bet(seat, { key: 'b2' }),
    endRound(seat, { key: 'e2' }),
    rollback(seat, { key: 'x1', referenceKey: 'w2', ...reverse }),
    rollback(seat, { key: 'x2', referenceKey: 'b2', ...reverse }),
  ]) {
    expect((await process.send(command)).verdict).toBe('OK')
  }
})
afterAll(async () => {
  await world.close()
  await app.close()
})

const fields = `__typename
  ... on BetPlaced { late } ... on WinRecorded { late } ... on WinRolledBack { late } ... on BetRolledBack { late }`

const kinds = ['BET_PLACED', 'WIN_RECORDED', 'WIN_ROLLED_BACK', 'BET_ROLLED_BACK']

interface Found {
  readonly __typename: string
  readonly late?: boolean
}

async function events(filter: object): Promise<Found[]> {
  const { data } = await app.graphql<{ events: { nodes: Found[]; totalCount: { value: number } } }>(
    `query ($filter: EventFilter) {
      events(first: 20, filter: $filter) { nodes { ${fields} } totalCount { value } } }`,
    { filter: { player: { eq: globalId('Player', seat.playerId) }, ...filter } },
    { token },
  )
  expect(data.events.totalCount.value).toBe(data.events.nodes.length)
  return data.events.nodes
}

test('a late bet, a late win, and what is taken back late are told apart and found', async () => {
  const found = (...types: string[]) => types.map((__typename) => ({ __typename, late: true }))
  expect(await events({ late: true })).toEqual(
    found('WinRecorded', 'BetPlaced', 'WinRolledBack', 'BetRolledBack'),
  )
  expect(await events({ late: true, type: { eq: 'BET_PLACED' } })).toEqual(found('BetPlaced'))
  expect(await events({ late: true, type: { eq: 'WIN_RECORDED' } })).toEqual(found('WinRecorded'))
})

test('what came in time, and what can never be late, is what is left', async () => {
  const all = await events({})
  const inTime = await events({ late: false })
  expect(inTime).toEqual(all.filter(({ late }) => !late))
  expect(await events({ late: false, type: { in: kinds } })).toEqual([
    { __typename: 'BetPlaced', late: false },
    { __typename: 'WinRecorded', late: false },
  ])
  expect(await events({ not: { late: true } })).toEqual(inTime)
})

test('late money is watched alone', async () => {
  const { data } = await app.graphql<{ events: { pageInfo: { startCursor: string } } }>(
    '{ events(first: 1) { pageInfo { startCursor } } }',
    {},
    { token },
  )
  const results = app.socket({ token }).iterate({
    query: `subscription ($after: EventCursor) {
      betEvents(after: $after, filter: { late: true }) { event { ${fields} } } }`,
    variables: { after: data.events.pageInfo.startCursor },
  })
  for (const type of ['WinRecorded', 'BetPlaced', 'WinRolledBack', 'BetRolledBack', 'StreamLive']) {
    const { value } = await results.next()
    expect(value?.data).toMatchObject({ betEvents: { event: { __typename: type } } })
  }
  await results.return?.()
})
