/** The table whose rows an operation changes, and conditions on rows. */
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Model, SqlText, Table } from '../../model/model.ts'
import { find, tableOf } from '../../model/edit.ts'
import { neededSql } from '../../model/sql-text.ts'
import { closed } from '../../dialect/ansi.ts'
import type { CompileContext } from '../definition.ts'
import { tableName } from './on-table.ts'
import type { OnTable } from './on-table.ts'
import { checkRow, spellValue, targetOf } from './value.ts'
import type { Row } from './value.ts'

/** The table; undefined for a view, of whose columns the model knows nothing. @throws `no-such-table` */
export function rowTable(model: Model, op: OnTable): Table | undefined {
  if (find(model, 'views', tableName(op)) !== undefined) return undefined
  return tableOf(model, op)
}

/** @throws what {@link checkRow} throws, and `no-such-table` */
export function checkRows(model: Model, op: OnTable, rows: readonly Row[], path: Path): void {
  const table = rowTable(model, op)
  if (table === undefined) return
  rows.forEach((row, i) => checkRow(row, table, model, [...path, i]))
}

/** The table's name as SQL. */
export function target(op: OnTable, { sql }: CompileContext): string {
  return sql.qualified(tableName(op))
}

/** ` WHERE …`, or nothing. */
export function whereSql(where: SqlText | undefined, { sql }: CompileContext): string {
  if (where === undefined) return ''
  return ` WHERE ${closed(neededSql(where, sql.dialect, 'the condition', ['where']))}`
}

/** The condition that a row is one of these: `id IN (1, 2)`, `a = 1 AND b IS NULL OR …`. */
export function isOneOf(op: OnTable, rows: readonly Row[], cx: CompileContext): string {
  const table = rowTable(cx.before, op)
  const spell = (row: Row, name: string) => spellValue(row[name], targetOf(table, name), cx)
  const [first] = Object.keys(rows[0] ?? {})
  const single = rows.every((row) =>
    Object.keys(row).length === 1 && Object.hasOwn(row, first!) && row[first!] !== null
  )
  if (first !== undefined && single) {
    const values = rows.map((row) => spell(row, first))
    const name = cx.sql.name(first)
    return values.length === 1 ? `${name} = ${values[0]}` : `${name} IN (${values.join(', ')})`
  }
  const conditions = rows.map((row) =>
    Object.keys(row).map((name) =>
      row[name] === null ? `${cx.sql.name(name)} IS NULL` : `${cx.sql.name(name)} = ${spell(row, name)}`
    ).join(' AND ')
  )
  return conditions.map((one) => conditions.length > 1 ? `(${one})` : one).join(' OR ')
}

/** @throws `empty-row` for a row without values */
export function checkNotEmpty(rows: readonly Row[], path: Path): void {
  rows.forEach((row, i) => {
    if (Object.keys(row).length === 0) fault('empty-row', 'the row has no values', { path: [...path, i] })
  })
}
