/** What the operations on indexes have in common. */
import { findIndex } from '../../model/called.ts'
import { change, find, sameSchema, shown, tableOf } from '../../model/edit.ts'
import { asTable } from '../../model/materialized-view.ts'
import type { Index, Model, Table } from '../../model/model.ts'
import { didYouMean, fault } from '../../problem.ts'
import { unsupportedField } from '../definition.ts'
import { toMethod } from './index-spec.ts'
import type { IndexSpec } from './index-spec.ts'
import { columnsOf } from './materialized-view.ts'
import { tableName } from './on-table.ts'
import type { OnTable } from './on-table.ts'

/** The fields by which an operation names an index. */
export interface OnIndex {
  readonly name: string
  readonly table?: string
  readonly schema?: string
}

/**
 * The index that an operation names, and its table.
 * @throws `no-such-index`; `wrong-table` when the operation names another table
 */
export function indexNamed(model: Model, op: OnIndex): { readonly table: Table; readonly index: Index } {
  const found = findIndex(model, op.name, op.schema)
  if (found === undefined) {
    return fault('no-such-index', `there is no index "${shown({ schema: op.schema, name: op.name })}"`, {
      path: ['name'],
      hint: missingHint(model, op),
    })
  }
  if (op.table !== undefined && found.table.name !== op.table) {
    fault('wrong-table', `index "${op.name}" is of table "${shown(found.table)}", not "${op.table}"`, {
      path: ['table'],
    })
  }
  return found
}

function missingHint(model: Model, op: OnIndex): string | undefined {
  const here = model.tables.filter((one) => sameSchema(one, op))
  const name = op.name
  for (const table of here) {
    const keys = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques, ...table.excludes]
    if (keys.some((one) => one.name === name)) {
      return `it is a constraint of "${shown(table)}": use drop_constraint or rename_constraint`
    }
  }
  const near = didYouMean(op.name, here.flatMap((table) => table.indexes.map((one) => one.name)))
  if (near !== undefined) return `did you mean "${near}"?`
  const own = here.find((one) => one.name === op.table)?.indexes.map((one) => one.name) ?? []
  return own.length === 0 ? undefined : `the indexes of "${op.table}" are ${own.join(', ')}`
}

/**
 * The table that an index is on: a materialized view is one with the columns that the index names.
 * @throws `no-such-table`
 */
export function indexedTable(
  model: Model,
  op: OnTable & Pick<IndexSpec, 'columns' | 'include'>,
): Table {
  const view = find(model, 'materializedViews', tableName(op))
  return view === undefined ? tableOf(model, op) : asTable(view, columnsOf(op))
}

/** The model with the indexes of a table, or of a materialized view, as `edit` leaves them. */
export function changeIndexed(model: Model, table: Table, edit: (table: Table) => Table): Model {
  if (find(model, 'materializedViews', table) === undefined) return change(model, 'tables', table, edit)
  return change(model, 'materializedViews', table, (view) => ({ ...view, indexes: edit(table).indexes }))
}

/** Refuses what SQLite's indexes cannot have. NULLS FIRST, storage parameters and tablespaces are left out there. */
export function refuseOnSqlite(spec: IndexSpec): void {
  if (toMethod(spec.using) !== undefined) {
    unsupportedField(`SQLite has no ${spec.using} indexes`, ['using'])
  }
  if (spec.include !== undefined) unsupportedField('SQLite has no INCLUDE columns', ['include'])
  if (spec.nulls_not_distinct) unsupportedField('SQLite has no NULLS NOT DISTINCT', ['nulls_not_distinct'])
  spec.columns.forEach((key, i) => {
    if (typeof key === 'string' || key.opclass === undefined) return
    unsupportedField(`SQLite has no operator classes ("${key.opclass}")`, ['columns', i, 'opclass'])
  })
}
