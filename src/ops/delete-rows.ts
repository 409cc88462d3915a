import { Type } from 'typebox'
import { fault } from '../problem.ts'
import { everywhere } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Statement } from '../dialect/dialect.ts'
import { checkNotEmpty, checkRows, isOneOf, rowTable, target, whereSql } from './parts/rows.ts'
import { fields, name, optional, schema, sqlPerDialect } from '../shape.ts'
import { rowShape } from './parts/value.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  where: optional(sqlPerDialect('Which rows. Absent, as `rows` is: all.')),
  rows: optional(Type.Array(rowShape, {
    minItems: 1,
    description: 'Which rows, by values that they have, for instance their primary keys.',
  })),
})

export type DeleteRows = Op<'delete_rows', typeof shape>

/** How many rows one DELETE looks for. */
const ROWS = 200

/**
 * Deletes rows.
 *
 * ```yaml
 * - delete_rows: { table: users, where: state = 'closed' }
 * - delete_rows: { table: roles, rows: [{ id: 1 }, { id: 2 }] }
 * ```
 * PostgreSQL and SQLite: `DELETE FROM users WHERE state = 'closed'`, `DELETE FROM roles WHERE id IN (1, 2)`
 *
 * Its inverse is not known: the rows are gone.
 */
export const deleteRows: Definition<DeleteRows> = {
  kind: 'delete_rows',
  summary: 'Delete rows.',
  shape,
  dataFields: () => ['where', 'rows'],
  example: {
    given: [{ op: 'create_table', name: 'users', columns: [{ name: 'state', type: 'varchar' }] }],
    operation: { op: 'delete_rows', table: 'users', where: "state = 'closed'" },
  },
  apply(op, model) {
    if (op.where !== undefined && op.rows !== undefined) {
      fault('contradiction', 'rows are told by `where` or by `rows`, not by both', { path: ['rows'] })
    }
    rowTable(model, op)
    checkNotEmpty(op.rows ?? [], ['rows'])
    checkRows(model, op, op.rows ?? [], ['rows'])
    return model
  },
  invert: () => ({ irreversible: 'the rows are gone' }),
  compile: everywhere(compile),
  effects: (op) => [{ kind: 'destroys-data', object: op.table, why: `rows of "${op.table}" are deleted` }],
  describe(op) {
    if (op.rows === undefined) return `delete ${op.where === undefined ? 'all ' : ''}rows from ${op.table}`
    return `delete ${op.rows.length} row${op.rows.length === 1 ? '' : 's'} from ${op.table}`
  },
}

function compile(op: DeleteRows, cx: CompileContext): Statement[] {
  const from = `DELETE FROM ${target(op, cx)}`
  const rows = op.rows
  if (rows === undefined) return [{ sql: `${from}${whereSql(op.where, cx)}` }]
  const parts = Array.from(
    { length: Math.ceil(rows.length / ROWS) },
    (_, i) => rows.slice(i * ROWS, (i + 1) * ROWS),
  )
  return parts.map((part) => ({ sql: `${from} WHERE ${isOneOf(op, part, cx)}` }))
}
