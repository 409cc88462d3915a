import { get } from '../model/edit.ts'
import { renameEnum as renamed } from '../model/rename-enum.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { fields, name, schema } from '../shape.ts'
import { bodiesNaming } from './parts/text-bodies.ts'

const shape = fields({
  name: name('The type.'),
  schema,
  new_name: name('Its new name.'),
})

export type RenameEnum = Op<'rename_enum', typeof shape>

/**
 * Renames an enum type; columns, domains, defaults, checks and all else that PostgreSQL keeps a reference in follow.
 *
 * ```yaml
 * - rename_enum: { name: mood, new_name: feeling }
 * ```
 * PostgreSQL: `ALTER TYPE mood RENAME TO feeling`. Nothing is rewritten. The body of a function that is kept as a text
 * goes on to name the old one.
 *
 * SQLite: nothing; a column of it is a VARCHAR.
 */
export const renameEnum: Definition<RenameEnum> = {
  kind: 'rename_enum',
  summary: 'Rename an enum type.',
  shape,
  example: {
    given: [{ op: 'create_enum', name: 'mood', values: ['sad', 'happy'] }],
    operation: { op: 'rename_enum', name: 'mood', new_name: 'feeling' },
  },
  apply: (op, model) => renamed(model, get(model, 'enums', op), op.new_name),
  invert: (op) => [defined({ op: 'rename_enum', name: op.new_name, schema: op.schema, new_name: op.name })],
  compile: {
    postgres: (
      op,
      { sql },
    ) => [{ sql: `ALTER TYPE ${sql.qualified(op)} RENAME TO ${sql.newName(op.new_name)}` }],
    sqlite: () => [],
  },
  effects: (op, before) => [
    { kind: 'breaks-readers', object: op.name, why: `what casts to "${op.name}" under its old name fails` },
    ...bodiesNaming(before, op.name),
  ],
  describe: (op) => `rename enum ${op.name} to ${op.new_name}`,
}
