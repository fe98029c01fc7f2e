import { currencyExponent, formatDecimal, isCurrency } from '../../lib/money.ts'
import { decimalJson } from '../strict-json.ts'

/** Amounts on the wire are numbers of main units with up to this many decimal places; ours always have all. */
export const wireScale = 6

export const canCount = (currency: string): boolean =>
  isCurrency(currency) && currencyExponent(currency) <= wireScale

/** `1234n, EUR` -> `12.340000`, digit by digit. The currency must be one that the wire can carry. */
export function wireAmount(minor: bigint, currency: string): unknown {
  const [whole, fraction = ''] = formatDecimal(minor, currency).split('.')
  return decimalJson(`${whole}.${fraction.padEnd(wireScale, '0')}`)
}
