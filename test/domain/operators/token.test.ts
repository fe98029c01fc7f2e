import { expect, it } from 'vitest'
import { apiToken, apiTokenHash, isApiToken } from '../../../src/domain/operators/token.ts'

it('a token is its prefix, 192 bits and a checksum, the same for the same bytes', () => {
  const token = apiToken(Buffer.alloc(24, 7))
  expect(token).toBe('pb_04hRzgefUy8S7YcHUrJGoeiJTKldGueU315qjF3')
  expect(apiTokenHash(token)).toHaveLength(32)
  expect(apiToken(Buffer.alloc(24, 0))).toMatch(/^pb_0{33}[0-9A-Za-z]{6}$/)
  expect(apiToken(Buffer.alloc(24, 255))).toMatch(/^pb_[0-9A-Za-z]{39}$/)
  expect(() => apiToken(Buffer.alloc(16))).toThrow('a token is made of 24 bytes')
})

it('of random tokens no two are the same, and all are tokens', () => {
  const tokens = Array.from({ length: 1000 }, () => apiToken())
  expect(new Set(tokens).size).toBe(1000)
  expect(tokens.every(isApiToken)).toBe(true)
})

it('a token with one wrong character is none', () => {
  const token = apiToken(Buffer.alloc(24, 7))
  for (let at = 0; at < token.length; at += 1) {
    const wrong = token.charAt(at) === 'x' ? 'y' : 'x'
    expect(isApiToken(token.slice(0, at) + wrong + token.slice(at + 1))).toBe(false)
  }
  for (const text of ['', 'pb_', token.slice(0, -1), `${token}0`, ` ${token}`])
    expect(isApiToken(text)).toBe(false)
})
