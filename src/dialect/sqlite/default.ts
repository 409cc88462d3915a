/** Defaults: as SQLite holds them, and whether two give the same value. */
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

/** The default as SQLite holds it: `now()` is CURRENT_TIMESTAMP, `true` is 1, an expression that is a literal is one. */
export function portableDefault(value: Default, type: DataType): Default {
  if ('expression' in value) {
    const known = PORTABLE[value.expression.toLowerCase().replaceAll(/\s+/g, '')]
    if (known !== undefined) return { expression: known }
    const read = defaultOf(value.expression)
    return 'literal' in read ? portableDefault(read, type) : read
  }
  return { literal: portableLiteral(value.literal, type) }
}

/** Booleans are 1 and 0 in SQLite; a boolean column's 1 and 0 are meant as booleans. */
function portableLiteral(value: Scalar, type: DataType): Scalar {
  if (type.kind === 'boolean') return value === 1 ? true : value === 0 ? false : value
  return typeof value === 'boolean' ? Number(value) : value
}

/** Whether two defaults give the same value. No default is NULL; a number may be quoted in a numeric column. */
export function sameDefault(a: Default | undefined, b: Default | undefined, type: DataType): boolean {
  const one = portableDefault(a ?? { literal: null }, type)
  const other = portableDefault(b ?? { literal: null }, type)
  if ('literal' in one && 'literal' in other) return sameLiteral(one.literal, other.literal, type)
  if ('expression' in one && 'expression' in other) return sameExpression(one.expression, other.expression)
  return false
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
  return String(a).trim() !== '' && Number(a) === Number(b)
}
