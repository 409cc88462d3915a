/**
 * Defaults: PostgreSQL keeps `DEFAULT 'a'` as the expression `'a'::text`. Here a default is brought to the one form in
 * which it can be compared: a literal of its column's type, or an expression that is none.
 */
import { sameDecimal } from '../../decimal.ts'
import type { DataType, Default, Scalar } from '../../model/model.ts'
import { sameExpression, unwrapped } from './expression.ts'

const NUMERIC: ReadonlySet<DataType['kind']> = new Set([
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'numeric',
])
const DATED: ReadonlySet<DataType['kind']> = new Set(['date', 'timestamp', 'timestamptz'])

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const STRING = /^(?:'((?:[^']|'')*)'|E'((?:[^'\\]|''|\\[^xu0-7])*)')$/i
/** `::type`, the type being words, a modifier, brackets: no operator can follow. */
const CAST =
  /^([\s\S]+?)::\s*("(?:[^"]|"")+"|[a-z_][\w$]*)(\."(?:[^"]|"")+"|\.[a-z_][\w$]*|\s+[a-z]+)*(\(\d+(, *\d+)?\))?( with(out)? time zone)?(\[\])*$/i

/**
 * The default of a column of that type, in its one form. Plain literals, with or without a cast, become literals.
 * @returns undefined for NULL, which PostgreSQL does not keep
 */
export function canonicalDefault(value: Default | undefined, type: DataType): Default | undefined {
  if (value === undefined) return undefined
  const literal = 'literal' in value ? value.literal : parseLiteral(value.expression)
  if (literal === null) return undefined
  if (literal === undefined) return value
  return { literal: ofType(literal, type) }
}

/** The scalar that an SQL text is, or undefined when it is more than a literal. */
export function parseLiteral(expression: string): Scalar | undefined {
  const text = unwrapped(expression)
  const cast = CAST.exec(text)
  if (cast?.[1] !== undefined) {
    const inner = unwrapped(cast[1])
    // A second cast changes the value: ('now'::text)::date is evaluated anew for every row.
    return inner.includes('::') && !STRING.test(inner) ? undefined : parseLiteral(inner)
  }
  const string = STRING.exec(text)
  if (string !== null) return string[1]?.replaceAll("''", "'") ?? unescaped(string[2] ?? '')
  if (NUMBER.test(text)) return number(text)
  if (/^true$/i.test(text)) return true
  if (/^false$/i.test(text)) return false
  return /^null$/i.test(text) ? null : undefined
}

/** What stands in an E'' string. */
function unescaped(text: string): string {
  const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }
  return text.replaceAll("''", "'").replace(/\\([\s\S])/g, (_, letter: string) => letters[letter] ?? letter)
}

/** A number without loss: a bigint where a double would round, the text itself where neither can hold it. */
function number(text: string): Scalar {
  const value = Number(text)
  if (/^[+-]?\d+$/.test(text)) return Number.isSafeInteger(value) ? value : BigInt(text.replace(/^\+/, ''))
  return sameDecimal(text, String(value)) ? value : text
}

/** The literal as a value of the type: `'5'` and 5 are one integer, `'t'` and true one boolean, 5 and `'5'` one text. */
export function ofType(value: Scalar, type: DataType): Scalar {
  if (value === null) return null
  if (NUMERIC.has(type.kind)) {
    return typeof value === 'string' && NUMBER.test(value.trim()) ? number(value.trim()) : value
  }
  if (type.kind === 'boolean') return boolean(value)
  if (type.kind === 'native' || type.kind === 'domain') return value
  const text = String(value)
  return type.kind === 'uuid' ? text.toLowerCase() : text
}

function boolean(value: Scalar): Scalar {
  const word = String(value).toLowerCase()
  if (['t', 'true', 'y', 'yes', 'on', '1'].includes(word)) return true
  return ['f', 'false', 'n', 'no', 'off', '0'].includes(word) ? false : value
}

/** Whether two defaults of a column of that type are one. `now()` and CURRENT_TIMESTAMP are not: they are kept apart. */
export function sameDefault(a: Default | undefined, b: Default | undefined, type: DataType): boolean {
  const left = canonicalDefault(a, type)
  const right = canonicalDefault(b, type)
  if (left === undefined || right === undefined) return left === right
  if ('literal' in left && 'literal' in right) return sameLiteral(left.literal, right.literal, type)
  if ('literal' in left || 'literal' in right) return false
  return sameExpression(left.expression, right.expression)
}

function sameLiteral(a: Scalar, b: Scalar, type: DataType): boolean {
  if (a === b) return true
  if (type.kind === 'native' || type.kind === 'domain') return String(a) === String(b)
  if (NUMERIC.has(type.kind)) return sameDecimal(String(a), String(b))
  if (typeof a !== 'string' || typeof b !== 'string') return false
  if (type.kind === 'json' || type.kind === 'jsonb') return json(a) === json(b)
  if (DATED.has(type.kind)) return moment(a) === moment(b)
  // char(n) is padded with blanks.
  return type.kind === 'char' && a.trimEnd() === b.trimEnd()
}

/** The document with its keys in order, or the text when it is no document. */
function json(text: string): string {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([x], [y]) => x < y ? -1 : 1))
  try {
    return JSON.stringify(JSON.parse(text), sorted)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

/** A date or time stamp as milliseconds, read as UTC where it names no zone; the text when it is none. */
function moment(text: string): number | string {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(
    text.trim(),
  )
  if (parts === null) return text
  const zone = parts[3] ?? 'Z'
  const full = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
  return Date.parse(`${parts[1]}T${parts[2] ?? '00:00'}${full}`)
}
