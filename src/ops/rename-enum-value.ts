import { change, get, shown } from '../model/edit.ts'
import { fault } from '../problem.ts'
import type { Definition, Op } from './definition.ts'
import { fields, name, schema, text } from '../shape.ts'
import { checkKnown, checkValue, enumChangeOnSqlite } from './parts/enum.ts'
import { relabelModel } from './parts/enum-labels.ts'
import { bodiesSaying } from './parts/text-bodies.ts'

const shape = fields({
  name: name('The type.'),
  schema,
  from: text('The value as it is.'),
  to: text('The value as it shall be.'),
})

export type RenameEnumValue = Op<'rename_enum_value', typeof shape>

/**
 * Renames a value of an enum type; rows follow, and what PostgreSQL keeps references in: defaults, checks, indexes, views…
 *
 * ```yaml
 * - rename_enum_value: { name: mood, from: sad, to: blue }
 * ```
 * PostgreSQL: `ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'`. Rows hold a reference to the value, so nothing is
 * rewritten.
 *
 * SQLite: `UPDATE person SET mood = 'blue' WHERE mood = 'sad'` for each column of the type; a table whose declaration
 * changes with it (a default, a check, the longest value) is rebuilt instead.
 */
export const renameEnumValue: Definition<RenameEnumValue> = {
  kind: 'rename_enum_value',
  summary: 'Rename a value of an enum type; the rows that have it follow.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'person',
      columns: [
        { name: 'name', type: 'text' },
        { name: 'mood', type: { enum: ['sad', 'happy'], name: 'mood' } },
      ],
    }],
    operation: { op: 'rename_enum_value', name: 'mood', from: 'sad', to: 'blue' },
  },
  apply(op, model) {
    const one = get(model, 'enums', op)
    checkKnown(one, op.from, ['from'])
    checkValue(op.to, ['to'])
    if (one.values.includes(op.to)) {
      fault('value-exists', `enum "${shown(one)}" has a value "${op.to}" already`, {
        path: ['to'],
        hint: 'to make two values one, use set_enum_values with a `map`',
      })
    }
    const values = one.values.map((value) => value === op.from ? op.to : value)
    return relabelModel(change(model, 'enums', op, () => ({ ...one, values })), one, { [op.from]: op.to })
  },
  invert: (op) => [{ ...op, from: op.to, to: op.from }],
  compile: {
    postgres: (op, { sql }) => [{
      sql: `ALTER TYPE ${sql.qualified(op)} RENAME VALUE ${sql.literal(op.from)} TO ${sql.literal(op.to)}`,
    }],
    sqlite: (op, cx) => enumChangeOnSqlite(op, cx, { [op.from]: op.to }),
  },
  effects: (op, before) => [
    {
      kind: 'breaks-readers',
      object: op.name,
      why: `what still writes or looks for "${op.from}" fails`,
    },
    ...bodiesSaying(before, op.from),
  ],
  describe: (op) => `rename value ${op.from} of enum ${op.name} to ${op.to}`,
}
