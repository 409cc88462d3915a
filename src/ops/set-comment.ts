import { Type } from 'typebox'
import { shown } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { fields, name, optional, schema, words } from '../shape.ts'
import { COMMENTED, commented } from './parts/comment.ts'
import { commentOn, locks } from './parts/compile.ts'

const shape = fields({
  object: words(COMMENTED, 'What it is. Tables have create_table_comment, columns alter_column.'),
  name: name('Its name.'),
  schema,
  table: optional(name('The table of a constraint, policy or trigger.')),
  domain: optional(name('The domain of a constraint.')),
  arguments: optional(Type.Array(Type.String({ minLength: 1 }), {
    description: "The types of a function's arguments but OUT: needed where several have the name.",
  })),
  comment: Type.Union([Type.String(), Type.Null()], { description: 'Its comment. null: none.' }),
})

export type SetComment = Op<'set_comment', typeof shape>

/** Its name with that of what it is on. */
function named(op: SetComment): string {
  const owner = op.domain ?? (op.object === 'index' ? undefined : op.table)
  if (owner === undefined) return shown(op)
  return `${op.name} on ${shown({ schema: op.schema, name: owner })}`
}

/**
 * Gives something that is no table and no column a comment, or another one, or takes it away.
 *
 * ```yaml
 * - set_comment: { object: enum, name: mood, comment: How people feel }
 * - set_comment: { object: constraint, table: users, name: users_age_check, comment: null }
 * ```
 * PostgreSQL: `COMMENT ON TYPE mood IS 'How people feel'`, `COMMENT ON CONSTRAINT users_age_check ON users IS NULL`. An
 * empty comment is none there.
 *
 * SQLite: nothing; it has no comments.
 */
export const setComment: Definition<SetComment> = {
  kind: 'set_comment',
  summary: 'Give an enum, index, constraint, view or the like a comment, or take it away.',
  shape,
  example: {
    given: [{ op: 'create_enum', name: 'mood', values: ['sad', 'happy'] }],
    operation: { op: 'set_comment', object: 'enum', name: 'mood', comment: 'How people feel' },
  },
  apply: (op, model) => commented(model, op).with(op.comment === '' ? undefined : op.comment ?? undefined),
  invert: (op, before) => [defined({ ...op, comment: commented(before, op).comment ?? null })],
  compile: {
    postgres(op, { sql, before }) {
      const { spelled, locked } = commented(before, op)
      const statement = commentOn(sql, spelled(sql), op.comment ?? undefined)
      return [
        locked === undefined
          ? statement
          : { ...statement, hazards: [locks(locked, 'SHARE UPDATE EXCLUSIVE')] },
      ]
    },
    sqlite: () => [],
  },
  effects: () => [],
  describe: (op) => `comment on ${op.object.replace('_', ' ')} ${named(op)}`,
}
