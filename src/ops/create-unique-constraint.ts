import { changeTable, tableOf } from '../model/edit.ts'
import { attach } from '../model/attach.ts'
import type { Model } from '../model/model.ts'
import type { Definition, Op } from './definition.ts'
import { tableChange } from './parts/compile.ts'
import { uniqueFields } from './parts/constraint.ts'
import { toUnique } from './parts/constraint-model.ts'
import { dropAdded } from './parts/on-constraint.ts'
import { recreateIndex } from './parts/recreate.ts'
import { checkNulls } from './parts/server-version.ts'
import { fields, name, schema } from '../shape.ts'
import { addKey, adopt, usingIndex } from './parts/using-index.ts'
import { shownTable } from './parts/on-table.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  ...uniqueFields,
  using_index: usingIndex,
})

export type CreateUniqueConstraint = Op<'create_unique_constraint', typeof shape>

function apply(op: CreateUniqueConstraint, model: Model): Model {
  return changeTable(model, op, (table) => {
    if (op.using_index === undefined) {
      return attach(model, table, { kind: 'unique', constraint: toUnique(op) })
    }
    const adopted = adopt(table, op, op.using_index)
    return attach(model, adopted.table, { kind: 'unique', constraint: { ...adopted.gives, ...toUnique(op) } })
  })
}

/**
 * Adds a UNIQUE constraint to a table.
 *
 * ```yaml
 * - create_unique_constraint: { name: uq_users_email, table: users, columns: [email] }
 * ```
 * PostgreSQL: `ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email)`
 *
 * SQLite cannot add a constraint to a table (https://sqlite.org/lang_altertable.html): the table is rebuilt.
 *
 * Without a name PostgreSQL gives one (`users_email_key`), by which it can be dropped on both. `using_index`
 * turns a unique index into the constraint, as PostgreSQL's ADD table_constraint_using_index does; its index,
 * include and nulls_not_distinct are the index's. On SQLite, which has no such thing, the constraint replaces
 * the index.
 */
export const createUniqueConstraint: Definition<CreateUniqueConstraint> = {
  kind: 'create_unique_constraint',
  summary: 'Add a UNIQUE constraint to a table.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }, { name: 'email', type: 'varchar' }],
    }],
    operation: {
      op: 'create_unique_constraint',
      name: 'uq_users_email',
      table: 'users',
      columns: ['email'],
    },
  },
  apply,
  invert(op, before) {
    const drop = dropAdded(op, before, apply(op, before))
    if (op.using_index === undefined) return [drop]
    const table = tableOf(before, op)
    return [drop, recreateIndex(table, adopt(table, op, op.using_index).index)]
  },
  compile: {
    postgres(op, cx) {
      checkNulls(op, cx.server)
      return addKey(op, cx, 'UNIQUE', false)
    },
    sqlite: (op, cx) => [tableChange(op, cx)],
  },
  effects(op) {
    if (op.using_index !== undefined) return []
    const object = shownTable(op)
    return [{
      kind: 'refuses-rows',
      object,
      why: `it fails if two rows of "${object}" have the same (${op.columns.join(', ')})`,
    }]
  },
  describe(op) {
    const what = op.name === undefined ? '' : ` ${op.name}`
    return `add unique constraint${what} on ${shownTable(op)} (${op.columns.join(', ')})`
  },
}
