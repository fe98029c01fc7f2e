import { isIPv4 } from 'node:net'
import type { PiiMask } from './generated.ts'

/** Personal data as it is shown to those who may not see it; enough to tell two apart, not enough to tell who. */
export const masks: Readonly<Record<PiiMask, (text: string) => string>> = {
  EMAIL: maskEmail,
  NAME: (text) => text.split(/\s+/u).filter(Boolean).map(initial).join(' '),
  PHONE: (text) => '*'.repeat(Math.max(text.length - 2, 3)) + (text.length > 4 ? text.slice(-2) : ''),
  DATE: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text.slice(0, 4)}-**-**` : '***'),
  TEXT: () => '***',
  IP: (text) => (isIPv4(text) ? `${text.split('.').slice(0, 2).join('.')}.*.*` : maskIpv6(text)),
}

const initial = (word: string): string => `${String.fromCodePoint(word.codePointAt(0) ?? 42)}***`

function maskEmail(text: string): string {
  const [, name, domain] = /^(.+)@([^@]+)$/.exec(text) ?? []
  if (name === undefined || domain === undefined) return '***'
  const dot = domain.lastIndexOf('.')
  return dot > 0 ? `${initial(name)}@${initial(domain)}${domain.slice(dot)}` : `${initial(name)}@***`
}

const maskIpv6 = (text: string): string => {
  const [first = '', second = ''] = text.split(':')
  return /^[0-9a-f]{1,4}$/i.test(first) && /^[0-9a-f]{1,4}$/i.test(second) ? `${first}:${second}:*` : '***'
}

/** What is no text is hidden whole: a mask for it does not exist. */
export function masked(mask: PiiMask, value: unknown): unknown {
  if (value === null || value === undefined) return value
  return typeof value === 'string' ? masks[mask](value) : '***'
}
