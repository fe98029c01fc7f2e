// Checks of input that many verbs share. Each refuses by a Problem INPUT_INVALID that names the field.
import { isIP } from 'node:net'
import { Problem } from '../../lib/problem.ts'

/** A reason is text of a person's own. */
export const reasonLengthMax = 500

export function refuseInput(field: string, message: string): never {
  throw new Problem('INPUT_INVALID', `${field} ${message}`, field)
}

/** Text on one line, not blank, at most so many characters, none of which is a control character. */
export function checkText(field: string, text: string, lengthMax: number): void {
  if (text.trim() === '') refuseInput(field, 'is empty')
  if (text.length > lengthMax) refuseInput(field, `is longer than ${lengthMax} characters`)
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text)) {
    refuseInput(field, 'has characters that cannot be printed')
  }
}

/** The same for text that need not be there. */
export function checkOptionalText(field: string, text: string | null | undefined, lengthMax: number): void {
  if (text !== null && text !== undefined) checkText(field, text, lengthMax)
}

export const checkReason = (reason: string): void => checkText('reason', reason, reasonLengthMax)

/** Whether it can be a key of another system: printable ASCII without spaces. */
export const isExternalKey = (key: string): boolean => /^[\x21-\x7e]{1,128}$/.test(key)

export function checkExternalKey(field: string, key: string): void {
  if (!isExternalKey(key)) refuseInput(field, 'is not 1 to 128 printable ASCII characters without spaces')
}

export function checkCountry(field: string, country: string | null | undefined): void {
  if (country !== null && country !== undefined && !/^[A-Z]{2}$/.test(country)) {
    refuseInput(field, 'is not a country code of two capital letters')
  }
}

export function checkIp(field: string, ip: string | null | undefined): void {
  if (ip !== null && ip !== undefined && isIP(ip) === 0) refuseInput(field, 'is not an IP address')
}
