import { describe, expect, test } from 'vitest'
import { selection } from '../../src/conformance/selection.ts'
import { exactMinor } from '../../src/conformance/wire-json.ts'
import { readWorldFile, worldOf } from '../../src/conformance/world.ts'
import { worldFile } from '../support/buggy-wallet-server.ts'

const commands: string[] = []
const world = (given: object) =>
  worldOf(readWorldFile(JSON.stringify({ ...worldFile, ...given })), async (command) => {
    commands.push(command)
  })

describe('a world file', () => {
  test('becomes seats, amounts in minor units, and commands', async () => {
    const made = world({ commands: { block: 'block it', crash: 'kill it' } })
    expect(made).toMatchObject({
      currency: 'EUR',
      otherCurrency: 'SEK',
      gameCode: 'book',
      largestMinor: 6_372_709_234n,
      overLimitMinor: 5_000n,
      freeWinsTo: 'CASH',
    })
    const { main, expired } = made.seats
    expect(main).toEqual({ name: 'main', user: 'main', token: 'live-main', liveToken: 'live-main' })
    expect(expired).toMatchObject({ token: 'over-expired', liveToken: 'live-expired' })
    await made.block?.()
    await made.crash?.()
    expect(commands).toEqual(['block it', 'kill it'])
  })

  test('of yen has no decimals, and one of crowns another currency', () => {
    expect(world({ currency: 'JPY', players: { main: worldFile.players.main } }).largestMinor).toBe(
      63_727_092n,
    )
    expect(world({ currency: 'SEK' }).otherCurrency).toBe('EUR')
  })

  const { main } = worldFile.players
  test.each([
    ['an unknown currency', { currency: 'GOLD' }, 'currency is not a known currency code'],
    ['a player without a token', { players: { main: { user: 'x' } } }, 'players.main.token '],
    ['nobody', { players: {} }, 'players.main '],
    ['an empty name', { players: { main: { ...main, user: '' } } }, 'players.main.user is empty'],
    [
      'an expired player without a live token',
      { players: { main, expired: main } },
      'players.expired.liveToken ',
    ],
    ['a field that there is none of', { gmae: 'book' }, 'gmae'],
    ['an amount too fine', { largestAmount: '0.001' }, 'largestAmount EUR has 2 decimal places'],
    [
      'a limit that is no amount',
      { players: { main, limited: { ...main, overLimit: '1e3' } } },
      'players.limited.overLimit ',
    ],
  ])('with %s is refused by the name of the field', (_, given, complaint) => {
    expect(() => world(given)).toThrow(complaint)
  })

  test('that is not JSON is refused', () => {
    expect(() => readWorldFile('{')).toThrow('this is not JSON')
  })
})

describe('a selection', () => {
  test('is numbers and ranges', () => {
    expect([...selection('1-3, 23,36')]).toEqual([1, 2, 3, 23, 36])
  })

  test.each(['', '7-3', '1,,2', 'all', '0', '37', '1-99'])('is not %j', (text) => {
    expect(() => selection(text)).toThrow(/only (is not a list|names scenario)/)
  })
})

test.each([
  ['12.34', 1_234n],
  ['-12.340000', -1_234n],
  ['90071992547409.93', 9_007_199_254_740_993n],
  ['0', 0n],
  ['12.345', undefined],
  ['1e3', undefined],
  ['', undefined],
])('%s EUR is exactly %s minor units', (text, minor) => {
  expect(exactMinor(text, 2)).toBe(minor)
})
