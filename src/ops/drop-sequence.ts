import type { Model, Table } from '../model/model.ts'
import { find, get, remove, shown } from '../model/edit.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import { withOwnSequence } from '../model/serial.ts'
import { unsupported } from './definition.ts'
import type { Definition, Inverse, Op } from './definition.ts'
import { countedBy, countsBy, fromSequence } from './parts/sequence.ts'
import { restoreLostGrants } from './parts/grant.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const shape = fields({
  name: name('The sequence.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such sequence.')),
  cascade: optional(flag('The defaults that take values of it go with it.')),
})

export type DropSequence = Op<'drop_sequence', typeof shape>

function skipped(op: DropSequence, model: Model): boolean {
  return op.if_exists === true && find(model, 'sequences', op) === undefined
}

function withoutDefaults(op: DropSequence, table: Table): Table {
  if (!table.columns.some((column) => countsBy(column, op))) return table
  const columns = table.columns.map((column) => {
    if (!countsBy(column, op)) return column
    const { default: _, ...rest } = column
    return rest
  })
  return { ...table, columns }
}

/**
 * Drops a sequence.
 *
 * ```yaml
 * - drop_sequence: { name: invoice_number }
 * ```
 * PostgreSQL: `DROP SEQUENCE invoice_number`. SQLite has none.
 *
 * Refused while the default of a column takes its values, unless `cascade`, which takes the default away, as
 * PostgreSQL does both.
 */
export const dropSequence: Definition<DropSequence> = {
  kind: 'drop_sequence',
  summary: 'Drop a sequence (PostgreSQL).',
  shape,
  example: {
    given: [{ op: 'create_sequence', only: 'postgres', name: 'invoice_number' }],
    operation: { op: 'drop_sequence', only: 'postgres', name: 'invoice_number' },
  },
  apply(op, schema) {
    const model = withOwnSequence(schema, op)
    if (skipped(op, model)) return model
    const users = countedBy(op, model)
    if (users.length > 0 && !op.cascade) {
      fault('still-used', `sequence "${shown(op)}" gives ${users.join(', ')} its default`, {
        path: ['name'],
        hint: 'drop that default first, or write `cascade: true`',
      })
    }
    const without = remove(model, 'sequences', op)
    return { ...without, tables: without.tables.map((table) => withoutDefaults(op, table)) }
  },
  invert,
  compile: {
    postgres(op, { sql }) {
      const head = `DROP SEQUENCE${op.if_exists ? ' IF EXISTS' : ''} ${sql.qualified(op)}`
      return [{ sql: `${head}${op.cascade ? ' CASCADE' : ''}` }]
    },
    sqlite: unsupported('SQLite has no sequences'),
  },
  effects: (op, before) =>
    skipped(op, before)
      ? []
      : [{ kind: 'destroys-data', object: op.name, why: `how far "${op.name}" has counted is gone` }],
  describe: (op) => `drop sequence ${op.name}`,
}

function invert(op: DropSequence, schema: Model): Inverse {
  const before = withOwnSequence(schema, op)
  if (skipped(op, before)) return []
  const defaults = countedBy(op, before)
  if (defaults.length > 0) return { irreversible: `the default of ${defaults.join(', ')} goes with it` }
  const sequence = fromSequence(get(before, 'sequences', op))
  return [
    defined({ op: 'create_sequence', ...sequence }),
    ...restoreLostGrants(before, dropSequence.apply(op, before)),
  ]
}
