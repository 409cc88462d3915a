/** The words of portable types: `varchar(30)`, `timestamp with time zone`, `integer[]`, and what people type for them. */
import { ownValue } from '../../own-value.ts'
import { didYouMean } from '../../problem.ts'
import type { DataType } from '../../model/model.ts'
import { defined } from '../../model/defined.ts'

const PLAIN = [
  ...['smallint', 'integer', 'bigint', 'real', 'double', 'boolean', 'date', 'text', 'bytea', 'json', 'jsonb'],
  'uuid',
] as const
const LENGTH = ['varchar', 'char'] as const
const PRECISION = ['time', 'timetz', 'timestamp', 'timestamptz', 'interval'] as const
const SERIALS = { serial: 'integer', bigserial: 'bigint', smallserial: 'smallint' } as const

/** What people type for a portable type. */
const ALIASES: Readonly<Record<string, string>> = {
  string: 'varchar',
  unicode: 'varchar',
  unicodetext: 'text',
  smallinteger: 'smallint',
  biginteger: 'bigint',
  largebinary: 'bytea',
  'character varying': 'varchar',
  character: 'char',
  bpchar: 'char',
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  tinyint: 'smallint',
  float4: 'real',
  float: 'double',
  float8: 'double',
  'double precision': 'double',
  decimal: 'numeric',
  bool: 'boolean',
  datetime: 'timestamp',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  bytes: 'bytea',
  blob: 'bytea',
  binary: 'bytea',
  serial4: 'serial',
  serial8: 'bigserial',
  serial2: 'smallserial',
}

const KNOWN = [...PLAIN, ...LENGTH, ...PRECISION, 'numeric', ...Object.keys(SERIALS), ...Object.keys(ALIASES)]

function isOne<const L extends readonly string[]>(list: L, word: string): word is L[number] {
  return list.includes(word)
}

/**
 * Reads a type as people write it: `varchar(30)`, `Numeric(10,2)`, `timestamp with time zone`, `integer[]`.
 * @returns undefined when the word is unknown
 */
export function parseType(written: string): ScalarType | undefined {
  const known = PARSED.get(written) ?? parse(written)
  if (known !== undefined) PARSED.set(written, known)
  return known
}

interface ScalarType {
  readonly type: DataType
  readonly serial?: true
}

/** The types of a schema are few, and its columns many. */
const PARSED = new Map<string, ScalarType>()

function parse(written: string): ScalarType | undefined {
  const match = /^([a-z][a-z0-9 ]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)([a-z ]*))?((?:\s*\[\s*\])*)$/i
    .exec(written.trim())
  if (match === null) return undefined
  const word = `${match[1]} ${match[4] ?? ''}`.toLowerCase().replace(/\s+/g, ' ').trim()
  const first = match[2] === undefined ? undefined : Number(match[2])
  const second = match[3] === undefined ? undefined : Number(match[3])
  const base = word === 'float' && first !== undefined
    ? floatType(first, second)
    : scalarType(ownValue(ALIASES, word) ?? word, first, second)
  if (base === undefined) return undefined
  const dimensions = match[5]!.split('[').length - 1
  if (dimensions === 0) return base
  return base.serial ? undefined : { type: { kind: 'array', of: base.type, dimensions } }
}

/** `float(24)`: at least so many binary digits (PostgreSQL's manual, "Floating-Point Types"). */
function floatType(digits: number, second?: number): ScalarType | undefined {
  if (second !== undefined || digits < 1 || digits > 53) return undefined
  return { type: { kind: digits <= 24 ? 'real' : 'double' } }
}

function scalarType(word: string, first?: number, second?: number): ScalarType | undefined {
  if (Object.hasOwn(SERIALS, word) && first === undefined) {
    return { type: { kind: SERIALS[word as keyof typeof SERIALS] }, serial: true }
  }
  if (isOne(PLAIN, word)) return first === undefined ? { type: { kind: word } } : undefined
  if (word === 'numeric') return { type: defined({ kind: 'numeric', precision: first, scale: second }) }
  if (second !== undefined) return undefined
  if (isOne(LENGTH, word)) return { type: defined({ kind: word, length: first }) }
  if (isOne(PRECISION, word)) return { type: defined({ kind: word, precision: first }) }
}

/** Types of PostgreSQL's that a portable one may look like. */
const NATIVE =
  /^(?:inet|cidr|macaddr8?|citext|hstore|ltree|tsvector|tsquery|money|xml|oid|bit|point|int[48]range)$/i

/** What SQL writes behind a type, and what says it here. */
const COLUMN: readonly (readonly [RegExp, string])[] = [
  [/\bprimary\s+key\b/i, '`primary_key: true`'],
  [/\bnot\s+null\b/i, '`nullable: false`'],
  [/\bunique\b/i, '`unique: true`'],
  [/\bdefault\b/i, '`default: …`'],
  [/\breferences\b/i, '`references: { table: …, column: … }`'],
  [/\bcollate\b/i, '`collation: …`'],
]

/** Types as programming languages count them: nearest in letters is another size. */
const OTHERS: Readonly<Record<string, string>> = { int16: 'smallint', int32: 'integer', int64: 'bigint' }

/** What was meant by a word that is no portable type. */
export function wordHint(written: string): string {
  const native = `a type of the dialect is written { native: ${written} } or { postgres: …, sqlite: … }`
  if (NATIVE.test(written)) return native
  if (/^(?:\w+\.)*enum\b/i.test(written)) return 'an enum is written { enum: [a, b], name: … }'
  const column = COLUMN.find(([words]) => words.test(written))
  if (column !== undefined) return `a type alone stands here; the column says ${column[1]}`
  const near = ownValue(OTHERS, written.toLowerCase()) ?? fromPython(written) ??
    didYouMean(written.replace(/\(.*/, ''), KNOWN)
  return near === undefined ? native : `did you mean "${near}"?`
}

/** What SQLAlchemy's way of writing a type is here: `sa.String(length=50)` is `varchar(50)`. */
function fromPython(written: string): string | undefined {
  const match = /^(?:\w+\.)*(\w+)\((.*)\)$/.exec(written)
  if (match === null) return undefined
  const [, name = '', given = ''] = match
  const word = name.toLowerCase()
  const numbers = given.match(/\d+/g) ?? []
  const zone = /timezone\s*=\s*True/.test(given) ? 'tz' : ''
  const type = `${ownValue(ALIASES, word) ?? word}${zone}${
    numbers.length === 0 ? '' : `(${numbers.join(', ')})`
  }`
  return parseType(type) && type
}
