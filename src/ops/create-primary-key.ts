import { changeTable, column, shown, tableOf } from '../model/edit.ts'
import { attach } from '../model/attach.ts'
import type { Model } from '../model/model.ts'
import type { Definition, Op } from './definition.ts'
import type { Operation } from './index.ts'
import { tableChange } from './parts/compile.ts'
import { primaryKeyFields } from './parts/constraint.ts'
import { toPrimaryKey } from './parts/constraint-model.ts'
import { dropAdded } from './parts/on-constraint.ts'
import { recreateIndex } from './parts/recreate.ts'
import { fields, name, schema } from '../shape.ts'
import { addKey, adopt, usingIndex } from './parts/using-index.ts'
import { onTable, shownTable } from './parts/on-table.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  ...primaryKeyFields,
  using_index: usingIndex,
})

export type CreatePrimaryKey = Op<'create_primary_key', typeof shape>

function apply(op: CreatePrimaryKey, model: Model): Model {
  return changeTable(model, op, (table) => {
    const key = toPrimaryKey(op)
    if (op.using_index === undefined) return attach(model, table, { kind: 'primary_key', constraint: key })
    const { table: without, gives, index } = adopt(table, op, op.using_index)
    if (index.nullsNotDistinct) {
      const { nullsNotDistinct: _, ...rest } = gives
      return attach(model, without, { kind: 'primary_key', constraint: { ...rest, ...key } })
    }
    return attach(model, without, { kind: 'primary_key', constraint: { ...gives, ...key } })
  })
}

/** The columns of the key that take NULL before it. */
function nullable(op: CreatePrimaryKey, before: Model): string[] {
  const table = tableOf(before, op)
  return op.columns.filter((one) => column(table, one).nullable)
}

/**
 * Makes columns of a table its primary key. They become NOT NULL.
 *
 * ```yaml
 * - create_primary_key: { table: users, columns: [id] }
 * ```
 * PostgreSQL: `ALTER TABLE users ADD PRIMARY KEY (id)`
 *
 * SQLite cannot add a constraint to a table (https://sqlite.org/lang_altertable.html): the table is rebuilt.
 *
 * PostgreSQL leaves the columns NOT NULL when the key is dropped, so what undoes it makes them nullable
 * again. `using_index` turns a unique index into the key; PostgreSQL still scans the table when a column is
 * nullable. On SQLite the key replaces the index.
 */
export const createPrimaryKey: Definition<CreatePrimaryKey> = {
  kind: 'create_primary_key',
  summary: 'Make columns of a table its primary key.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', nullable: false }, { name: 'email', type: 'varchar' }],
    }],
    operation: { op: 'create_primary_key', table: 'users', columns: ['id'] },
  },
  apply,
  invert(op, before) {
    const drop = dropAdded(op, before, apply(op, before))
    const table = tableOf(before, op)
    const relaxed = nullable(op, before).map((one): Operation => ({
      op: 'alter_column',
      ...onTable(table),
      column: one,
      nullable: true,
    }))
    const index = op.using_index === undefined
      ? []
      : [recreateIndex(table, adopt(table, op, op.using_index).index)]
    return [drop, ...relaxed, ...index]
  },
  compile: {
    postgres: (op, cx) => addKey(op, cx, 'PRIMARY KEY', nullable(op, cx.before).length > 0),
    sqlite: (op, cx) => [tableChange(op, cx)],
  },
  effects(op, before) {
    const object = shown(tableOf(before, op))
    const nulls = nullable(op, before)
    const why = [
      ...(nulls.length === 0 ? [] : [`a row of "${object}" has NULL in ${nulls.join(' or ')}`]),
      ...(op.using_index === undefined ? [`two rows have the same (${op.columns.join(', ')})`] : []),
    ]
    if (why.length === 0) return []
    return [{ kind: 'refuses-rows', object, why: `it fails if ${why.join(', or ')}` }]
  },
  describe: (op) => `add primary key ${shownTable(op)} (${op.columns.join(', ')})`,
}
