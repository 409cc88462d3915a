/** String and number literals of Python (reference manual, "Lexical analysis"). */

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g

/** The text between quotes with its escapes undone; an unknown escape stays as it is, as in Python. */
export function unescaped(text: string, raw: boolean): string {
  const lines = text.replaceAll('\r\n', '\n')
  if (raw) return lines
  return lines.replace(ESCAPE, (whole, octal?: string, ...more: (string | undefined)[]) => {
    const hexadecimal = more[0] ?? more[1] ?? more[2]
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    if (hexadecimal !== undefined) {
      const code = Number.parseInt(hexadecimal, 16)
      return code > 0x10ffff ? whole : String.fromCodePoint(code)
    }
    return ESCAPES[more[3]!] ?? whole
  })
}

/** The parts of a literal: its prefix in small letters, and where the text between the quotes begins and ends. */
export function quotes(
  literal: string,
): { readonly prefix: string; readonly from: number; readonly to: number } {
  const prefix = /^[a-zA-Z]*/.exec(literal)![0]
  const rest = literal.slice(prefix.length)
  const width = rest.startsWith('"""') || rest.startsWith("'''") ? 3 : 1
  return { prefix: prefix.toLowerCase(), from: prefix.length + width, to: literal.length - width }
}

/** @returns undefined for bytes, which no migration needs */
export function stringValue(literal: string): string | undefined {
  const { prefix, from, to } = quotes(literal)
  return prefix.includes('b') ? undefined : unescaped(literal.slice(from, to), prefix.includes('r'))
}

/** @returns undefined for what no JavaScript number holds exactly: large integers, imaginary numbers */
export function numberValue(
  literal: string,
): { readonly value: number; readonly float: boolean } | undefined {
  const digits = literal.replaceAll('_', '').toLowerCase()
  if (digits.endsWith('j')) return undefined
  const float = !digits.startsWith('0x') && /[.e]/.test(digits)
  const value = Number(digits)
  if (Number.isNaN(value) || (!float && !Number.isSafeInteger(value))) return undefined
  return { value, float }
}
