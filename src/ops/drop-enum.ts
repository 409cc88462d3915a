import type { Model } from '../model/model.ts'
import { find, get, remove } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { restoreLostGrants } from './parts/grant.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { checkUnused } from './parts/enum.ts'

const shape = fields({
  name: name('The type.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such type.')),
})

export type DropEnum = Op<'drop_enum', typeof shape>

function skipped(op: DropEnum, model: Model): boolean {
  return op.if_exists === true && find(model, 'enums', op) === undefined
}

/**
 * Drops an enum type. Dropping the table that came with it leaves it there, as Alembic and PostgreSQL do.
 *
 * ```yaml
 * - drop_enum: { name: mood }
 * ```
 * PostgreSQL: `DROP TYPE mood`. SQLite: nothing.
 *
 * Refused while a column or a domain is of the type, on both dialects, as PostgreSQL refuses it.
 */
export const dropEnum: Definition<DropEnum> = {
  kind: 'drop_enum',
  summary: 'Drop an enum type that no column uses.',
  shape,
  example: {
    given: [{ op: 'create_enum', name: 'mood', values: ['sad', 'happy'] }],
    operation: { op: 'drop_enum', name: 'mood' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    checkUnused(model, 'enum', get(model, 'enums', op))
    return remove(model, 'enums', op)
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    const { name, schema, values, comment, was: _, ...rest } = get(before, 'enums', op)
    void (rest satisfies Record<string, never>)
    return [
      defined({ op: 'create_enum', name, schema, values, comment }),
      ...restoreLostGrants(before, dropEnum.apply(op, before)),
    ]
  },
  compile: {
    postgres: (op, cx) => [{ sql: `DROP TYPE${op.if_exists ? ' IF EXISTS' : ''} ${cx.sql.qualified(op)}` }],
    sqlite: () => [],
  },
  effects: () => [],
  describe: (op) => `drop enum ${op.name}`,
}
