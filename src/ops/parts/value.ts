/** Values of rows: what YAML writes, whether a column can take it, and how it is spelled. */
import { Type } from 'typebox'
import { didYouMean, fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Column, DataType, Model, Scalar, SqlText, Table } from '../../model/model.ts'
import { column, find, findColumn, shown } from '../../model/edit.ts'
import { neededSql } from '../../model/sql-text.ts'
import { closed } from '../../dialect/ansi.ts'
import type { CompileContext } from '../definition.ts'
import { typeName } from './type.ts'

/** Anything that YAML can write; `{ sql: … }` is an expression. */
export type Value = unknown

export const rowShape = Type.Record(Type.String(), Type.Unknown({ $comment: 'value' }), {
  description: 'Values by column: literals, lists and maps for arrays and JSON, or { sql: expression }.',
})

export type Row = Readonly<Record<string, Value>>

/** The expression of `{ sql: … }`; undefined for a literal. */
export function expressionOf(value: Value): SqlText | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const [key, ...more] = Object.keys(value)
  if (key !== 'sql' || more.length > 0) return undefined
  const { sql } = value as { readonly sql: unknown }
  if (typeof sql === 'string') return sql
  return sql !== null && typeof sql === 'object' && !Array.isArray(sql) ? sql as SqlText : undefined
}

/** The type under domains. */
function baseType(type: DataType, model: Model): DataType {
  if (type.kind !== 'domain') return type
  const domain = find(model, 'domains', type)
  return domain === undefined ? type : baseType(domain.type, model)
}

function isJson(type: DataType): boolean {
  return type.kind === 'json' || type.kind === 'jsonb' || type.kind === 'native'
}

/**
 * Looks whether columns can take the values of a row.
 * @throws `no-such-column` with a suggestion; `generated-column`; `null-value`; `enum-value`; `value-type`; `not-json`
 */
export function checkRow(row: Row, table: Table, model: Model, path: Path): void {
  for (const [name, value] of Object.entries(row)) {
    const at = [...path, name]
    const target = column(table, name, at)
    if (target.generated !== undefined) {
      fault('generated-column', `"${shown(table)}.${name}" is generated: it takes no values`, { path: at })
    }
    if (value === null && !target.nullable) {
      fault('null-value', `"${shown(table)}.${name}" takes no NULL`, { path: at })
    }
    if (value !== null && expressionOf(value) === undefined) {
      checkValue(value, baseType(target.type, model), { model, label: `${shown(table)}.${name}`, path: at })
    }
  }
}

interface Place {
  readonly model: Model
  readonly label: string
  readonly path: Path
}

function checkValue(value: Value, type: DataType, place: Place): void {
  // A variable that nobody gave a value: only what is not to run is looked at with one in it.
  if (typeof value === 'string' && value.includes('${x:')) return
  if (isJson(type)) return checkJson(value, type, place)
  if (Array.isArray(value)) {
    if (type.kind !== 'array') refuse('list', type, place)
    value.forEach((one, i) => {
      if (Array.isArray(one)) checkValue(one, type, place)
      else if (one !== null) {
        checkValue(one, baseType(type.of, place.model), { ...place, path: [...place.path, i] })
      }
    })
    return
  }
  if (typeof value === 'object') refuse('map', type, place)
  if (type.kind === 'enum') checkEnum(value, type, place)
}

function refuse(what: string, type: DataType, { label, path }: Place): never {
  return fault('value-type', `"${label}" is ${typeName(type)}: it takes no ${what}`, {
    path,
    hint: 'an expression is written { sql: … }',
  })
}

/** A string is JSON text as it stands, so that both `{ a: 1 }` and `'{"a": 1}'` can be written. */
function checkJson(value: Value, type: DataType, { label, path }: Place): void {
  if (typeof value !== 'string' || type.kind === 'native' || isJsonText(value)) return
  fault('not-json', `"${label}" is ${typeName(type)}, and ${JSON.stringify(value)} is no JSON text`, {
    path,
    hint: `a JSON string is written with its quotes: '${JSON.stringify(value)}'`,
  })
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function checkEnum(value: Value, type: DataType & { kind: 'enum' }, { model, label, path }: Place): void {
  const known = find(model, 'enums', type)?.values
  if (known === undefined || known.includes(String(value))) return
  const near = didYouMean(String(value), known)
  fault('enum-value', `"${label}" is ${typeName(type)}, which has no value "${value}"`, {
    path,
    hint: near === undefined ? `its values are ${known.join(', ')}` : `did you mean "${near}"?`,
  })
}

/**
 * The value as SQL for its column. JSON is its text; an array is `ARRAY[…]::type`.
 * @param target undefined when the table is not known to the model
 */
export function spellValue(
  value: Value,
  target: Column | undefined,
  cx: CompileContext,
  path: Path = [],
): string {
  const expression = expressionOf(value)
  if (expression !== undefined) {
    return closed(neededSql(expression, cx.sql.dialect, 'the value', [...path, 'sql']))
  }
  const type = target === undefined ? undefined : baseType(target.type, cx.after)
  if (value === null) return cx.sql.literal(null)
  if (type === undefined || isJson(type)) return spellJson(value, type, cx)
  if (Array.isArray(value)) return `${spellArray(value, type, cx)}::${cx.sql.type(type, cx.after)}`
  return spellScalar(value as Scalar, type, cx)
}

function spellJson(value: Value, type: DataType | undefined, { sql }: CompileContext): string {
  const text = typeof value === 'object' ||
    (type !== undefined && type.kind !== 'native' && typeof value !== 'string')
  return sql.literal(text ? JSON.stringify(value) : value as Scalar)
}

function spellArray(value: readonly Value[], type: DataType, cx: CompileContext): string {
  const element = type.kind === 'array' ? baseType(type.of, cx.after) : type
  const items = value.map((one) => {
    if (one === null) return cx.sql.literal(null)
    if (isJson(element)) return spellJson(one, element, cx)
    return Array.isArray(one) ? spellArray(one, type, cx) : spellScalar(one as Scalar, element, cx)
  })
  return `ARRAY[${items.join(', ')}]`
}

/** As a default of that type is written: `1` for a boolean is true, a number for text is quoted. */
function spellScalar(value: Scalar, type: DataType, { sql }: CompileContext): string {
  return sql.default({ literal: value }, type)
}

/** The columns that a new row must give: NOT NULL, and nothing gives them a value. */
export function neededColumns(table: Table, model: Model): Column[] {
  return table.columns.filter((one) => {
    if (one.nullable || one.default !== undefined || one.generated !== undefined) return false
    if (one.identity !== undefined || one.serial || one.autoincrement) return false
    const domain = one.type.kind === 'domain' ? find(model, 'domains', one.type) : undefined
    return domain?.default === undefined
  })
}

/** Whether SQLite numbers the rows by this column, if nobody gives it a value: an integer primary key. */
export function isRowid(one: Column, table: Table): boolean {
  return one.type.kind === 'integer' && table.primaryKey?.columns.join('\0') === one.name
}

/** The columns that the row names, for spelling; none when the model does not know the table. */
export function targetOf(table: Table | undefined, name: string): Column | undefined {
  return table === undefined ? undefined : findColumn(table, name)
}
