/** How SQLite writes SQL: as SQLAlchemy's SQLite dialect does, wherever that keeps the meaning. */
import { fault } from '../../problem.ts'
import { findColumn } from '../../model/edit.ts'
import type {
  Column,
  ConflictAction,
  IndexKey,
  Model,
  PrimaryKey,
  Scalar,
  Table,
  Unique,
} from '../../model/model.ts'
import * as ansi from '../ansi.ts'
import type { Spelling } from '../dialect.ts'
import { batchSpelling } from './batch-spelling.ts'
import { portableDefault } from './default.ts'
import { holdsStrings } from './double-quotes.ts'
import { KEYWORDS } from './keywords.ts'
import { createTrigger } from './trigger.ts'
import { spellType, strictType } from './types.ts'

const ONLY = 'write `only: postgres` beside the operation'

function refuse(message: string, hint = ONLY): never {
  return fault('unsupported', message, { hint })
}

/** What SQLAlchemy's DateTime stores: microseconds, no zone. */
function timestamp(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '000')
}

/**
 * SQLite's spelling. What SQLite cannot hold and cannot do without (arrays, exclusion constraints, schemas, INCLUDE,
 * operator classes, access methods) is refused with `unsupported`; comments and storage options are left out.
 */
export const spelling: Spelling = {
  dialect: 'sqlite',
  name: (identifier) => ansi.identifier(identifier, KEYWORDS),
  newName: (identifier) => spelling.name(identifier),
  names: (identifiers) => identifiers.map(spelling.name).join(', '),
  qualified(name) {
    if (name.schema === undefined) return spelling.name(name.name)
    return refuse(`SQLite has no schemas ("${name.schema}"."${name.name}")`)
  },
  newQualified: (name) => spelling.qualified(name),
  literal,
  timestamp,
  elapsed: (since) =>
    `CAST(round((julianday('now') - julianday('${timestamp(since)}')) * 86400000) AS INTEGER)`,
  type: spellType,
  default(value, type) {
    const portable = portableDefault(value, type)
    return 'literal' in portable ? literal(portable.literal) : ansi.inParentheses(portable.expression)
  },
  column,
  primaryKey(one) {
    if (one.include?.length) refuse('SQLite has no INCLUDE columns')
    if (one.deferrable !== undefined) refuse('SQLite has no deferrable primary keys')
    return `${ansi.constraintName(spelling, one)}PRIMARY KEY ${keyColumns(one)}${conflict(one.onConflict)}`
  },
  unique(one) {
    if (one.include?.length) refuse('SQLite has no INCLUDE columns')
    if (one.nullsNotDistinct) refuse('SQLite has no NULLS NOT DISTINCT')
    if (one.deferrable !== undefined) refuse('SQLite has no deferrable unique constraints')
    return `${ansi.constraintName(spelling, one)}UNIQUE ${keyColumns(one)}${conflict(one.onConflict)}`
  },
  check: (one) => ansi.check(spelling, one),
  foreignKey: (one) => ansi.foreignKey(spelling, one),
  exclusion: (one) => refuse(`SQLite has no exclusion constraints ("${one.name}")`),
  createTable,
  createIndex(index, table, options) {
    if (index.using !== undefined) refuse(`SQLite has no ${index.using} indexes`)
    if (index.include?.length) refuse('SQLite has no INCLUDE columns')
    if (index.nullsNotDistinct) refuse('SQLite has no NULLS NOT DISTINCT')
    const head = `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${
      options?.ifNotExists ? 'IF NOT EXISTS ' : ''
    }`
    const where = index.where === undefined ? '' : ` WHERE ${ansi.closed(index.where)}`
    const name = `${spelling.name(index.name)} ON ${spelling.qualified(table)}`
    return `${head}${name} (${index.keys.map(indexKey).join(', ')})${where}`
  },
  dropsColumns: (model) => !holdsStrings(model),
  createView(view, options) {
    if (options?.orReplace) refuse('SQLite has no CREATE OR REPLACE VIEW', 'drop the view first')
    if (view.checkOption !== undefined) refuse('SQLite has no WITH CHECK OPTION')
    const columns = view.columns === undefined ? '' : ` ${ansi.list(view.columns.map(spelling.name))}`
    return `CREATE VIEW ${spelling.qualified(view)}${columns} AS ${ansi.viewQuery(view, 'sqlite')}`
  },
  createSequence: (sequence) => refuse(`SQLite has no sequences ("${sequence.name}")`),
  createMaterializedView: (view) => refuse(`SQLite has no materialized views ("${view.name}")`),
  createTrigger: (trigger, options) => createTrigger(spelling, trigger, options),
  batches: batchSpelling,
}

function literal(value: Scalar): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return ansi.string(value)
  return typeof value === 'boolean' ? String(Number(value)) : String(value)
}

function conflict(action: ConflictAction | undefined): string {
  return action === undefined || action === 'abort' ? '' : ` ON CONFLICT ${action.toUpperCase()}`
}

function keyColumns({ columns, descending = [] }: PrimaryKey | Unique): string {
  return ansi.list(columns.map((one) => `${spelling.name(one)}${descending.includes(one) ? ' DESC' : ''}`))
}

/** A collation: bare when it is a plain word (COLLATE NOCASE), as people write it. */
function collate(collation: string | undefined): string {
  if (collation === undefined) return ''
  return ` COLLATE ${/^[A-Za-z_]\w*$/.test(collation) ? collation : ansi.quoted(collation)}`
}

/** NULLS FIRST and LAST are left out: SQLite refuses them in an index, and they only matter to the planner. */
function indexKey(key: IndexKey): string {
  if (key.opclass !== undefined) refuse(`SQLite has no operator classes ("${key.opclass}")`)
  const what = key.column === undefined ? ansi.inParentheses(key.expression!) : spelling.name(key.column)
  return `${what}${collate(key.collation)}${key.sort === 'desc' ? ' DESC' : ''}`
}

/** Whether the column alone is the primary key. */
export function isSoleKey(column: Column, table: Table): boolean {
  return table.primaryKey?.columns.length === 1 && table.primaryKey.columns[0] === column.name
}

const INTEGERS: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint'])

/** Whether SQLite must number the rows: serial, identity and AUTOINCREMENT make the column an alias of the rowid. */
function isNumbered(column: Column): boolean {
  return column.serial === true || column.identity !== undefined || column.autoincrement === true
}

/** Whether the column is SQLite's INTEGER PRIMARY KEY: another name of the rowid. */
export function isRowidAlias(column: Column, table: Table): boolean {
  if (table.withoutRowid || !isSoleKey(column, table)) return false
  if (column.type.kind === 'native') return column.type.sqlite?.toUpperCase() === 'INTEGER'
  return column.type.kind === 'integer' || (isNumbered(column) && INTEGERS.has(column.type.kind))
}

/** The type of the column in its table: a numbered primary key is INTEGER, a STRICT table has five types only. */
export function columnType(column: Column, table: Table, model: Model): string {
  if (isRowidAlias(column, table)) return 'INTEGER'
  if (isNumbered(column)) {
    refuse(
      `SQLite numbers rows only in an integer primary key, which "${table.name}"."${column.name}" is not`,
      'leave out serial, identity or autoincrement',
    )
  }
  const spelled = spellType(column.type, model)
  return table.strict ? strictType(spelled) : spelled
}

function column(column: Column, table: Table, model: Model): string {
  const type = columnType(column, table, model)
  const notNull = column.nullable ? '' : ` NOT NULL${conflict(column.onConflict)}`
  const generated = column.generated === undefined ? '' : ansi.generated(column.generated)
  const rest = `${collate(column.collation)}${generated}${ansi.defaultClause(spelling, column)}${notNull}`
  return `${spelling.name(column.name)}${type === '' ? '' : ` ${type}`}${rest}`
}

/** `id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT`: the keyword can stand nowhere else. */
function inlineKey(table: Table): { readonly column: string; readonly sql: string } | undefined {
  const key = table.primaryKey
  const only = key?.columns.length === 1 ? findColumn(table, key.columns[0]!) : undefined
  if (key === undefined || !only?.autoincrement) return undefined
  if (key.descending !== undefined) {
    refuse('SQLite has no AUTOINCREMENT on a descending key', 'leave descending out')
  }
  const name = ansi.constraintName(spelling, key)
  return { column: only.name, sql: ` ${name}PRIMARY KEY${conflict(key.onConflict)} AUTOINCREMENT` }
}

function createTable(table: Table, model: Model, options?: { readonly ifNotExists?: boolean }): string {
  if (table.partitionBy !== undefined) refuse('SQLite has no partitioned tables')
  if (table.inherits?.length) refuse('SQLite has no table inheritance')
  const computed = table.primaryKey?.columns.find((name) => findColumn(table, name)?.generated !== undefined)
  if (computed !== undefined) {
    refuse(`SQLite has no generated columns in a primary key ("${table.name}"."${computed}")`)
  }
  const inline = inlineKey(table)
  const parts = [
    ...table.columns.map((one) =>
      column(one, table, model) + (one.name === inline?.column ? inline.sql : '')
    ),
    ...(table.primaryKey && !inline ? [spelling.primaryKey(table.primaryKey)] : []),
    ...table.uniques.map(spelling.unique),
    ...table.foreignKeys.map((one) => spelling.foreignKey(one, table)),
    ...table.checks.map(spelling.check),
    ...table.excludes.map(spelling.exclusion),
  ]
  const tail = [...(table.withoutRowid ? ['WITHOUT ROWID'] : []), ...(table.strict ? ['STRICT'] : [])].join(
    ', ',
  )
  const head = `CREATE TABLE ${options?.ifNotExists ? 'IF NOT EXISTS ' : ''}${spelling.qualified(table)}`
  return ansi.createTable(head, parts, tail === '' ? '' : ` ${tail}`)
}
