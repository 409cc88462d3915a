/** The table that an operation names by its fields `table` and `schema`. */
import { shown } from '../../model/edit.ts'
import type { QualifiedName } from '../../model/model.ts'

/** The fields by which an operation names its table. */
export interface OnTable {
  readonly table: string
  readonly schema?: string
}

/** The fields that name a table, for an operation on it. */
export function onTable(table: QualifiedName): OnTable {
  return table.schema === undefined ? { table: table.name } : { table: table.name, schema: table.schema }
}

/** The name of the table that an operation names. */
export function tableName(op: OnTable): QualifiedName {
  return { schema: op.schema, name: op.table }
}

/** `users`, `auth.users`: the table that an operation names, for messages. */
export function shownTable(op: OnTable): string {
  return shown(tableName(op))
}
