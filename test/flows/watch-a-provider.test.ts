import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { Factory } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'

let app: TestApp
let seats: readonly Seat[]
beforeAll(async () => {
  app = await startTestApp()
  const factory = new Factory(app.database.sql)
  const brand = { id: app.brandId, code: 'demo' }
  seats = [factory.seat(brand), factory.seat(brand)]
  for (const seat of seats) factory.bet(seat, { outcome: 'WON' })
  await factory.save()
})
afterAll(() => app.close())

const text = `subscription ($after: EventCursor, $provider: ID!) {
  betEvents(after: $after, filter: { provider: { eq: $provider }, type: { eq: WIN_RECORDED } }) {
    event { __typename ... on WinRecorded { player { id } } } } }`

test('the wins on games of one provider are watched, and nobody else’s', async () => {
  const { data } = await app.graphql<{ events: { pageInfo: { startCursor: string } } }>(
    '{ events(first: 1) { pageInfo { startCursor } } }',
    {},
    'ADMIN',
  )
  const after = data.events.pageInfo.startCursor
  for (const { providerId, playerId } of seats) {
    const provider = globalId('Provider', providerId)
    const results = app.socket().iterate({ query: text, variables: { after, provider } })
    const found = [(await results.next()).value, (await results.next()).value]
    expect(found.map((one) => one?.data)).toEqual([
      { betEvents: { event: { __typename: 'WinRecorded', player: { id: globalId('Player', playerId) } } } },
      { betEvents: { event: { __typename: 'StreamLive' } } },
    ])
    await results.return?.()
  }
})
