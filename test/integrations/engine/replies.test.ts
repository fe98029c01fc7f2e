import { expect, it } from 'vitest'
import type { OutboundBet } from '../../../src/domain/money/engine.ts'
import { readFate } from '../../../src/integrations/engine/replies.ts'

const bet: OutboundBet = {
  id: '01933ff0-0000-7000-8000-000000000001',
  playerExternalId: 'p-1',
  sessionId: '01933ff0-0000-7000-8000-000000000002',
  gameCode: 'reels',
  currency: 'EUR',
  stakeMinor: 150n,
  placedAt: new Date('2026-01-02T03:04:05.000Z'),
}

const played = {
  betId: bet.id,
  status: 'PLAYED',
  currency: 'EUR',
  stakeMinor: '150',
  payoutMinor: '300',
  playedAt: '2026-01-02T03:04:06.123Z',
  result: { symbols: ['bell', 'bell'], multiplier: 2 },
}

const read = (reply: object) => readFate(Buffer.from(JSON.stringify(reply)), bet)

it('what was played is read to the last unit', () => {
  expect(read(played)).toEqual({
    kind: 'PLAYED',
    payoutMinor: 300n,
    jackpotMinor: 0n,
    playedAt: new Date('2026-01-02T03:04:06.123Z'),
    result: { symbols: ['bell', 'bell'], multiplier: 2 },
  })
  expect(read({ ...played, jackpotMinor: '100' })).toMatchObject({ jackpotMinor: 100n })
  expect(read({ betId: bet.id, status: 'REJECTED' })).toEqual({ kind: 'REJECTED' })
  expect(read({ betId: bet.id, status: 'UNKNOWN' })).toEqual({ kind: 'UNHEARD' })
})

it.each([
  ['another bet', { betId: '01933ff0-0000-7000-8000-000000000009' }, 'betId is not that of the bet'],
  ['no bet', { betId: undefined }, 'betId is missing'],
  ['another status', { status: 'DONE' }, 'status is none of'],
  ['another currency', { currency: 'USD' }, 'currency is not that of the bet'],
  ['another stake', { stakeMinor: '151' }, 'stakeMinor is not that of the bet'],
  ['a stake as a number', { stakeMinor: 150 }, 'stakeMinor is not a text'],
  ['a payout as a number', { payoutMinor: 300 }, 'payoutMinor is not a text'],
  ['a payout below zero', { payoutMinor: '-1' }, 'payoutMinor is not an amount'],
  ['a payout with a fraction', { payoutMinor: '1.5' }, 'payoutMinor is not an amount'],
  ['a payout beyond the largest', { payoutMinor: '1000000000000001' }, 'payoutMinor is not an amount'],
  ['a jackpot above the payout', { jackpotMinor: '301' }, 'jackpotMinor is more than payoutMinor'],
  ['no time', { playedAt: 'yesterday' }, 'playedAt is not a time'],
  ['a time that is none', { playedAt: '2026-13-40T00:00:00Z' }, 'playedAt is not a time'],
  ['a time in no year', { playedAt: '0000-01-02T00:00:00Z' }, 'playedAt is not a time'],
  ['no result', { result: undefined }, 'result is missing'],
  ['a result that is no object', { result: 'won' }, 'result is not an object'],
  ['a result that is too long', { result: { text: 'x'.repeat(20_000) } }, 'result is too long'],
  ['a result with a NUL', { result: { text: '\0' } }, 'result is too long or not well-formed'],
])('a reply with %s is refused', (_, change, message) => {
  expect(() => read({ ...played, ...change })).toThrow(message)
})

it('a key that stands twice is refused', () => {
  const twice = JSON.stringify(played).replace('"payoutMinor":"300"', '"payoutMinor":"3","payoutMinor":"300"')
  expect(() => readFate(Buffer.from(twice), bet)).toThrow('a key stands twice')
})
