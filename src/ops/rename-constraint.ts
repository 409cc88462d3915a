import { checkRelationName } from '../model/attach.ts'
import { changeConstraint } from '../model/change-constraint.ts'
import { changeTable, constraints, shown, tableOf } from '../model/edit.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { alterTable, locks, tableChange } from './parts/compile.ts'
import { constraintNamed, hasIndex } from './parts/on-constraint.ts'
import { onTable, shownTable } from './parts/on-table.ts'
import { fields, name, schema } from '../shape.ts'

const shape = fields({
  name: name('The constraint.'),
  new_name: name('Its new name.'),
  table: name('The table.'),
  schema,
})

export type RenameConstraint = Op<'rename_constraint', typeof shape>

/**
 * Renames a constraint of a table.
 *
 * ```yaml
 * - rename_constraint: { table: users, name: users_email_key, new_name: uq_users_email }
 * ```
 * PostgreSQL: `ALTER TABLE users RENAME CONSTRAINT users_email_key TO uq_users_email`. The index of a primary
 * key, a unique or an exclusion constraint bears its name and is renamed with it
 * (https://www.postgresql.org/docs/current/sql-altertable.html).
 *
 * SQLite cannot: the table is rebuilt. A constraint that had no name is spelled with one from then on.
 */
export const renameConstraint: Definition<RenameConstraint> = {
  kind: 'rename_constraint',
  summary: 'Rename a constraint of a table.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'email', type: 'varchar', unique: true },
      ],
    }],
    operation: {
      op: 'rename_constraint',
      name: 'users_email_key',
      new_name: 'uq_users_email',
      table: 'users',
    },
  },
  apply(op, model) {
    return changeTable(model, op, (table) => {
      const { constraint } = constraintNamed(table, op.name)
      const name = op.new_name
      if (constraints(table).some((one) => one.constraint.name === name)) {
        fault('constraint-exists', `table "${shown(table)}" has a constraint "${name}" already`, {
          path: ['new_name'],
        })
      }
      return changeConstraint(table, constraint.name, (one) => defined({ ...one, name, implicit: undefined }))
    })
  },
  invert(op, before) {
    const table = tableOf(before, op)
    const { constraint } = constraintNamed(table, op.name)
    return [{
      op: 'rename_constraint',
      ...onTable(table),
      name: op.new_name,
      new_name: constraint.name,
    }]
  },
  compile: {
    postgres(op, cx) {
      const table = tableOf(cx.before, op)
      const { kind, constraint } = constraintNamed(table, op.name)
      if (hasIndex(kind)) checkRelationName(cx.before, table, op.new_name, ['new_name'])
      const change = `${cx.sql.name(constraint.name)} TO ${cx.sql.name(op.new_name)}`
      return [{
        sql: `${alterTable(cx.sql, op)} RENAME CONSTRAINT ${change}`,
        hazards: [locks(shownTable(op), 'ACCESS EXCLUSIVE')],
      }]
    },
    sqlite: (op, cx) => [tableChange(op, cx)],
  },
  effects: () => [],
  describe: (op) => `rename constraint ${op.name} of ${shownTable(op)} to ${op.new_name}`,
}
