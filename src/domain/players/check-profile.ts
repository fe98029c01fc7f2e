import { checkOptionalText, refuseInput } from '../audit/check.ts'
import type { Profile } from './insert-player.ts'

const emailPattern = /^[^\s@<>,;]{1,64}@[^\s@<>,;]+\.[^\s@<>,;.]{2,}$/
const phonePattern = /^\+[1-9]\d{5,14}$/

/** Refuses a profile whose fields cannot be true; every field may be missing. */
export function checkProfile({ name, email, phone, birthDate }: Profile, now: Date): void {
  checkOptionalText('name', name, 200)
  checkOptionalText('email', email, 254)
  if (typeof email === 'string' && !emailPattern.test(email)) refuseInput('email', 'is not an e-mail address')
  if (typeof phone === 'string' && !phonePattern.test(phone)) {
    refuseInput('phone', 'is not a number in international form, such as +35621234567')
  }
  if (typeof birthDate === 'string') checkBirthDate(birthDate, now)
}

function checkBirthDate(text: string, now: Date): void {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : Number.NaN)
  // A day that does not exist, as 02-30, rolls over to another one or is no date at all.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) {
    refuseInput('birthDate', 'is not a date such as 1990-12-31')
  }
  if (date > now || text < '1900-01-01') refuseInput('birthDate', 'is not the day of birth of anybody alive')
}
