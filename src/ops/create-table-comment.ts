import { Type } from 'typebox'
import { changeTable, shown, tableOf } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { fields, name, schema } from '../shape.ts'
import { commentOn, locks } from './parts/compile.ts'
import { tableName } from './parts/on-table.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  comment: Type.String({ description: 'Its comment.' }),
})

export type CreateTableComment = Op<'create_table_comment', typeof shape>

/**
 * Gives a table a comment, or another one.
 *
 * ```yaml
 * - create_table_comment: { table: users, comment: People who can sign in }
 * ```
 * PostgreSQL: `COMMENT ON TABLE users IS 'People who can sign in'`. An empty comment is none there.
 *
 * SQLite: nothing; it has no comments.
 */
export const createTableComment: Definition<CreateTableComment> = {
  kind: 'create_table_comment',
  summary: 'Give a table a comment.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }],
    }],
    operation: { op: 'create_table_comment', table: 'users', comment: 'People who can sign in' },
  },
  apply: (op, model) =>
    changeTable(
      model,
      op,
      ({ comment: _, ...rest }) => op.comment === '' ? rest : { ...rest, comment: op.comment },
    ),
  invert(op, before) {
    const { comment } = tableOf(before, op)
    const table = { table: op.table, schema: op.schema }
    return [
      comment === undefined
        ? defined({ op: 'drop_table_comment', ...table })
        : defined({ op: 'create_table_comment', ...table, comment }),
    ]
  },
  compile: {
    postgres(op, { sql }) {
      const table = tableName(op)
      const hazards = [locks(shown(table), 'SHARE UPDATE EXCLUSIVE')]
      return [{ ...commentOn(sql, `TABLE ${sql.qualified(table)}`, op.comment), hazards }]
    },
    sqlite: () => [],
  },
  effects: () => [],
  describe: (op) => `comment on table ${op.table}`,
}
