/**
 * What Alembic's batch mode makes of constraints on SQLite, where it copies the table: a constraint of a name takes the
 * place of the one that has it, so does a primary key, and nothing minds what refers to the table meanwhile
 * (alembic/operations/batch.py, ApplyBatchImpl.add_constraint).
 */
import type { DialectName, Model } from '../model/model.ts'
import { constraints, tableOf } from '../model/edit.ts'
import { definitionOf } from '../ops/index.ts'
import type { Operation } from '../ops/index.ts'

/** Where Alembic copies tables, and foreign keys may refer to tables that are not there yet. */
export const COPIES: Readonly<Record<DialectName, boolean>> = { postgres: false, sqlite: true }

/**
 * @param operation refused as it is
 * @param later what comes after it
 * @param before the schema before the revision
 * @returns the operations that do the same; undefined when there are none
 */
export function settleBatch(
  operation: Operation,
  model: Model,
  later: readonly Operation[],
  before: Model,
): readonly Operation[] | undefined {
  if (operation.op === 'drop_index') {
    // It went with a column of the same batch.
    const there = before.tables.some((table) => table.indexes.some((one) => one.name === operation.name))
    return there ? [{ ...operation, if_exists: true }] : undefined
  }
  if (operation.op === 'drop_table') return [{ ...operation, cascade: true }]
  if (operation.op === 'drop_constraint') {
    const again = later.some((one) => one.op === 'create_primary_key' && one.table === operation.table)
    const key = tableOf(model, operation).primaryKey
    return again && key?.name === operation.name ? [] : undefined
  }
  if (operation.op === 'create_primary_key') return primaryKey(operation, model)
  if (operation.op !== 'create_foreign_key' && operation.op !== 'create_unique_constraint') return undefined
  const { name, table, schema } = operation
  const known = constraints(tableOf(model, operation)).find((one) => one.constraint.name === name)
  if (name === undefined || known === undefined) return undefined
  const drop: Operation = { op: 'drop_constraint', name, table, ...(schema === undefined ? {} : { schema }) }
  const bare = definitionOf(drop).apply(drop, model)
  const same = JSON.stringify(definitionOf(operation).apply(operation, bare)) === JSON.stringify(model)
  return same ? [] : [drop, operation]
}

function primaryKey(
  operation: Extract<Operation, { readonly op: 'create_primary_key' }>,
  model: Model,
): readonly Operation[] | undefined {
  const { name, table, schema, columns } = operation
  const key = tableOf(model, operation).primaryKey
  if (key === undefined) return undefined
  const where = { table, ...(schema === undefined ? {} : { schema }) }
  if (key.columns.join('\0') !== columns.join('\0')) {
    return [{ op: 'drop_constraint', name: key.name, ...where }, operation]
  }
  if (name === undefined || name === key.name) return []
  return [{ op: 'rename_constraint', name: key.name, ...where, new_name: name }]
}
