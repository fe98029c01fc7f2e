import { build } from '../../db/build.ts'
import { brands } from '../../db/tables/brands.ts'
import { isCurrency } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { administer } from '../audit/administer.ts'
import { checkText, refuseInput } from '../audit/check.ts'
import type { Context } from '../context.ts'

export interface NewBrand {
  readonly code: string
  readonly name: string
  /** IANA name: the brand's days begin at its midnight. */
  readonly timeZone: string
  /** The reporting currency. */
  readonly currency: string
  /** For how many hours a higher limit of a player waits; 24 when absent. */
  readonly coolingOffHours?: number
}

const coolingOffHoursMax = 24 * 365

const codePattern = /^[a-z0-9][a-z0-9-]{0,39}$/

/** Adds a brand and returns its id; BRAND_TAKEN when there is one of that code. */
export function addBrand(ctx: Context, input: NewBrand): Promise<string> {
  const { code, name, timeZone, currency, coolingOffHours = 24 } = input
  return administer(ctx, {
    action: 'addBrand',
    permission: 'BRANDS_MANAGE',
    async work(tx, at) {
      if (!codePattern.test(code)) refuseInput('code', 'is not 1 to 40 small letters, digits and hyphens')
      checkText('name', name, 200)
      if (!isTimeZone(timeZone)) refuseInput('timeZone', 'is not an IANA time zone such as Europe/Malta')
      if (!isCurrency(currency)) refuseInput('currency', 'is not a known currency code such as EUR')
      if (!Number.isInteger(coolingOffHours) || coolingOffHours < 0 || coolingOffHours > coolingOffHoursMax) {
        refuseInput('coolingOffHours', `is not a whole number from 0 to ${coolingOffHoursMax}`)
      }
      const id = uuidv7(at)
      const added = await tx.query(
        build
          .insert(brands)
          .values({ id, code, name, timeZone, currency, coolingOffHours, createdAt: at })
          .onConflictDoNothing()
          .returning({ id: brands.id }),
      )
      if (added.length === 0) throw new Problem('BRAND_TAKEN', `there is a brand ${code} already`, 'code')
      const after = { code, name, timeZone, currency, coolingOffHours }
      return { result: id, audit: { brandId: id, subjectType: 'Brand', subjectId: id, after } }
    },
  })
}

function isTimeZone(name: string): boolean {
  try {
    // Offsets such as +02:00 are taken by Intl, but they are no zone that knows summer from winter.
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
