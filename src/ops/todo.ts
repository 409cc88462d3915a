import { fault } from '../problem.ts'
import { everywhere } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { fields, optional, text } from '../shape.ts'

const shape = fields({
  why: text('What has to be done, or why it was not.'),
  file: optional(text('Where it comes from: file:line.')),
  source: optional(text('The lines that are to be put into operations.')),
})

export type Todo = Op<'todo', typeof shape>

/**
 * Stands for operations that a person has still to write, and refuses to run.
 *
 * ```yaml
 * - todo: { why: '"slugify" is not known', file: 'versions/ab12_slugs.py:20', source: "op.execute(slugify(name))" }
 * ```
 * PostgreSQL and SQLite: none; `upgrade` stops before anything has run.
 *
 * `limbeck import` writes it for what it did not understand. What the schema is after it nobody knows.
 */
export const todo: Definition<Todo> = {
  kind: 'todo',
  summary: 'Stand for operations that are still to be written: refuses to run.',
  shape,
  example: {
    operation: { op: 'todo', why: '"slugify" is not known', source: 'op.execute(slugify(name))' },
  },
  apply: (_, model) => model,
  invert: () => ({ irreversible: 'what it shall do is not written yet' }),
  compile: everywhere(refuse),
  effects: () => [{ kind: 'unknown', object: '', why: 'what it shall do is not written yet' }],
  describe: (op) => `to do: ${op.why}`,
  opaque: () => true,
}

function refuse(op: Todo): never {
  return fault('todo', `this is still to be written: ${op.why}`, {
    path: [],
    hint: 'put operations in its place; `source` has the original lines',
    ...(op.file === undefined ? {} : { notes: [`it comes from ${op.file}`] }),
  })
}
