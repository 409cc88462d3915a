/**
 * Types: how SQLite spells the portable ones (the same words as SQLAlchemy's SQLite dialect, so that databases made
 * by either compare equal), and how what a database says is read back.
 */
import { fault } from '../../problem.ts'
import { find, shown } from '../../model/edit.ts'
import { EMPTY } from '../../model/model.ts'
import type { DataType, Model } from '../../model/model.ts'

const REFUSED = 'write `only: postgres` beside the operation, or another type'

/**
 * The type as SQLite writes it.
 * @param model where enums and domains are looked up: an enum is VARCHAR(longest value), a domain its base type
 * @throws `unsupported` for arrays and for native types without a text for SQLite
 */
export function spellType(type: DataType, model: Model): string {
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'boolean':
    case 'date':
    case 'text':
      return type.kind.toUpperCase()
    case 'bytea':
      return 'BLOB'
    case 'json':
    case 'jsonb':
      return 'JSON'
    case 'uuid':
      return 'CHAR(32)'
    case 'varchar':
    case 'char':
      return type.length === undefined
        ? type.kind.toUpperCase()
        : `${type.kind.toUpperCase()}(${type.length})`
    case 'numeric':
      return spellNumeric(type.precision, type.scale)
    case 'time':
    case 'timetz':
      return 'TIME'
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
      return 'DATETIME'
    case 'enum':
      return `VARCHAR(${longest(type, model)})`
    case 'domain':
      return spellType(domainBase(type, model), model)
    case 'array':
      return fault('unsupported', 'SQLite has no arrays', { hint: REFUSED })
    case 'native':
      return type.sqlite ?? refuseNative(type)
  }
}

function refuseNative(type: DataType & { kind: 'native' }): never {
  return fault('unsupported', `SQLite has no type "${type.postgres}"`, {
    hint: `give one: \`{ postgres: ${type.postgres}, sqlite: text }\``,
  })
}

function spellNumeric(precision: number | undefined, scale: number | undefined): string {
  if (precision === undefined) return 'NUMERIC'
  return scale === undefined ? `NUMERIC(${precision})` : `NUMERIC(${precision}, ${scale})`
}

/** How many characters the longest value of the enum has: what SQLAlchemy makes of an Enum. */
function longest(type: DataType & { kind: 'enum' }, model: Model): number {
  const found = find(model, 'enums', type)
  if (found === undefined) return fault('no-such-enum', `there is no enum "${shown(type)}"`)
  return Math.max(1, ...found.values.map((value) => [...value].length))
}

/** The type under a domain. */
function domainBase(type: DataType & { kind: 'domain' }, model: Model): DataType {
  const found = find(model, 'domains', type)
  return found?.type ?? fault('no-such-domain', `there is no domain "${shown(type)}"`)
}

/** Types that a STRICT table may have; only INTEGER, REAL, TEXT, BLOB and ANY besides INT (sqlite.org/stricttables). */
const STRICT: readonly (readonly [RegExp, string])[] = [
  [/^(INT|INTEGER|REAL|TEXT|BLOB|ANY)$/i, ''],
  [/^(SMALLINT|BIGINT|BOOLEAN)$/, 'INTEGER'],
  [/^DOUBLE$/, 'REAL'],
  [/^(VARCHAR|CHAR)\b|^(DATE|TIME|DATETIME|JSON)$/, 'TEXT'],
]

/**
 * The type as a STRICT table writes it.
 * @throws `unsupported` for types that no strict type can hold without loss (NUMERIC)
 */
export function strictType(spelled: string): string {
  for (const [pattern, word] of STRICT) if (pattern.test(spelled)) return word === '' ? spelled : word
  return fault('unsupported', `a STRICT table has no type "${spelled}"`, {
    hint: 'its types are INTEGER, REAL, TEXT, BLOB and ANY (`{ native: ANY }`)',
  })
}

export type Affinity = 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC'

/** The affinity of a declared type (https://sqlite.org/datatype3.html, section 3.1). */
export function affinity(declared: string): Affinity {
  const type = declared.toUpperCase()
  if (type.includes('INT')) return 'INTEGER'
  if (/CHAR|CLOB|TEXT/.test(type)) return 'TEXT'
  if (type === '' || type.includes('BLOB')) return 'BLOB'
  if (/REAL|FLOA|DOUB/.test(type)) return 'REAL'
  return 'NUMERIC'
}

const PLAIN: Readonly<Record<string, DataType>> = {
  'SMALLINT': { kind: 'smallint' },
  'INT2': { kind: 'smallint' },
  'INTEGER': { kind: 'integer' },
  'INT': { kind: 'integer' },
  'BIGINT': { kind: 'bigint' },
  'INT8': { kind: 'bigint' },
  'REAL': { kind: 'real' },
  'DOUBLE': { kind: 'double' },
  'DOUBLE PRECISION': { kind: 'double' },
  'FLOAT': { kind: 'double' },
  'NUMERIC': { kind: 'numeric' },
  'DECIMAL': { kind: 'numeric' },
  'BOOLEAN': { kind: 'boolean' },
  'BOOL': { kind: 'boolean' },
  'DATE': { kind: 'date' },
  'TIME': { kind: 'time' },
  'DATETIME': { kind: 'timestamp' },
  'TIMESTAMP': { kind: 'timestamp' },
  'TEXT': { kind: 'text' },
  'VARCHAR': { kind: 'varchar' },
  'CHAR': { kind: 'char' },
  'BLOB': { kind: 'bytea' },
  'JSON': { kind: 'json' },
  'CHAR(32)': { kind: 'uuid' },
}

/**
 * The type that a declared type means. Only those are read that have the same affinity when they are spelled again;
 * everything else is native, as written.
 * @param soleKey whether the column alone is the primary key: INTEGER makes it another name of the rowid there, INT
 *   does not, so the word must survive
 */
export function readType(declared: string, soleKey = false): DataType {
  if (soleKey && /^INT\d*$/i.test(declared)) return { kind: 'native', sqlite: declared }
  const known = READ.get(declared) ?? read(declared)
  READ.set(declared, known)
  return known
}

/** The types of a schema are few, and its columns many. */
const READ = new Map<string, DataType>()

function read(declared: string): DataType {
  const type = declared.toUpperCase()
  const plain = PLAIN[type]
  if (plain !== undefined) return plain
  const match = /^(VARCHAR|CHAR|NUMERIC|DECIMAL)\((\d+)(?:, (\d+))?\)$/.exec(type)
  if (match === null) return { kind: 'native', sqlite: declared }
  const first = Number(match[2])
  const second = match[3] === undefined ? undefined : Number(match[3])
  if (match[1] === 'VARCHAR' || match[1] === 'CHAR') {
    if (second !== undefined) return { kind: 'native', sqlite: declared }
    return { kind: match[1] === 'CHAR' ? 'char' : 'varchar', length: first }
  }
  return second === undefined
    ? { kind: 'numeric', precision: first }
    : { kind: 'numeric', precision: first, scale: second }
}

/** The type as it would be read back: what SQLite keeps of it. */
export function projectType(type: DataType, model: Model, soleKey = false): DataType {
  if (type.kind === 'array' || (type.kind === 'native' && type.sqlite === undefined)) return type
  return readType(spellType(type, model), soleKey)
}

/** Declared types that people and other tools write for a portable one; they differ in affinity, not in meaning. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'UUID': 'CHAR(32)',
  'JSONB': 'JSON',
  'CHARACTER VARYING': 'VARCHAR',
  'CHARACTER': 'CHAR',
  'INT4': 'INTEGER',
}

/** One word for all types that SQLite holds alike. */
function canonical(type: DataType): string {
  if (type.kind === 'enum' || type.kind === 'domain') return `${type.kind} ${shown(type)}`
  if (type.kind === 'array') return `${canonical(type.of)}${'[]'.repeat(type.dimensions)}`
  if (type.kind === 'native' && type.sqlite === undefined) return `native ${type.postgres}`
  const written = spellType(type, EMPTY).toUpperCase()
  const [, word = '', length = ''] = /^(.*?)(\(.*\))?$/.exec(written) ?? []
  const known = readType(`${SYNONYMS[word] ?? word}${length}`)
  return known.kind === 'native' ? written : spellType(known, EMPTY)
}

/** Whether SQLite holds both types alike. Enums and domains only equal themselves: project the model first. */
export function sameType(a: DataType, b: DataType): boolean {
  return canonical(a) === canonical(b)
}
