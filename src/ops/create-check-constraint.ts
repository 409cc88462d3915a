import type { Hazard } from '../dialect/dialect.ts'
import type { Model } from '../model/model.ts'
import type { Definition, Op } from './definition.ts'
import { locks, tableChange } from './parts/compile.ts'
import { checkFields } from './parts/constraint.ts'
import { toCheck } from './parts/constraint-model.ts'
import { addConstraint, dropAdded, withConstraint } from './parts/on-constraint.ts'
import { shownTable } from './parts/on-table.ts'
import { fields, name, schema } from '../shape.ts'

const shape = fields({ table: name('The table.'), schema, ...checkFields })

export type CreateCheckConstraint = Op<'create_check_constraint', typeof shape>

function apply(op: CreateCheckConstraint, model: Model): Model {
  return withConstraint(model, op, { kind: 'check', constraint: toCheck(op) })
}

/**
 * Adds a CHECK constraint to a table.
 *
 * ```yaml
 * - create_check_constraint: { name: ck_users_age, table: users, condition: age >= 0 }
 * ```
 * PostgreSQL: `ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age >= 0)`
 *
 * SQLite cannot add a constraint to a table (https://sqlite.org/lang_altertable.html): the table is rebuilt.
 *
 * With `not_valid` PostgreSQL does not look at the rows that are there until validate_constraint. SQLite has
 * no NOT VALID: it is a plain constraint there, and the copy of the rows into the new table checks each of
 * them. `no_inherit` says nothing on SQLite, where tables do not inherit.
 */
export const createCheckConstraint: Definition<CreateCheckConstraint> = {
  kind: 'create_check_constraint',
  summary: 'Add a CHECK constraint to a table.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }, { name: 'age', type: 'integer' }],
    }],
    operation: {
      op: 'create_check_constraint',
      name: 'ck_users_age',
      table: 'users',
      condition: 'age >= 0',
    },
  },
  apply,
  invert: (op, before) => [dropAdded(op, before, apply(op, before))],
  compile: {
    postgres(op, cx) {
      const table = shownTable(op)
      const scans: Hazard[] = op.not_valid ? [] : [{ kind: 'scans', table }]
      return addConstraint(op, cx, [locks(table, 'ACCESS EXCLUSIVE'), ...scans])
    },
    sqlite: (op, cx) => [tableChange(op, cx)],
  },
  effects(op) {
    if (op.not_valid) return []
    const object = shownTable(op)
    return [{
      kind: 'refuses-rows',
      object,
      why: `it fails if a row of "${object}" violates ${op.condition}`,
    }]
  },
  describe(op) {
    const what = op.name === undefined ? '' : ` ${op.name}`
    return `add check${what} on ${shownTable(op)}: ${op.condition}`
  },
}
