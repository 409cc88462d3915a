/** Bringing back a dropped column with all that went with it. */
import type { Column, Model, Table } from '../../model/model.ts'
import { constraints, find, get } from '../../model/edit.ts'
import type { AnyConstraint } from '../../model/edit.ts'
import { defined } from '../../model/defined.ts'
import type { Operation } from '../index.ts'
import { fromColumn } from './column.ts'
import { inOrder, namesAgain } from './from-table.ts'
import { recreateIndex } from './recreate.ts'
import { restoreConstraints } from './restore-constraints.ts'
import { restoreLostGrants } from './grant.ts'
import { restoreOwned } from './sequence.ts'
import { restoreReaders } from './restore-readers.ts'
import { restoreLostTriggers } from './trigger.ts'
import { tableName } from './on-table.ts'
import type { OnTable } from './on-table.ts'

/**
 * The operations that lead from the model without a column of a table back to the one with it: the columns, their
 * constraints and indexes, and what other tables lost.
 */
export function restoreColumn(
  before: Model,
  after: Model,
  op: OnTable,
): Operation[] {
  const name = tableName(op)
  const [table, left] = [get(before, 'tables', name), get(after, 'tables', name)]
  const gone = inDependency(
    table.columns.filter((one) => !left.columns.some((kept) => kept.name === one.name)),
  )
  const lost = lostConstraints(table, left)
  const atColumn = keyAtColumn(after, left, lost)
  const rest = lost.filter((one) => one !== atColumn)
  const columns = gone.map((column): Operation =>
    defined({
      op: 'add_column',
      table: op.table,
      schema: op.schema,
      column: fromColumn(column, before, {
        primaryKey: atColumn?.constraint.columns[0] === column.name,
      }),
    })
  )
  const elsewhere = before.tables.filter((one) => one !== table).flatMap((one) => {
    const now = find(after, 'tables', one)
    // Most have lost nothing, and there may be thousands.
    return now === undefined || now === one
      ? []
      : [...restoreConstraints(after, now, lostConstraints(one, now)), ...lostIndexes(one, now)]
  })
  const sequences = restoreOwned(before.sequences.filter((one) => !after.sequences.includes(one)))
  return [
    ...sequences.before,
    ...columns,
    ...sequences.after,
    ...restoreConstraints(after, whole(left, gone), rest),
    ...lostIndexes(table, left),
    ...elsewhere,
    ...restoreReaders(before, after),
    ...restoreLostTriggers(before, after),
    ...restoreLostGrants(before, after),
  ]
}

/** A plain column comes before a generated one, which may be computed from it. */
function inDependency(columns: readonly Column[]): Column[] {
  return [
    ...columns.filter((one) => one.generated === undefined),
    ...columns.filter((one) => one.generated !== undefined),
  ]
}

function lostConstraints(before: Table, after: Table): AnyConstraint[] {
  const kept = new Set<object>(constraints(after).map((one) => one.constraint))
  return inOrder(constraints(before).filter((one) => !kept.has(one.constraint)))
}

function lostIndexes(before: Table, after: Table): Operation[] {
  return before.indexes.filter((one) => !after.indexes.includes(one)).map((one) => recreateIndex(before, one))
}

type Key = Extract<AnyConstraint, { kind: 'primary_key' }>

/** The primary key, when the column can say it: unnamed, of it alone, with nothing further. */
function keyAtColumn(model: Model, left: Table, lost: readonly AnyConstraint[]): Key | undefined {
  const key = lost.find((one): one is Key => one.kind === 'primary_key')
  if (key === undefined || key.constraint.columns.length !== 1) return undefined
  const plain = Object.keys(key.constraint).every((field) => ['name', 'implicit', 'columns'].includes(field))
  return plain && namesAgain(model, left, [key])(key.constraint) ? key : undefined
}

/** The table with the columns back, for the names of what is to be created on them. */
function whole(left: Table, columns: readonly Column[]): Table {
  return { ...left, columns: [...left.columns, ...columns] }
}
