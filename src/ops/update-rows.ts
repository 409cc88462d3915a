import { fault } from '../problem.ts'
import { everywhere } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Statement } from '../dialect/dialect.ts'
import { rowTable, target, whereSql } from './parts/rows.ts'
import { fields, name, optional, schema, sqlPerDialect } from '../shape.ts'
import { checkRow, rowShape, spellValue, targetOf } from './parts/value.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  set: rowShape,
  where: optional(sqlPerDialect('Which rows. Absent: all.')),
})

export type UpdateRows = Op<'update_rows', typeof shape>

/**
 * Updates rows.
 *
 * ```yaml
 * - update_rows: { table: users, set: { state: active, email: { sql: lower(email) } }, where: state IS NULL }
 * ```
 * PostgreSQL and SQLite: `UPDATE users SET state = 'active', email = lower(email) WHERE state IS NULL`
 *
 * Its inverse is not known: the old values are gone. In a column that its revision adds there were none: it goes.
 */
export const updateRows: Definition<UpdateRows> = {
  kind: 'update_rows',
  summary: 'Update rows.',
  shape,
  dataFields: () => ['set', 'where'],
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'state', type: 'varchar' }, { name: 'email', type: 'varchar' }],
    }],
    operation: {
      op: 'update_rows',
      table: 'users',
      set: { state: 'active', email: { sql: 'lower(email)' } },
      where: 'state IS NULL',
    },
  },
  apply(op, model) {
    if (Object.keys(op.set).length === 0) fault('empty-row', 'nothing is set', { path: ['set'] })
    const table = rowTable(model, op)
    if (table !== undefined) checkRow(op.set, table, model, ['set'])
    return model
  },
  invert: () => ({ irreversible: 'the values that the rows had are gone' }),
  compile: everywhere(compile),
  effects: (op) =>
    Object.keys(op.set).map((column) => ({
      kind: 'destroys-data',
      object: op.table,
      column,
      why: `old values of "${op.table}.${column}" are overwritten`,
    })),
  describe: (op) => `update ${Object.keys(op.set).join(', ')} in ${op.table}`,
}

function compile(op: UpdateRows, cx: CompileContext): Statement[] {
  const table = rowTable(cx.before, op)
  const set = Object.entries(op.set).map(([column, value]) =>
    `${cx.sql.name(column)} = ${spellValue(value, targetOf(table, column), cx, ['set', column])}`
  )
  return [{ sql: `UPDATE ${target(op, cx)} SET ${set.join(', ')}${whereSql(op.where, cx)}` }]
}
