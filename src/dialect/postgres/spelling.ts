/**
 * How PostgreSQL writes SQL; layout and quoting as SQLAlchemy's. What only SQLite has is left out when it means nothing
 * here (STRICT, WITHOUT ROWID, AUTOINCREMENT) and refused when it would change what happens (ON CONFLICT).
 *
 * The server's version is not known here: a virtual generated column (PostgreSQL 18) is spelled as asked, and whoever
 * compiles for an older server has to refuse it.
 */
import { fault } from '../../problem.ts'
import { constraints } from '../../model/edit.ts'
import type { AnyConstraint } from '../../model/edit.ts'
import { parentOf } from '../../model/inherited.ts'
import { clip } from '../../model/names.ts'
import { tokenize } from '../../model/sql-tokens.ts'
import type {
  Check,
  Column,
  ConflictAction,
  DataType,
  Default,
  Exclusion,
  ForeignKey,
  Index,
  MaterializedView,
  Model,
  PrimaryKey,
  QualifiedName,
  Scalar,
  Sequence,
  Table,
  Unique,
  View,
} from '../../model/model.ts'
import * as ansi from '../ansi.ts'
import type { Spelling } from '../dialect.ts'
import { batchSpelling } from './batch-spelling.ts'
import { ofType } from './default.ts'
import { createTrigger } from './trigger.ts'
import { KEYWORDS } from './keywords.ts'
import { spellType } from './types.ts'

/** An identifier, quoted when PostgreSQL would not read it back as written, and cut where PostgreSQL would with a NOTICE. */
function name(identifier: string): string {
  return ansi.identifier(clip(identifier), KEYWORDS)
}

/** @throws `name-too-long` for a name that PostgreSQL would cut: nothing would find by it what it names */
function newName(identifier: string): string {
  const kept = clip(identifier)
  if (kept === identifier) return name(identifier)
  return fault('name-too-long', `"${identifier}" is longer than the 63 bytes that PostgreSQL keeps`, {
    path: [],
    hint: `write "${kept}", which is what it would be called`,
  })
}

function newQualified({ schema, name: own }: QualifiedName): string {
  return schema === undefined ? newName(own) : `${name(schema)}.${newName(own)}`
}

export function qualified({ schema, name: own }: QualifiedName): string {
  return schema === undefined ? name(own) : `${name(schema)}.${name(own)}`
}

/**
 * A literal. A text with a backslash is an E'' string, as quote_literal() writes it, so that it means the same with
 * either setting of standard_conforming_strings.
 * @throws `bad-literal` for a text with a zero character, which PostgreSQL cannot hold
 */
export function literal(value: Scalar): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ansi.string(String(value))
  if (value.includes('\0')) {
    return fault('bad-literal', 'PostgreSQL cannot store the character U+0000 in a text', {
      hint: 'remove it, or use a bytea column',
    })
  }
  return value.includes('\\') ? `E${ansi.string(value.replaceAll('\\', '\\\\'))}` : ansi.string(value)
}

/** What an expression may have and DEFAULT takes in parentheses only (gram.y: a_expr, b_expr). */
const LOOSE = new Set([
  ...['AND', 'OR', 'NOT', 'IS', 'ISNULL', 'NOTNULL', 'IN', 'BETWEEN', 'LIKE', 'ILIKE', 'SIMILAR', 'OVERLAPS'],
  ...['AT', 'COLLATE'],
])

function defaultValue(value: Default, type: DataType): string {
  if ('literal' in value) return literal(ofType(value.literal, type))
  const { expression } = value
  // Most are one word or a call.
  if (!/\s|--/.test(expression)) return expression
  const loose = tokenize(expression, 'postgres').some((one) => one.depth === 0 && LOOSE.has(one.key))
  return loose || ansi.endsInComment(expression) ? ansi.inParentheses(expression) : expression
}

const SERIALS: Readonly<Record<string, string>> = {
  smallint: 'SMALLSERIAL',
  integer: 'SERIAL',
  bigint: 'BIGSERIAL',
}

function column(one: Column): string {
  noConflictClause(one.onConflict)
  const serial = one.serial === true ? SERIALS[one.type.kind] : undefined
  const collation = one.collation === undefined ? '' : ` COLLATE ${ansi.quoted(one.collation)}`
  const generated = one.generated === undefined ? '' : ansi.generated(one.generated)
  const fallback = serial === undefined ? ansi.defaultClause(spelling, one) : ''
  const type = serial ?? spellType(one.type, qualified)
  return `${newName(one.name)} ${type}${collation}${fallback}${generated}${identity(one)}${
    one.nullable ? '' : ' NOT NULL'
  }`
}

function identity({ identity: one }: Column): string {
  if (one === undefined) return ''
  const options = ansi.sequenceOptions(one)
  const when = one.generated === 'always' ? 'ALWAYS' : 'BY DEFAULT'
  return ` GENERATED ${when} AS IDENTITY${options === '' ? '' : ` (${options})`}`
}

function noConflictClause(action: ConflictAction | undefined): void {
  if (action === undefined) return
  fault('unsupported', `PostgreSQL has no ON CONFLICT ${action.toUpperCase()} on constraints`, {
    path: [],
    hint: 'write `only: sqlite` beside the operation, or leave on_conflict out',
  })
}

function include(columns: readonly string[] | undefined): string {
  return columns === undefined || columns.length === 0 ? '' : ` INCLUDE ${ansi.list(columns.map(name))}`
}

function keyTail(one: PrimaryKey | Unique): string {
  noConflictClause(one.onConflict)
  if (one.descending !== undefined) {
    fault('unsupported', 'PostgreSQL has no DESC in constraints', {
      path: [],
      hint: 'write `only: sqlite` beside the operation, or leave descending out',
    })
  }
  return `${include(one.include)}${ansi.deferral(one.deferrable)}`
}

function primaryKey(one: PrimaryKey): string {
  return `${ansi.constraintName(spelling, one)}PRIMARY KEY ${ansi.list(one.columns.map(name))}${keyTail(one)}`
}

function unique(one: Unique): string {
  const nulls = one.nullsNotDistinct === true ? ' NULLS NOT DISTINCT' : ''
  const columns = ansi.list(one.columns.map(name))
  return `${ansi.constraintName(spelling, one)}UNIQUE${nulls} ${columns}${keyTail(one)}`
}

function check(one: Check): string {
  const noInherit = one.noInherit === true ? ' NO INHERIT' : ''
  return `${ansi.check(spelling, one)}${noInherit}${one.valid === false ? ' NOT VALID' : ''}`
}

function foreignKey(one: ForeignKey): string {
  return `${ansi.foreignKey(spelling, one)}${one.valid === false ? ' NOT VALID' : ''}`
}

function exclusion(one: Exclusion): string {
  const elements = one.elements.map((each) => `${ansi.indexKey(spelling, each)} WITH ${each.with}`)
  const where = one.where === undefined ? '' : ` WHERE ${ansi.inParentheses(one.where)}`
  const head = `${ansi.constraintName(spelling, one)}EXCLUDE USING ${name(one.using)}`
  return `${head} ${ansi.list(elements)}${include(one.include)}${where}${ansi.deferral(one.deferrable)}`
}

function constraint(one: AnyConstraint): string {
  switch (one.kind) {
    case 'primary_key':
      return primaryKey(one.constraint)
    case 'unique':
      return unique(one.constraint)
    case 'check':
      return check(one.constraint)
    case 'foreign_key':
      return foreignKey(one.constraint)
    case 'exclude':
      return exclusion(one.constraint)
  }
}

function createTable(table: Table, model: Model, options?: { readonly ifNotExists?: boolean }): string {
  const unlogged = table.unlogged === true ? 'UNLOGGED ' : ''
  const head = `CREATE ${unlogged}TABLE ${options?.ifNotExists ? 'IF NOT EXISTS ' : ''}${newQualified(table)}`
  const inherits = table.inherits === undefined
    ? ''
    : ` INHERITS ${ansi.list(table.inherits.map((one) => parent(one, model)))}`
  const partition = table.partitionBy === undefined ? '' : ` PARTITION BY ${ansi.closed(table.partitionBy)}`
  const tail = `${inherits}${partition}${storage(table.with)}${tablespace(table.tablespace)}`
  const parts = [...table.columns.map(column), ...constraints(table).map(constraint)]
  return parts.length === 0 ? `${head} ()${tail}` : ansi.createTable(head, parts, tail)
}

function parent(named: string, model: Model): string {
  return qualified(parentOf(model, named) ?? { name: named })
}

function tablespace(one: string | undefined): string {
  return one === undefined ? '' : ` TABLESPACE ${name(one)}`
}

/** ` WITH (fillfactor = 70, buffering = 'auto')`: texts are quoted, a parameter's prefix (toast.) stays. */
function storage(options: Readonly<Record<string, Scalar>> | undefined): string {
  if (options === undefined || Object.keys(options).length === 0) return ''
  const one = ([key, value]: [string, Scalar]) => `${key.split('.').map(name).join('.')} = ${literal(value)}`
  return ` WITH ${ansi.list(Object.entries(options).map(one))}`
}

function createIndex(
  index: Index,
  table: Table,
  options?: { readonly ifNotExists?: boolean; readonly concurrently?: boolean },
): string {
  const words = [
    `CREATE${index.unique === true ? ' UNIQUE' : ''} INDEX`,
    ...(options?.concurrently ? ['CONCURRENTLY'] : []),
    ...(options?.ifNotExists ? ['IF NOT EXISTS'] : []),
    `${name(index.name)} ON ${qualified(table)}`,
    ...(index.using === undefined ? [] : [`USING ${name(index.using)}`]),
    ansi.list(index.keys.map((key) => ansi.indexKey(spelling, key))),
  ]
  const nulls = index.nullsNotDistinct === true ? ' NULLS NOT DISTINCT' : ''
  const where = index.where === undefined ? '' : ` WHERE ${ansi.closed(index.where)}`
  const tail = `${storage(index.with)}${tablespace(index.tablespace)}${where}`
  return `${words.join(' ')}${include(index.include)}${nulls}${tail}`
}

function createView(view: View, options?: { readonly orReplace?: boolean }): string {
  const head = `CREATE${options?.orReplace ? ' OR REPLACE' : ''} VIEW ${newQualified(view)}`
  const columns = view.columns === undefined ? '' : ` ${ansi.list(view.columns.map(name))}`
  const security = [
    ...(view.securityBarrier === true ? ['security_barrier = true'] : []),
    ...(view.securityInvoker === true ? ['security_invoker = true'] : []),
  ]
  const secured = security.length === 0 ? '' : ` WITH ${ansi.list(security)}`
  const checked = view.checkOption === undefined ? '' : ` WITH ${view.checkOption.toUpperCase()} CHECK OPTION`
  return `${head}${columns}${secured} AS ${ansi.viewQuery(view, 'postgres')}${checked}`
}

function createMaterializedView(
  view: MaterializedView,
  options?: { readonly ifNotExists?: boolean },
): string {
  const columns = view.columns === undefined ? '' : ` ${ansi.list(view.columns.map(name))}`
  const using = view.using === undefined ? '' : ` USING ${name(view.using)}`
  const head = `CREATE MATERIALIZED VIEW ${options?.ifNotExists ? 'IF NOT EXISTS ' : ''}${newQualified(view)}`
  const physical = `${using}${storage(view.with)}${tablespace(view.tablespace)}`
  return `${head}${columns}${physical} AS ${view.query}${view.populated === false ? ' WITH NO DATA' : ''}`
}

function createSequence(sequence: Sequence): string {
  const type = sequence.type === undefined ? '' : ` AS ${sequence.type.toUpperCase()}`
  const options = ansi.sequenceOptions(sequence)
  const owner = sequence.ownedBy
  const table = owner === undefined ? '' : qualified({ schema: sequence.schema, name: owner.table })
  const owned = owner === undefined ? '' : ` OWNED BY ${table}.${name(owner.column)}`
  return `CREATE SEQUENCE ${newQualified(sequence)}${type}${options === '' ? '' : ` ${options}`}${owned}`
}

/** PostgreSQL's {@link Spelling}. */
export const spelling: Spelling = {
  dialect: 'postgres',
  name,
  newName,
  qualified,
  newQualified,
  names: (identifiers) => identifiers.map(name).join(', '),
  literal,
  timestamp: (time) => time.toISOString(),
  elapsed: () => '(extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::integer',
  type: (type) => spellType(type, qualified),
  default: defaultValue,
  column,
  primaryKey,
  unique,
  check,
  foreignKey,
  exclusion,
  createTable,
  createIndex,
  dropsColumns: () => true,
  createView,
  createSequence,
  createMaterializedView,
  createTrigger: (trigger, options) => createTrigger(spelling, trigger, options),
  batches: batchSpelling(literal),
}
