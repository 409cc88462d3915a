/** A model as SQLite can hold it. */
import type { Check, Column, DataType, ForeignKey, Index, Model, Table, View } from '../../model/model.ts'
import { bare, sqlFor } from '../../model/sql-text.ts'
import { defined } from '../../model/defined.ts'
import { portableDefault } from './default.ts'
import { isRowidAlias, isSoleKey } from './spelling.ts'
import { projectTrigger } from './trigger.ts'
import { projectType, readType, spellType, strictType } from './types.ts'

/**
 * The model that introspection would return after creating this one: enums, domains and comments are gone, types are
 * those that are read back, serial and identity are the rowid's business, storage options do not exist. What SQLite
 * refuses (arrays, schemas, exclusion constraints) is left as it is: spelling it faults.
 */
export function project(model: Model): Model {
  return {
    schemas: [],
    extensions: [],
    enums: [],
    domains: [],
    sequences: [],
    tables: model.tables.map((table) => projectTable(table, model)),
    views: model.views.flatMap(projectView),
    materializedViews: [],
    functions: [],
    triggers: model.triggers.flatMap((one) => projectTrigger(one) ?? []),
    grants: [],
  }
}

/** A view without a text for SQLite is not there. */
function projectView({ schema, name, query, columns }: View): readonly View[] {
  const text = sqlFor(query, 'sqlite')
  return text === undefined ? [] : [defined({ schema, name, query: bare(text), columns })]
}

function projectTable(table: Table, model: Model): Table {
  const { schema, name, primaryKey, strict, withoutRowid, unmanaged } = table
  return defined({
    schema,
    name,
    columns: table.columns.map((column) => projectColumn(column, table, model)),
    primaryKey: primaryKey === undefined ? undefined : withoutComment(primaryKey),
    uniques: table.uniques.map(withoutComment),
    checks: table.checks.map(projectCheck),
    foreignKeys: table.foreignKeys.map(projectForeignKey),
    excludes: table.excludes,
    indexes: table.indexes.map(projectIndex),
    strict,
    withoutRowid,
    unmanaged,
  })
}

function withoutComment<T extends { readonly comment?: string }>(
  { comment: _, ...rest }: T,
): Omit<T, 'comment'> {
  return defined(rest)
}

function projectCheck({ name, implicit, expression }: Check): Check {
  return defined({ name, implicit, expression })
}

/** SQLite checks what is there when it is asked to: it has no NOT VALID. */
function projectForeignKey({ comment: _comment, valid: _valid, ...rest }: ForeignKey): ForeignKey {
  return defined(rest)
}

function projectIndex({ name, keys, unique, where }: Index): Index {
  const kept = keys.map(({ nulls: _, ...key }) => defined(key))
  return defined({ name, keys: kept, unique, where })
}

function projectColumn(column: Column, table: Table, model: Model): Column {
  const type = columnType(column, table, model)
  const { name, nullable, generated, collation, autoincrement, onConflict } = column
  return defined({
    name,
    type,
    // Elsewhere than in an alias of the rowid SQLite lets a primary key hold NULL, by a bug that it keeps
    // (https://sqlite.org/lang_createtable.html#primkeyconst): nobody can ask for that, so nobody is told of it.
    nullable: nullable && table.primaryKey?.columns.includes(name) !== true,
    default: column.default === undefined ? undefined : portableDefault(column.default, type),
    generated,
    collation,
    autoincrement,
    onConflict: onConflict === 'abort' ? undefined : onConflict,
  })
}

/** Like the spelling's, but arrays and other dialects' types stay: this is no place to refuse them. */
function columnType(column: Column, table: Table, model: Model): DataType {
  if (isRowidAlias(column, table)) return { kind: 'integer' }
  const type = projectType(column.type, model, isSoleKey(column, table))
  if (!table.strict || type.kind === 'array' || (type.kind === 'native' && type.sqlite === undefined)) {
    return type
  }
  return readType(strictType(spellType(type, model)))
}
