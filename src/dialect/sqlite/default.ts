/** Defaults: as SQLite holds them, and whether two give the same value. */
import { sameDecimal } from '../../decimal.ts'
import type { DataType, Default, Scalar } from '../../model/model.ts'
import { sameExpression } from './expression.ts'
import { defaultOf } from './parse-column.ts'

/** Expressions that PostgreSQL's users write and SQLite spells otherwise, without blanks and in lower case. */
const PORTABLE: Readonly<Record<string, string>> = {
  'now()': 'CURRENT_TIMESTAMP',
  'current_timestamp()': 'CURRENT_TIMESTAMP',
  'transaction_timestamp()': 'CURRENT_TIMESTAMP',
  'localtimestamp': 'CURRENT_TIMESTAMP',
  'current_timestamp': 'CURRENT_TIMESTAMP',
  'current_date': 'CURRENT_DATE',
  'current_time': 'CURRENT_TIME',
  'localtime': 'CURRENT_TIME',
}

/**
 * The default as SQLite holds it: `now()` is CURRENT_TIMESTAMP, `true` is 1, bytes are a blob, an expression that is a
 * literal is one.
 */
export function portableDefault(value: Default, type: DataType): Default {
  if ('expression' in value) {
    const known = PORTABLE[value.expression.toLowerCase().replaceAll(/\s+/g, '')]
    if (known !== undefined) return { expression: known }
    const read = defaultOf(value.expression)
    return 'literal' in read ? portableDefault(read, type) : read
  }
  const bytes = type.kind === 'bytea' ? HEX.exec(String(value.literal)) : null
  return bytes === null
    ? { literal: portableLiteral(value.literal, type) }
    : { expression: `x'${bytes[1]!.toLowerCase()}'` }
}

/** Bytes as PostgreSQL writes and reads them. */
const HEX = /^\\x((?:[0-9a-f]{2})*)$/i
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What PostgreSQL reads as a boolean, but for abbreviations. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'true', 'y', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['f', 'false', 'n', 'no', 'off', '0'].map((word) => [word, false] as const),
])

/**
 * Booleans are 1 and 0 in SQLite; a boolean column's 1 and 0, and the words for them, are meant as booleans. A uuid has no
 * dashes, as SQLAlchemy writes and looks for it: its Uuid is CHAR(32) there.
 */
function portableLiteral(value: Scalar, type: DataType): Scalar {
  if (type.kind === 'boolean') return BOOLEANS.get(String(value).toLowerCase()) ?? value
  if (type.kind === 'uuid' && typeof value === 'string' && UUID.test(value)) {
    return value.replaceAll('-', '').toLowerCase()
  }
  return typeof value === 'boolean' ? Number(value) : value
}

/** Whether two defaults give the same value. No default is NULL; a number may be quoted in a numeric column. */
export function sameDefault(a: Default | undefined, b: Default | undefined, type: DataType): boolean {
  const one = portableDefault(a ?? { literal: null }, type)
  const other = portableDefault(b ?? { literal: null }, type)
  if ('literal' in one && 'literal' in other) return sameLiteral(one.literal, other.literal, type)
  if ('expression' in one && 'expression' in other && sameExpression(one.expression, other.expression)) {
    return true
  }
  // 1e308 is no literal for those who read 1.0 as REAL.
  return NUMBERS.has(type.kind) && sameDecimal(textOf(one), textOf(other))
}

function textOf(value: Default): string {
  return 'literal' in value ? digits(value.literal) : value.expression
}

function digits(value: Scalar): string {
  return String(typeof value === 'boolean' ? Number(value) : value)
}

const NUMBERS: ReadonlySet<DataType['kind']> = new Set([
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'numeric',
  'boolean',
])

function sameLiteral(a: Scalar, b: Scalar, type: DataType): boolean {
  if (a === b) return true
  if (a === null || b === null || !NUMBERS.has(type.kind)) return false
  return sameDecimal(digits(a), digits(b))
}
