import { shown } from '../model/edit.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { applyDrop, compileDrop, dropEffects, dropFields, invertDrop } from './parts/on-routine.ts'
import { fields } from '../shape.ts'

const shape = fields(dropFields)

export type DropFunction = Op<'drop_function', typeof shape>

/**
 * Drops a function. SQLite has none.
 *
 * ```yaml
 * - drop_function: { name: add, arguments: [integer, integer] }
 * ```
 * PostgreSQL: `DROP FUNCTION add(integer, integer)`
 *
 * `arguments` may be left out while one function alone has the name. Refused while a trigger calls it, or anything
 * else that certainly does (a default, a check, an index, a view…), unless `cascade`; what may call it PostgreSQL knows,
 * and refuses too.
 */
export const dropFunction: Definition<DropFunction> = {
  kind: 'drop_function',
  summary: 'Drop a function (PostgreSQL).',
  shape,
  example: {
    given: [{
      op: 'create_function',
      only: 'postgres',
      name: 'add',
      arguments: ['integer', 'integer'],
      returns: 'integer',
      language: 'sql',
      body: 'SELECT $1 + $2',
    }],
    operation: { op: 'drop_function', only: 'postgres', name: 'add', arguments: ['integer', 'integer'] },
  },
  apply: (op, model) => applyDrop(op, 'function', model),
  invert: (op, before) => invertDrop(op, 'function', before),
  compile: {
    postgres: (op, cx) => compileDrop(op, 'function', cx),
    sqlite: unsupported('SQLite has no functions'),
  },
  effects: (op, before) => dropEffects(op, 'function', before),
  describe: (op) =>
    `drop function ${shown(op)}${op.arguments === undefined ? '' : `(${op.arguments.join(', ')})`}`,
}
