/** `using_index` of create_primary_key and create_unique_constraint: a unique index becomes the constraint. */
import { fault } from '../../problem.ts'
import { checkRelationName } from '../../model/attach.ts'
import { shown, tableOf } from '../../model/edit.ts'
import { called } from '../../model/called.ts'
import type { Index, Table } from '../../model/model.ts'
import * as ansi from '../../dialect/ansi.ts'
import type { Hazard, Statement } from '../../dialect/dialect.ts'
import type { CompileContext } from '../definition.ts'
import { alterTable, constraintComment, locks } from './compile.ts'
import { addConstraint, addedConstraint } from './on-constraint.ts'
import { shownTable, tableName } from './on-table.ts'
import type { OnTable } from './on-table.ts'
import { name, optional } from '../../shape.ts'

export const usingIndex = optional(
  name(
    'A unique index on the same columns that becomes the constraint, so that PostgreSQL builds none: quick after ' +
      'create_index with `concurrently`. It takes the name of the constraint.',
  ),
)

interface KeyOnTable extends OnTable {
  readonly columns: readonly string[]
  readonly include?: readonly string[]
  readonly nulls_not_distinct?: boolean
  readonly using_index?: string
}

/** What the constraint has from its index. */
interface FromIndex {
  readonly name: string
  readonly include?: readonly string[]
  readonly nullsNotDistinct?: true
}

/** The index that `using_index` names, and the table without it. */
export interface Adopted {
  readonly index: Index
  readonly table: Table
  readonly gives: FromIndex
}

/**
 * The index that is to become the constraint.
 * @throws `no-such-index`; `unusable-index` for one that PostgreSQL refuses (partial, descending, on expressions, of
 *   other columns); `contradiction` for fields that the index decides
 */
export function adopt(table: Table, op: KeyOnTable, indexName: string): Adopted {
  const index = called(table.indexes, indexName, (one) => one.name)
  if (index === undefined) {
    return fault('no-such-index', `table "${shown(table)}" has no index "${indexName}"`, {
      path: ['using_index'],
      hint: table.indexes.length === 0
        ? 'it has none'
        : `its indexes are ${table.indexes.map((one) => one.name).join(', ')}`,
    })
  }
  const reason = unusable(index, op.columns)
  if (reason !== undefined) {
    fault('unusable-index', `index "${index.name}" cannot become the constraint: ${reason}`, {
      path: ['using_index'],
    })
  }
  for (const field of ['include', 'nulls_not_distinct'] as const) {
    if (op[field] !== undefined) {
      fault('contradiction', `with using_index, the index says what ${field} is`, { path: [field] })
    }
  }
  const { name, include, nullsNotDistinct } = index
  return {
    index,
    table: { ...table, indexes: table.indexes.filter((one) => one !== index) },
    gives: { name, ...(include && { include }), ...(nullsNotDistinct && { nullsNotDistinct }) },
  }
}

/** Why PostgreSQL would not take the index (transformIndexConstraint); undefined when it would. */
function unusable(index: Index, columns: readonly string[]): string | undefined {
  if (!index.unique) return 'it is not unique'
  if (index.where !== undefined) return 'it has a WHERE'
  if (index.using !== undefined) return `it is a ${index.using} index`
  if (index.keys.some((key) => key.column === undefined)) return 'it is on an expression'
  if (index.keys.some((key) => Object.keys(key).length > 1)) {
    return 'its columns have an order, a collation or an operator class of their own'
  }
  const own = index.keys.map((key) => key.column!)
  if (own.join('\0') !== columns.join('\0')) return `it is on (${own.join(', ')})`
}

/**
 * ALTER TABLE … ADD the key, its index built or taken over. PostgreSQL.
 * @param scans whether the rows are looked at for NULLs
 */
export function addKey(
  op: KeyOnTable,
  cx: CompileContext,
  words: 'PRIMARY KEY' | 'UNIQUE',
  scans: boolean,
): Statement[] {
  const table = shownTable(op)
  const scan: Hazard[] = scans ? [{ kind: 'scans', table }] : []
  const lock = locks(table, 'ACCESS EXCLUSIVE')
  if (op.using_index === undefined) {
    return addConstraint(op, cx, [lock, { kind: 'builds-index', table }, ...scan])
  }
  const added = addedConstraint(op, cx.before, cx.after)
  const { index } = adopt(tableOf(cx.before, op), op, op.using_index)
  const { name } = added.constraint
  if (name !== index.name) checkRelationName(cx.before, tableOf(cx.before, op), name)
  const deferrable = 'deferrable' in added.constraint ? added.constraint.deferrable : undefined
  const head = `${alterTable(cx.sql, op)} ADD CONSTRAINT ${cx.sql.name(name)} ${words}`
  const sql = `${head} USING INDEX ${cx.sql.name(index.name)}${ansi.deferral(deferrable)}`
  return [{ sql, hazards: [lock, ...scan] }, ...constraintComment(cx.sql, tableName(op), added.constraint)]
}
