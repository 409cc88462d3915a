/** SQLAlchemy's types → limbeck's. */
import type { TypeSpec } from '../../ops/parts/type.ts'
import { isKind, notUnderstood, text } from '../evaluate/value.ts'
import type { Arguments, Construct, Value } from '../evaluate/value.ts'
import { Bound, lastName, LIBRARIES, textOf } from './arguments.ts'
import { SQLALCHEMY } from './context.ts'
import type { Collection } from './context.ts'
import { enumType } from './enum.ts'

type Reader = (args: Arguments, name: string, context: Collection) => TypeSpec

const plain = (type: TypeSpec): Reader => () => type

const length = (base: string): Reader => (args, name) => {
  const bound = new Bound(name, args, ['length', 'collation'])
  const size = bound.number('length')
  return size === undefined ? base : `${base}(${size})`
}

const numericType: Reader = (args, name) => {
  const bound = new Bound(name, args, ['precision', 'scale', 'asdecimal'])
  const [precision, scale] = [bound.number('precision'), bound.number('scale')]
  if (precision === undefined) return 'numeric'
  return scale === undefined ? `numeric(${precision})` : `numeric(${precision}, ${scale})`
}

/** FLOAT(1) to FLOAT(24) is REAL on PostgreSQL (manual, "Numeric Types"). */
const float: Reader = (args, name) => {
  const precision = new Bound(name, args, ['precision']).number('precision')
  return precision !== undefined && precision <= 24 ? 'real' : 'double'
}

const moment = (base: 'timestamp' | 'time'): Reader => (args, name) => {
  const bound = new Bound(name, args, ['timezone', 'precision'])
  const zone = bound.flag('timezone') ? 'tz' : ''
  const precision = bound.number('precision')
  return `${base}${zone}${precision === undefined ? '' : `(${precision})`}`
}

/** `Interval(native, second_precision, day_precision)`; what is not native counts from 1970 on. */
const interval: Reader = (args, name) => {
  const bound = new Bound(name, args, ['native', 'second_precision', 'day_precision'])
  const precision = bound.number('second_precision')
  if (bound.flag('native') === false) return 'timestamp'
  return precision === undefined ? 'interval' : `interval(${precision})`
}

/** PostgreSQL's own: `INTERVAL(precision, fields)`. */
const ownInterval: Reader = (args, name) => {
  const bound = new Bound(name, args, ['precision', 'fields'])
  const [precision, fields] = [bound.number('precision'), bound.text('fields')]
  const digits = precision === undefined ? '' : `(${precision})`
  return fields === undefined ? `interval${digits}` : { native: `interval ${fields.toLowerCase()}${digits}` }
}

const uuid: Reader = (args, name) =>
  new Bound(name, args, ['as_uuid', 'native_uuid']).flag('native_uuid') === false ? 'char(32)' : 'uuid'

const array: Reader = (args, name, context) => {
  const bound = new Bound(name, args, ['item_type', 'as_tuple', 'dimensions'])
  const item = bound.take('item_type')
  const dimensions = bound.number('dimensions') ?? 1
  const of = typeOf(item ?? null, context)
  if (typeof of === 'string') return `${of}${'[]'.repeat(dimensions)}`
  if ('enum' in of) return { ...of, array: dimensions }
  if ('native' in of && typeof of.native === 'string') {
    return { native: `${of.native}${'[]'.repeat(dimensions)}` }
  }
  return notUnderstood('an array of this type is not known')
}

const bits: Reader = (args, name) => {
  const bound = new Bound(name, args, ['length', 'varying'])
  const size = bound.number('length')
  return { native: `bit${bound.flag('varying') ? ' varying' : ''}${size === undefined ? '' : `(${size})`}` }
}

const sized = (word: string): Reader => (args, name) => {
  const size = new Bound(name, args, ['dim']).number('dim')
  return { native: size === undefined ? word : `${word}(${size})` }
}

/** Text that is as long as the type of sqlalchemy_utils says, or is told to be. */
const limited = (size: number, names: readonly string[]): Reader => (args, name) =>
  `varchar(${new Bound(name, args, names).number('max_length') ?? size})`

/** `UUIDType(binary=True, native=True)` of sqlalchemy_utils. */
const utilsUuid: Reader = (args, name) => {
  const bound = new Bound(name, args, ['binary', 'native'])
  const elsewhere = bound.flag('binary') === false ? 'char(32)' : 'binary(16)'
  return {
    postgres: bound.flag('native') === false ? elsewhere.replace('binary(16)', 'bytea') : 'uuid',
    sqlite: elsewhere,
  }
}

/** `ChoiceType(choices, impl=None)`: what is kept is a text, unless told otherwise. */
const choice: Reader = (args, name, context) => {
  const kept = new Bound(name, args, ['choices', 'impl']).some('impl')
  return kept === undefined ? 'varchar(255)' : typeOf(kept, context)
}

const TYPES: Readonly<Record<string, Reader>> = {
  String: length('varchar'),
  Unicode: length('varchar'),
  VARCHAR: length('varchar'),
  NVARCHAR: length('varchar'),
  AutoString: length('varchar'),
  EmailType: (args, name) => `varchar(${new Bound(name, args, ['length']).number('length') ?? 255})`,
  UUIDType: utilsUuid,
  ChoiceType: choice,
  IPAddressType: limited(50, ['max_length']),
  ColorType: limited(20, ['max_length']),
  PhoneNumberType: limited(20, ['region', 'max_length']),
  TimezoneType: plain('varchar(50)'),
  CountryType: plain('varchar(2)'),
  CurrencyType: plain('varchar(3)'),
  LocaleType: plain('varchar(10)'),
  ScalarListType: plain('text'),
  JSONType: plain({ postgres: 'json', sqlite: 'text' }),
  ArrowType: moment('timestamp'),
  GUID: plain({ postgres: 'uuid', sqlite: 'char(36)' }),
  Binary: plain('bytes'),
  CHAR: length('char'),
  NCHAR: length('char'),
  Text: plain('text'),
  TEXT: plain('text'),
  UnicodeText: plain('text'),
  CLOB: plain('text'),
  URLType: plain('text'),
  Integer: plain('integer'),
  INTEGER: plain('integer'),
  INT: plain('integer'),
  SmallInteger: plain('smallint'),
  SMALLINT: plain('smallint'),
  BigInteger: plain('bigint'),
  BIGINT: plain('bigint'),
  Numeric: numericType,
  NUMERIC: numericType,
  DECIMAL: numericType,
  Float: float,
  FLOAT: float,
  Double: plain('double'),
  DOUBLE: plain('double'),
  DOUBLE_PRECISION: plain('double'),
  REAL: plain('real'),
  Boolean: plain('boolean'),
  BOOLEAN: plain('boolean'),
  Date: plain('date'),
  DATE: plain('date'),
  DateTime: moment('timestamp'),
  DATETIME: moment('timestamp'),
  TIMESTAMP: moment('timestamp'),
  Time: moment('time'),
  TIME: moment('time'),
  Interval: interval,
  INTERVAL: ownInterval,
  LargeBinary: plain('bytes'),
  BYTEA: plain('bytes'),
  BLOB: plain('bytes'),
  BINARY: plain('bytes'),
  VARBINARY: plain('bytes'),
  PickleType: plain('bytes'),
  JSON: plain('json'),
  JSONB: plain('jsonb'),
  Uuid: uuid,
  UUID: uuid,
  Enum: enumType,
  ENUM: enumType,
  ARRAY: array,
  BIT: bits,
  Vector: sized('vector'),
  VECTOR: sized('vector'),
  HALFVEC: sized('halfvec'),
}

/** Types of PostgreSQL that SQLAlchemy calls by PostgreSQL's own words. */
const WORDS = new Set([
  ...[
    'INET',
    'CIDR',
    'MACADDR',
    'MACADDR8',
    'CITEXT',
    'TSVECTOR',
    'TSVectorType',
    'TSQUERY',
    'HSTORE',
    'MONEY',
    'OID',
    'REGCLASS',
  ],
  ...[
    'REGCONFIG',
    'JSONPATH',
    'XML',
    'INT4RANGE',
    'INT8RANGE',
    'NUMRANGE',
    'DATERANGE',
    'TSRANGE',
    'TSTZRANGE',
  ],
  ...[
    'INT4MULTIRANGE',
    'INT8MULTIRANGE',
    'NUMMULTIRANGE',
    'DATEMULTIRANGE',
    'TSMULTIRANGE',
    'TSTZMULTIRANGE',
  ],
  ...['CIText', 'LtreeType', 'LTREE'],
])

const NONE: Arguments = { positional: [], named: new Map() }

/** The type that a value stands for: a class, or a call of one. @throws `not-understood` */
export function typeOf(value: Value, context: Collection): TypeSpec {
  if (isKind(value, 'path')) return named(value.path, NONE, context)
  if (isKind(value, 'class')) return notUnderstood(`the type "${value.name}" is not known`)
  if (!isKind(value, 'construct')) return notUnderstood('a type is no constant')
  if (value.path === '.with_variant') return variant(value, context)
  if (value.of !== undefined) return notUnderstood(`the type made by "${value.path.slice(1)}" is not known`)
  return named(value.path, value, context)
}

/** `String(length, collation)` and the like. */
const TEXTS = /^(String|Unicode|N?VARCHAR|N?CHAR|Text|TEXT|UnicodeText|CLOB)$/

/** The collation that a type of text asks for, or that of what is in an array. */
export function collationOf(value: Value, context: Collection): string | undefined {
  if (!isKind(value, 'construct')) return undefined
  const [first = null, ...more] = value.positional
  const name = lastName(value.path)
  if (name === 'ARRAY') return collationOf(value.named.get('item_type') ?? first, context)
  if (value.path === '.with_variant') {
    const [base, varied] = [collationOf(value.of!, context), collationOf(first, context)]
    if (base === varied) return base
    return more.map(text).includes(SQLALCHEMY[context.needDialect()].name) ? varied : base
  }
  const collation = value.named.get('collation') ?? (TEXTS.test(name) ? more[0] : undefined) ?? null
  return collation === null ? undefined : textOf(collation, 'the collation')
}

function named(path: string, args: Arguments, context: Collection): TypeSpec {
  const own = context.options.types.get(path)
  if (own !== undefined) return own
  const name = lastName(path)
  const known = LIBRARIES.test(path)
  if (known && Object.hasOwn(TYPES, name)) return TYPES[name]!(args, name, context)
  if (known && WORDS.has(name)) return { native: name.replace(/Type$/, '').toLowerCase() }
  return notUnderstood(
    `the type "${path}" is not known; say what it is with --type ${path}=<type>`,
  )
}

/**
 * `JSON().with_variant(JSONB(), 'postgresql')`: one type for both where limbeck's spells both alike, else that of the
 * database that is looked at.
 */
function variant(value: Construct, context: Collection): TypeSpec {
  const [other = null, ...names] = value.positional
  const base = typeOf(value.of!, context)
  const wanted = names.map(text)
  const postgres = wanted.includes('postgresql')
  const sqlite = wanted.includes('sqlite')
  if (!postgres && !sqlite) return base
  const varied = typeOf(other, context)
  if (JSON.stringify(base) === JSON.stringify(varied)) return base
  if (postgres && base === 'json' && varied === 'jsonb') return varied
  if (sqlite && base === 'jsonb' && varied === 'json') return base
  // An INTEGER primary key is the rowid on SQLite, whatever its size: limbeck does that by itself.
  if (sqlite && base === 'bigint' && varied === 'integer') return base
  return ({ postgres, sqlite })[context.needDialect()] ? varied : base
}
