import type { Model } from '../model/model.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { locks } from './parts/compile.ts'
import { exclusionFields } from './parts/constraint.ts'
import { toExclusion } from './parts/constraint-model.ts'
import { addConstraint, dropAdded, withConstraint } from './parts/on-constraint.ts'
import { shownTable } from './parts/on-table.ts'
import { fields, name, schema } from '../shape.ts'

const shape = fields({ table: name('The table.'), schema, ...exclusionFields })

export type CreateExcludeConstraint = Op<'create_exclude_constraint', typeof shape>

function apply(op: CreateExcludeConstraint, model: Model): Model {
  return withConstraint(model, op, { kind: 'exclude', constraint: toExclusion(op) })
}

function elements(op: CreateExcludeConstraint): string {
  return op.elements.map((one) => `${one.column ?? one.expression} with ${one.with}`).join(', ')
}

/**
 * Adds an exclusion constraint to a table: no two rows for which all the comparisons hold.
 *
 * ```yaml
 * - create_exclude_constraint: { name: once, table: bookings, elements: [{ column: during, with: '&&' }] }
 * ```
 * PostgreSQL: `ALTER TABLE bookings ADD CONSTRAINT once EXCLUDE USING gist (during WITH &&)`
 *
 * SQLite has none. The method is gist unless `using` says otherwise, as Alembic's create_exclude_constraint
 * has it. PostgreSQL can neither build it concurrently nor leave it NOT VALID.
 */
export const createExcludeConstraint: Definition<CreateExcludeConstraint> = {
  kind: 'create_exclude_constraint',
  summary: 'Add an exclusion constraint to a table (PostgreSQL).',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'bookings',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'during', type: { postgres: 'tstzrange', sqlite: 'TEXT' } },
      ],
    }],
    operation: {
      op: 'create_exclude_constraint',
      only: 'postgres',
      name: 'no_overlap',
      table: 'bookings',
      elements: [{ column: 'during', with: '&&' }],
    },
  },
  apply,
  invert: (op, before) => [dropAdded(op, before, apply(op, before))],
  compile: {
    postgres(op, cx) {
      const table = shownTable(op)
      const lock = locks(table, 'ACCESS EXCLUSIVE')
      return addConstraint(op, cx, [lock, { kind: 'builds-index', table }, { kind: 'scans', table }])
    },
    sqlite: unsupported('SQLite has no exclusion constraints'),
  },
  effects(op) {
    const object = shownTable(op)
    const why = `it fails if two rows of "${object}" exclude each other (${elements(op)})`
    return [{ kind: 'refuses-rows', object, why }]
  },
  describe(op) {
    const what = op.name === undefined ? '' : ` ${op.name}`
    return `add exclusion constraint${what} on ${shownTable(op)} (${elements(op)})`
  },
}
