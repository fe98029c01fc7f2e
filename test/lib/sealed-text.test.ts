import { expect, test } from 'vitest'
import { openSealedText, sealText } from '../../src/lib/sealed-text.ts'

const secret = Buffer.from('a secret of this server, long enough')
const other = Buffer.from('a secret of another server, as long')
const opening =
  (sealed: Uint8Array, owner = 'account-1', key = secret) =>
  () =>
    openSealedText(key, sealed, owner)

test.each(['s', '', 'schlüssel 🔑', 'x'.repeat(1000)])('what is sealed opens for its owner: %#', (text) => {
  expect(opening(sealText(secret, text, 'account-1'))()).toBe(text)
})

test('the same text seals to other bytes each time, none of which are the text', () => {
  const [one, two] = [sealText(secret, 'the same text', 'a'), sealText(secret, 'the same text', 'a')]
  expect(one.equals(two)).toBe(false)
  expect(one.includes('same')).toBe(false)
})

test('it opens with no other secret and for no other owner', () => {
  const sealed = sealText(secret, 'text', 'account-1')
  expect(opening(sealed, 'account-2')).toThrow(expect.objectContaining({ code: 'SEALED' }))
  expect(opening(sealed, 'account-1', other)).toThrow(expect.objectContaining({ code: 'SEALED' }))
})

test('no bit of it can be changed, and none left out', () => {
  const sealed = sealText(secret, 'text', 'account-1')
  for (let at = 0; at < sealed.length; at += 1) {
    const altered = Buffer.from(sealed)
    altered.writeUInt8(altered.readUInt8(at) ^ 1, at)
    expect(opening(altered), `byte ${at}`).toThrow(expect.objectContaining({ code: 'SEALED' }))
    expect(opening(sealed.subarray(0, at)), `cut at ${at}`).toThrow(
      expect.objectContaining({ code: 'SEALED' }),
    )
  }
})
