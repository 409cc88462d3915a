import { shown } from '../model/edit.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { applyDrop, compileDrop, dropEffects, dropFields, invertDrop } from './parts/on-routine.ts'
import { fields } from '../shape.ts'

const shape = fields(dropFields)

export type DropProcedure = Op<'drop_procedure', typeof shape>

/**
 * Drops a procedure. SQLite has none.
 *
 * ```yaml
 * - drop_procedure: { name: tidy }
 * ```
 * PostgreSQL: `DROP PROCEDURE tidy()`
 *
 * `arguments` may be left out while one procedure alone has the name.
 */
export const dropProcedure: Definition<DropProcedure> = {
  kind: 'drop_procedure',
  summary: 'Drop a procedure (PostgreSQL).',
  shape,
  example: {
    given: [{ op: 'create_procedure', only: 'postgres', name: 'tidy', language: 'sql', body: 'SELECT 1' }],
    operation: { op: 'drop_procedure', only: 'postgres', name: 'tidy' },
  },
  apply: (op, model) => applyDrop(op, 'procedure', model),
  invert: (op, before) => invertDrop(op, 'procedure', before),
  compile: {
    postgres: (op, cx) => compileDrop(op, 'procedure', cx),
    sqlite: unsupported('SQLite has no procedures'),
  },
  effects: (op, before) => dropEffects(op, 'procedure', before),
  describe: (op) =>
    `drop procedure ${shown(op)}${op.arguments === undefined ? '' : `(${op.arguments.join(', ')})`}`,
}
