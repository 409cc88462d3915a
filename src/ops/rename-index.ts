import { checkRelationName } from '../model/attach.ts'
import { get, shown } from '../model/edit.ts'
import type { Model, Table } from '../model/model.ts'
import { isIndexNameTaken } from '../model/names.ts'
import { fault } from '../problem.ts'
import type { Definition, Op } from './definition.ts'
import { inSchemaOf, tableChange } from './parts/compile.ts'
import { changeIndexed, indexNamed } from './parts/on-index.ts'
import { onTable } from './parts/on-table.ts'
import { fields, name, optional, schema } from '../shape.ts'

const shape = fields({
  name: name('The index.'),
  new_name: name('Its new name.'),
  table: optional(name('Its table: a guard against renaming another one.')),
  schema,
})

export type RenameIndex = Op<'rename_index', typeof shape>

/** @throws `index-exists`: index names are unique in a schema */
function renamed(op: RenameIndex, model: Model, table: Table): Table {
  const { index } = indexNamed(model, op)
  const name = op.new_name
  if (isIndexNameTaken(model, table, name)) {
    fault('index-exists', `there is an index or table "${name}" already`, { path: ['new_name'] })
  }
  return { ...table, indexes: table.indexes.map((one) => one === index ? { ...one, name } : one) }
}

/**
 * Renames an index.
 *
 * ```yaml
 * - rename_index: { name: ix_email, new_name: ix_users_email }
 * ```
 * PostgreSQL: `ALTER INDEX ix_email RENAME TO ix_users_email`
 *
 * SQLite cannot rename an index: `DROP INDEX ix_email`, `CREATE INDEX ix_users_email ON users (email)`.
 *
 * The index of a constraint is renamed by rename_constraint.
 */
export const renameIndex: Definition<RenameIndex> = {
  kind: 'rename_index',
  summary: 'Rename an index.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'email', type: 'varchar', index: true },
      ],
    }],
    operation: { op: 'rename_index', name: 'ix_users_email', new_name: 'users_by_email' },
  },
  apply(op, model) {
    const { table } = indexNamed(model, op)
    return changeIndexed(model, table, (one) => renamed(op, model, one))
  },
  invert(op, before) {
    const { table, index } = indexNamed(before, op)
    return [{ op: 'rename_index', name: op.new_name, new_name: index.name, ...onTable(table) }]
  },
  compile: {
    postgres(op, cx) {
      const { table, index } = indexNamed(cx.before, op)
      const name = op.new_name
      checkRelationName(cx.before, table, name, ['new_name'])
      const old = cx.sql.qualified(inSchemaOf(table, index.name))
      return [{ sql: `ALTER INDEX ${old} RENAME TO ${cx.sql.name(name)}` }]
    },
    sqlite(op, cx) {
      const { table, index } = indexNamed(cx.before, op)
      const after = get(cx.after, 'tables', table)
      const created = after.indexes.find((one) => one.name === op.new_name)!
      return [tableChange(onTable(table), cx, [
        { sql: `DROP INDEX ${cx.sql.qualified(inSchemaOf(table, index.name))}` },
        { sql: cx.sql.createIndex(created, after) },
      ])]
    },
  },
  effects: () => [],
  describe: (op) => `rename index ${shown({ schema: op.schema, name: op.name })} to ${op.new_name}`,
}
