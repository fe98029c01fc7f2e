// Secrets never reach the database: game tokens and whatever is named like a secret are replaced in stored bytes.
// Works on the text, not on parsed JSON, so that a broken body hides nothing. Errs on the side of hiding more.

const mark = '[redacted]'

/** A shorter secret is only replaced under its own name: elsewhere it would blot out ordinary text. */
const literalBytesMin = 8

const names = 'token|secret|passw|authori[sz]ation|bearer|api[_-]?key|private[_-]?key|credential|cookie'

/**
 * A name, what may follow it within a key, a separator, and the value: a string (also one that never ends), a list
 * or object (then all the rest), or a bare word. Every repetition is bounded or cannot fail: linear on any input.
 */
const named = new RegExp(
  `((?:${names})[\\w.-]{0,32}\\\\?["']?\\s{0,16}[:= ]\\s{0,16})` +
    `("(?:[^"\\\\]|\\\\[\\s\\S])*"?|'(?:[^'\\\\]|\\\\[\\s\\S])*'?|\\\\"(?:[^"\\\\]|\\\\[^"])*(?:\\\\")?` +
    `|[[{][\\s\\S]*|(?:bearer|basic)\\s{1,16}\\S+|[^\\s,;&"'}\\]]+)`,
  'gi',
)

/** A game token is known by its prefix, wherever it stands and whatever it is called. */
const gameTokens = /gt_[\w-]{16,}/g

const endOfValue = /[\\"'\s,;&}\]]/

/** Letters written as \u00xx could spell a name past the pattern; no honest sender escapes them. */
const escapedAscii = /\\u00(?:2[0-13-9a-f]|[3-4][0-9a-f]|5[0-9abd-f]|[67][0-9a-f])/gi

/** Whatever is to be replaced has one of these in it. */
const suspicious = new RegExp(`${names}|gt_|\\\\u00`, 'i')

const isHarmless = (text: string, secrets: readonly string[]): boolean =>
  !suspicious.test(text) && !secrets.some((secret) => text.includes(secret))

/** Replaces the values of secret-like names, and the given secrets wherever they stand. Bytes in, bytes out. */
export function redact(bytes: Uint8Array, secrets: readonly string[] = []): Buffer {
  let text = Buffer.from(bytes).toString('latin1')
  const found = secrets.map((secret) => Buffer.from(secret).toString('latin1'))
  if (isHarmless(text, found)) return Buffer.from(bytes)
  text = text.replace(escapedAscii, (escape) => String.fromCharCode(Number.parseInt(escape.slice(2), 16)))
  text = text.replaceAll(gameTokens, mark).replace(named, (_, name: string, value: string) => {
    const [quote = ''] = /^\\?["']/.exec(value) ?? []
    const bare = value.slice(quote.length)
    if (!bare.startsWith(mark)) found.push(bare.split(endOfValue, 1)[0] ?? '')
    return `${name}${quote || '"'}${mark}${quote || '"'}`
  })
  // What stands under a secret's name is a secret wherever else it stands.
  for (const secret of found) {
    if (secret.length >= literalBytesMin) text = text.replaceAll(secret, mark)
  }
  return Buffer.from(text, 'latin1')
}

/** The same for short texts, such as a header's value. */
export const redactText = (text: string, secrets: readonly string[] = []): string =>
  isHarmless(text, secrets) ? text : redact(Buffer.from(text), secrets).toString()
