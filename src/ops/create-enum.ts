import { Type } from 'typebox'
import type { Model } from '../model/model.ts'
import { add, find, get } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { commentOn, newEnums } from './parts/compile.ts'
import { checkValue, enumValues } from './parts/enum.ts'

const shape = fields({
  name: name('The type.'),
  schema,
  values: enumValues,
  comment: optional(Type.String({ description: 'Its comment (PostgreSQL).' })),
  if_not_exists: optional(flag('Nothing is done when the type is there already.')),
})

export type CreateEnum = Op<'create_enum', typeof shape>

function skipped(op: CreateEnum, model: Model): boolean {
  return op.if_not_exists === true && find(model, 'enums', op) !== undefined
}

/**
 * Creates an enum type by itself; create_table and add_column create the ones that their columns name.
 *
 * ```yaml
 * - create_enum: { name: mood, values: [sad, happy] }
 * ```
 * PostgreSQL: `CREATE TYPE mood AS ENUM ('sad', 'happy')`. It has no IF NOT EXISTS there, so `if_not_exists` is
 * decided by the model.
 *
 * SQLite: nothing; a column of it is a VARCHAR as long as the longest value.
 */
export const createEnum: Definition<CreateEnum> = {
  kind: 'create_enum',
  summary: 'Create an enum type.',
  shape,
  example: { operation: { op: 'create_enum', name: 'mood', values: ['sad', 'happy'] } },
  declares: {
    section: 'enums',
    of: (model) => model.enums.map(({ was: _, ...one }) => defined({ op: 'create_enum', ...one })),
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const { name, schema, values, comment } = op
    values.forEach((value, i) => checkValue(value, ['values', i]))
    return add(model, 'enums', defined({ schema, name, values, comment }))
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    return [defined({ op: 'drop_enum', name: op.name, schema: op.schema })]
  },
  compile: {
    postgres(op, cx) {
      if (skipped(op, cx.before)) return []
      const { comment } = get(cx.after, 'enums', op)
      const comments = comment === undefined
        ? []
        : [commentOn(cx.sql, `TYPE ${cx.sql.qualified(op)}`, comment)]
      return [...newEnums(cx.sql, cx.before, cx.after), ...comments]
    },
    sqlite: () => [],
  },
  effects: () => [],
  describe: (op) => `create enum ${op.name} (${op.values.join(', ')})`,
}
