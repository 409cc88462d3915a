/** alter_column on SQLite: a new name in place, everything else by a rebuild. */
import { ProblemError } from '../../problem.ts'
import type { Table } from '../../model/model.ts'
import { tableOf } from '../../model/edit.ts'
import { withColumnRenamed } from '../../model/sql-names.ts'
import { renameColumn } from '../../model/rename.ts'
import { sqlFor } from '../../model/sql-text.ts'
import type { Compiled } from '../../dialect/dialect.ts'
import type { CompileContext } from '../definition.ts'
import { renameStatement } from '../rename-column.ts'
import type { AlterColumn } from './shape.ts'

/** The rename comes first: what is left is about the column under its new name. */
export function sqlite(op: AlterColumn, cx: CompileContext): readonly Compiled[] {
  const before = tableOf(cx.before, op)
  const after = tableOf(cx.after, op)
  const to = op.new_name ?? op.column
  if (to === op.column) return rest(op, cx, before, to)
  const renamed = tableOf(renameColumn(cx.before, before, op.column, to), op)
  const inPlace = [renameStatement({ ...op, new_name: to }, cx)]
  return [
    { before, after: renamed, inPlace, renamed: { from: op.column, to } },
    ...rest(op, cx, renamed, to),
  ]

  function rest(op: AlterColumn, cx: CompileContext, table: typeof before, column: string): Compiled[] {
    const using = op.using === undefined ? undefined : sqlFor(op.using, 'sqlite')
    if (using === undefined && isSpelledAlike(table, after, cx)) return []
    const value = using === undefined ? {} : { [column]: withColumnRenamed(using, op.column, column) }
    return [{ before: table, after, carry: value }]
  }
}

/** On its way a table may be what SQLite has not, such as an identity before its key: what it ends as is refused then. */
function isSpelledAlike(before: Table, after: Table, cx: CompileContext): boolean {
  try {
    return cx.sql.createTable(before, cx.after) === cx.sql.createTable(after, cx.after)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return false
  }
}
