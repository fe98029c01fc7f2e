// Money as text outside, as bigint minor units inside, never as a float. Exponents of ISO 4217, and of the
// crypto-currencies that providers quote; amounts are at most 10^15 minor units on either side of zero.
import { Problem } from './problem.ts'

const exponents: Readonly<Record<string, number>> = {
  ...of(2, 'AED ALL AMD ARS AUD AZN BAM BDT BGN BOB BRL BYN CAD CHF CNY COP CRC CZK DKK DOP DZD EGP ETB EUR'),
  ...of(2, 'FUN GBP GEL GHS GTQ HKD HNL HRK HUF IDR ILS INR IRR JMD KES KGS KHR KZT LAK LBP LKR MAD MDL MKD'),
  ...of(2, 'MMK MNT MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB'),
  ...of(2, 'TJS TMT TRY TTD TWD TZS UAH USD UYU UZS VES XXX ZAR ZMW USDT USDC'),
  ...of(0, 'CLP ISK JPY KRW PYG RWF UGX VND XAF XOF XPF'),
  ...of(3, 'BHD IQD JOD KWD LYD OMR TND MBTC'),
  ...of(5, 'MBCH MLTC UBTC'),
  ...of(8, 'BTC ETH LTC BCH DOGE TRX'),
}

function of(exponent: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, exponent]))
}

/** The codes of all currencies whose minor unit is known. */
export const currencies: readonly string[] = Object.keys(exponents)

/** The largest amount, in minor units, that is taken from outside. */
export const amountMaxMinor = 10n ** 15n

export const isCurrency = (code: string): boolean => Object.hasOwn(exponents, code)

/** How many decimal places the currency's minor unit has: 2 for EUR, 0 for JPY, 8 for BTC. */
export function currencyExponent(currency: string): number {
  const exponent = exponents[currency]
  if (exponent === undefined) throw new Problem('CURRENCY', `${currency} is not a known currency code`)
  return exponent
}

/** `1234n, EUR` -> `12.34`; always with all the currency's decimal places. */
export function formatDecimal(minor: bigint, currency: string): string {
  const exponent = currencyExponent(currency)
  if (exponent === 0) return minor.toString()
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0')
  const text = `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
  return minor < 0n ? `-${text}` : text
}

/**
 * `12.34, EUR` -> `1234n`. Refuses (Problem BAD_AMOUNT) what is not a plain decimal, what the currency cannot
 * represent exactly, and what is beyond amountMaxMinor. Trailing zeros beyond the exponent are exact and accepted.
 */
export function parseDecimal(text: string, currency: string): bigint {
  const match = /^(-?)(0|[1-9]\d{0,17})(?:\.(\d{1,18}))?$/.exec(text)
  if (!match) throw new Problem('BAD_AMOUNT', `"${text.slice(0, 40)}" is not a decimal amount such as 12.34`)
  const [, sign, whole = '', fraction = ''] = match
  const exponent = currencyExponent(currency)
  if (/[1-9]/.test(fraction.slice(exponent))) {
    throw new Problem('BAD_AMOUNT', `${currency} has ${exponent} decimal places; ${text} has more`)
  }
  const minor = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0'))
  if (minor > amountMaxMinor) throw new Problem('BAD_AMOUNT', `${text} is beyond the largest amount`)
  return sign ? -minor : minor
}

/**
 * An integer in units of 10^-scale of the main unit (Hub88: scale 5) to minor units; undefined when the currency
 * cannot represent it exactly.
 */
export function scaledToMinor(scaled: bigint, scale: number, currency: string): bigint | undefined {
  const shift = scale - currencyExponent(currency)
  if (shift < 0) return undefined
  const divisor = 10n ** BigInt(shift)
  return scaled % divisor === 0n ? scaled / divisor : undefined
}

/** The reverse of scaledToMinor: always exact when the scale is at least the currency's exponent. */
export function minorToScaled(minor: bigint, scale: number, currency: string): bigint {
  const shift = scale - currencyExponent(currency)
  if (shift < 0) throw new Problem('CURRENCY', `${currency} has more than ${scale} decimal places`)
  return minor * 10n ** BigInt(shift)
}
