/** Numbers by their digits, of which JavaScript's keep some seventeen. */

/**
 * A decimal number in one spelling: its sign, its digits without zeros at either end, and the power of ten.
 * @returns undefined for what is no decimal number
 */
export function decimal(text: string): string | undefined {
  const parts = /^([-+]?)(?=\.?\d)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text.trim())
  if (parts === null) return undefined
  const [, sign, whole = '', fraction = '', power = '0'] = parts
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  const exponent = Number(power) - fraction.length + digits.length - significant.length
  return `${sign === '-' ? '-' : ''}${significant}e${exponent}`
}

/** Whether both are decimal numbers, and one: `1e3` is `1000.0`. */
export function sameDecimal(a: string, b: string): boolean {
  const one = decimal(a)
  return one !== undefined && one === decimal(b)
}
