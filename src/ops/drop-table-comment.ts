import { changeTable, shown, tableOf } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { fields, name, schema } from '../shape.ts'
import { commentOn, locks } from './parts/compile.ts'
import { tableName } from './parts/on-table.ts'

const shape = fields({
  table: name('The table.'),
  schema,
})

export type DropTableComment = Op<'drop_table_comment', typeof shape>

/**
 * Takes a table's comment away. It may have none: PostgreSQL does not mind either.
 *
 * ```yaml
 * - drop_table_comment: { table: users }
 * ```
 * PostgreSQL: `COMMENT ON TABLE users IS NULL`
 *
 * SQLite: nothing; it has no comments.
 */
export const dropTableComment: Definition<DropTableComment> = {
  kind: 'drop_table_comment',
  summary: "Take a table's comment away.",
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }],
      comment: 'People who can sign in',
    }],
    operation: { op: 'drop_table_comment', table: 'users' },
  },
  apply: (op, model) => changeTable(model, op, ({ comment: _, ...rest }) => rest),
  invert(op, before) {
    const { comment } = tableOf(before, op)
    if (comment === undefined) return []
    return [defined({ op: 'create_table_comment', table: op.table, schema: op.schema, comment })]
  },
  compile: {
    postgres(op, { sql }) {
      const table = tableName(op)
      const hazards = [locks(shown(table), 'SHARE UPDATE EXCLUSIVE')]
      return [{ ...commentOn(sql, `TABLE ${sql.qualified(table)}`, undefined), hazards }]
    },
    sqlite: () => [],
  },
  effects: () => [],
  describe: (op) => `drop the comment of table ${op.table}`,
}
