/**
 * PostgreSQL's types: how they are spelled (as SQLAlchemy spells them), how format_type()'s text is read back, and
 * when two of them are one type.
 */
import { ownValue } from '../../own-value.ts'
import { fault } from '../../problem.ts'
import type { DataType, QualifiedName } from '../../model/model.ts'

/** A type as CREATE TABLE writes it. @throws `unsupported` for a native type without a PostgreSQL text */
export function spellType(type: DataType, qualified: (name: QualifiedName) => string): string {
  switch (type.kind) {
    case 'double':
      return 'DOUBLE PRECISION'
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'boolean':
    case 'date':
    case 'text':
    case 'bytea':
    case 'json':
    case 'jsonb':
    case 'uuid':
      return type.kind.toUpperCase()
    case 'varchar':
    case 'char':
      return `${type.kind.toUpperCase()}${modifier(type.length)}`
    case 'numeric':
      return `NUMERIC${modifier(type.precision, type.scale)}`
    case 'interval':
      return `INTERVAL${modifier(type.precision)}`
    case 'time':
    case 'timestamp':
      return `${type.kind.toUpperCase()}${modifier(type.precision)} WITHOUT TIME ZONE`
    case 'timetz':
    case 'timestamptz':
      return `${type.kind.slice(0, -2).toUpperCase()}${modifier(type.precision)} WITH TIME ZONE`
    case 'enum':
    case 'domain':
      return qualified(type)
    case 'array':
      return `${spellType(type.of, qualified)}${'[]'.repeat(type.dimensions)}`
    case 'native':
      return type.postgres ?? fault('unsupported', 'the type has no text for PostgreSQL', {
        path: ['type'],
        hint: 'add one: `type: { postgres: …, sqlite: … }`',
      })
  }
}

function modifier(...numbers: readonly (number | undefined)[]): string {
  const given = numbers.filter((one) => one !== undefined)
  return given.length === 0 ? '' : `(${given.join(', ')})`
}

type Plain = Extract<DataType, { length?: number } | { precision?: number }>['kind'] | Fixed
type Fixed = Exclude<DataType['kind'], 'array' | 'enum' | 'domain' | 'native'>

/** What PostgreSQL and people call the portable types, in lower case without modifiers. */
const KINDS: Readonly<Record<string, Plain>> = {
  'smallint': 'smallint',
  'int2': 'smallint',
  'integer': 'integer',
  'int': 'integer',
  'int4': 'integer',
  'bigint': 'bigint',
  'int8': 'bigint',
  'real': 'real',
  'float4': 'real',
  'double precision': 'double',
  'float8': 'double',
  'float': 'double',
  'boolean': 'boolean',
  'bool': 'boolean',
  'date': 'date',
  'text': 'text',
  'bytea': 'bytea',
  'json': 'json',
  'jsonb': 'jsonb',
  'uuid': 'uuid',
  'character varying': 'varchar',
  'varchar': 'varchar',
  'char varying': 'varchar',
  'nchar varying': 'varchar',
  'national character varying': 'varchar',
  'national char varying': 'varchar',
  'character': 'char',
  'char': 'char',
  'nchar': 'char',
  'national character': 'char',
  'national char': 'char',
  'numeric': 'numeric',
  'dec': 'numeric',
  'decimal': 'numeric',
  'time': 'time',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'timetz': 'timetz',
  'timestamp': 'timestamp',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'timestamptz': 'timestamptz',
  'interval': 'interval',
}

/** A schema has a few types and thousands of columns, and is looked at more than once. */
const BY_TEXT = new Map<string, DataType>()

/**
 * A type's text, as format_type() writes it or a person does, as a portable type; a native one when it is none.
 * `timestamp(3) with time zone`, `numeric(10,2)[]`, `inet`.
 */
export function parseType(text: string): DataType {
  const known = BY_TEXT.get(text)
  if (known !== undefined) return known
  const type = parsed(text)
  BY_TEXT.set(text, type)
  return type
}

function parsed(text: string): DataType {
  const plain = text.trim().replace(/\s+/g, ' ').replace(/^pg_catalog\./, '')
  const array = /^(.*?)\s*((?:\[\d*\]\s*)+)$/.exec(plain.replace(/ array ?(\[\d*\])?$/i, '[]'))
  if (array !== null) {
    const of = parseType(array[1] ?? '')
    const dimensions = (array[2] ?? '').split('[').length - 1
    return { kind: 'array', of, dimensions }
  }
  const parts = /^([^("]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\))?((?: with| without) time zone)?$/i.exec(
    plain,
  )
  const first = parts?.[2] === undefined ? undefined : Number(parts[2])
  const word = `${parts?.[1]}${parts?.[4] ?? ''}`.toLowerCase()
  // Without a length it is as long as it likes.
  const kind = word === 'bpchar' && first !== undefined ? 'char' : ownValue(KINDS, word)
  if (kind === undefined || parts === null) return { kind: 'native', postgres: plain }
  const second = parts[3] === undefined ? undefined : Number(parts[3])
  if (kind === 'double' && first !== undefined) return { kind: first <= 24 ? 'real' : 'double' }
  return canonical(withModifiers(kind, first, second))
}

function withModifiers(kind: Plain, first: number | undefined, second: number | undefined): DataType {
  switch (kind) {
    case 'varchar':
    case 'char':
      return first === undefined ? { kind } : { kind, length: first }
    case 'numeric':
      if (first === undefined) return { kind }
      return second === undefined ? { kind, precision: first } : { kind, precision: first, scale: second }
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
      return first === undefined ? { kind } : { kind, precision: first }
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'boolean':
    case 'date':
    case 'text':
    case 'bytea':
    case 'json':
    case 'jsonb':
    case 'uuid':
      return { kind }
  }
}

/** The most digits of a second that times have: the server takes more, warns, and keeps six. */
const MOST_DIGITS = 6

/**
 * The type as the server remembers it: `char` is `char(1)`, `numeric(5)` is `numeric(5,0)`, `time(9)` is `time(6)`, a
 * native spelling of a portable type is that type, and an array of arrays is one array.
 */
export function canonical(type: DataType): DataType {
  if (type.kind === 'char') return { kind: 'char', length: type.length ?? 1 }
  if (type.kind === 'numeric') {
    return type.precision === undefined
      ? { kind: 'numeric' }
      : { kind: 'numeric', precision: type.precision, scale: type.scale ?? 0 }
  }
  if ('precision' in type && type.precision !== undefined) {
    return { ...type, precision: Math.min(type.precision, MOST_DIGITS) }
  }
  if (type.kind === 'native') return type.postgres === undefined ? type : native(type.postgres)
  if (type.kind !== 'array') return type
  const of = canonical(type.of)
  return of.kind === 'array'
    ? { kind: 'array', of: of.of, dimensions: of.dimensions + type.dimensions }
    : { kind: 'array', of, dimensions: type.dimensions }
}

/** Lower case but for what stands in quotes, no blanks that say nothing, and the server's name of strings of bits. */
function native(text: string): DataType {
  const type = parseType(text)
  if (type.kind === 'array') return canonical(type)
  if (type.kind !== 'native') return type
  const pieces = (type.postgres ?? '').split(/("(?:[^"]|"")*")/)
  const plain = pieces.map((piece, i) =>
    i % 2 === 1 ? piece : piece.toLowerCase().replace(/ ?([(),]) ?/g, '$1')
  )
  const named = plain.join('').replace(/^varbit(?=$|\()/, 'bit varying').replace(/^bit$/, 'bit(1)')
  return { kind: 'native', postgres: named }
}

/** Whether two types are one on PostgreSQL. A native name of an enum or domain is that enum or domain. */
export function sameType(a: DataType, b: DataType): boolean {
  return key(canonical(a)) === key(canonical(b))
}

function key(type: DataType): string {
  // PostgreSQL does not enforce dimensions: integer[] and integer[][] are one type.
  if (type.kind === 'array') return `${key(type.of)}[]`
  return spellType(type, ({ schema, name }) => schema === undefined ? name : `${schema}.${name}`)
    .toLowerCase()
    .replaceAll('"', '')
}
