/** `2n, 3n, 4` -> `0.6667`: exact, rounded half away from zero, without idle zeros. The divisor is not zero. */
export function ratioText(dividend: bigint, divisor: bigint, places: number): string {
  const negative = dividend < 0n !== divisor < 0n
  const [over, under] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor]
  const scaled = (2n * over * 10n ** BigInt(places) + under) / (2n * under)
  const digits = scaled.toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '')
  return `${negative && scaled > 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}
