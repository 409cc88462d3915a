import type { Enum, Model } from '../model/model.ts'
import { change, get, shown } from '../model/edit.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { fields, flag, name, optional, schema, text } from '../shape.ts'
import { checkKnown, checkValue, enumChangeOnSqlite } from './parts/enum.ts'

const shape = fields({
  name: name('The type.'),
  schema,
  value: text('The new value.'),
  before: optional(text('The value that it shall stand before.')),
  after: optional(text('The value that it shall stand after. Without either: last.')),
  if_not_exists: optional(flag('Nothing is done when the type has the value already.')),
})

export type AddEnumValue = Op<'add_enum_value', typeof shape>

function skipped(op: AddEnumValue, model: Model): boolean {
  return op.if_not_exists === true && get(model, 'enums', op).values.includes(op.value)
}

/** The values with the new one in its place. */
function withValue(op: AddEnumValue, one: Enum): string[] {
  const neighbour = op.before ?? op.after
  if (neighbour === undefined) return [...one.values, op.value]
  checkKnown(one, neighbour, [op.before === undefined ? 'after' : 'before'])
  const at = one.values.indexOf(neighbour) + (op.before === undefined ? 1 : 0)
  return one.values.toSpliced(at, 0, op.value)
}

/**
 * Adds a value to an enum type.
 *
 * ```yaml
 * - add_enum_value: { name: jobstatus, value: STOPPED, after: FAILED }
 * ```
 * PostgreSQL: `ALTER TYPE jobstatus ADD VALUE 'STOPPED' AFTER 'FAILED'`, outside the transaction: "the new value
 * cannot be used until after the transaction has been committed" (manual, ALTER TYPE; before 12 it could not run in
 * one at all), and what follows in the same revision may well use it. With Alembic that takes an autocommit_block by
 * hand.
 *
 * SQLite: when it is longer than all others the tables with columns of the type are rebuilt, since these are VARCHARs
 * as long as the longest value; else nothing.
 */
export const addEnumValue: Definition<AddEnumValue> = {
  kind: 'add_enum_value',
  summary: 'Add a value to an enum type.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'jobs',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'status', type: { enum: ['CREATED', 'FAILED'], name: 'jobstatus' }, nullable: false },
      ],
    }],
    operation: { op: 'add_enum_value', name: 'jobstatus', value: 'INTERRUPTED', after: 'CREATED' },
  },
  apply(op, model) {
    const one = get(model, 'enums', op)
    if (op.before !== undefined && op.after !== undefined) {
      fault('contradiction', 'a value is added either before or after another one', { path: ['after'] })
    }
    checkValue(op.value, ['value'])
    if (skipped(op, model)) return model
    if (one.values.includes(op.value)) {
      fault('value-exists', `enum "${shown(one)}" has a value "${op.value}" already`, { path: ['value'] })
    }
    return change(model, 'enums', op, () => ({ ...one, values: withValue(op, one) }))
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    const { values } = get(before, 'enums', op)
    return [defined({ op: 'set_enum_values', name: op.name, schema: op.schema, values })]
  },
  compile: {
    postgres(op, { sql }) {
      const exists = op.if_not_exists ? ' IF NOT EXISTS' : ''
      const place = op.before !== undefined
        ? ` BEFORE ${sql.literal(op.before)}`
        : op.after !== undefined
        ? ` AFTER ${sql.literal(op.after)}`
        : ''
      const add = `ALTER TYPE ${sql.qualified(op)} ADD VALUE${exists} ${sql.literal(op.value)}${place}`
      return [{ sql: add, transaction: 'forbidden' }]
    },
    sqlite: enumChangeOnSqlite,
  },
  effects: () => [],
  describe: (op) => `add value ${op.value} to enum ${op.name}`,
}
