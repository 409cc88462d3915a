import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { signature } from '../model/routine.ts'
import { applyCreate, compileCreate, createEffects, invertCreate } from './parts/on-routine.ts'
import { fromProcedure, routineFields, toProcedure } from './parts/routine.ts'
import { needsPostgres } from './parts/server-version.ts'
import { fields } from '../shape.ts'

const shape = fields(routineFields)

export type CreateProcedure = Op<'create_procedure', typeof shape>

/**
 * Creates a procedure. SQLite has none.
 *
 * ```yaml
 * - create_procedure: { name: tidy, language: sql, body: DELETE FROM visits }
 * ```
 * PostgreSQL: `CREATE PROCEDURE tidy() LANGUAGE sql AS $$DELETE FROM visits$$`
 *
 * `or_replace` is as in create_function, and so is the rest: functions and procedures share one name space
 * (https://www.postgresql.org/docs/current/sql-createprocedure.html).
 */
export const createProcedure: Definition<CreateProcedure> = {
  kind: 'create_procedure',
  summary: 'Create a procedure (PostgreSQL).',
  shape,
  example: {
    given: [{
      op: 'create_table',
      only: 'postgres',
      name: 'visits',
      columns: [{ name: 'id', type: 'uuid' }],
    }],
    operation: {
      op: 'create_procedure',
      only: 'postgres',
      name: 'tidy',
      language: 'sql',
      body: 'DELETE FROM visits',
    },
  },
  declares: {
    section: 'procedures',
    of: (model) =>
      model.functions.filter((one) => one.kind === 'procedure')
        .map((one) => ({ op: 'create_procedure', ...fromProcedure(one) })),
  },
  apply: (op, model) => applyCreate(model, toProcedure(op), op.or_replace),
  invert: (op, before) => invertCreate(before, toProcedure(op)),
  compile: {
    postgres(op, cx) {
      op.arguments?.forEach((one, i) => {
        if (typeof one === 'string' || one.mode !== 'out') return
        needsPostgres(14, cx.server, 'procedures with parameters out', ['arguments', i, 'mode'])
      })
      return compileCreate(toProcedure(op), cx, op.or_replace)
    },
    sqlite: unsupported('SQLite has no procedures'),
  },
  effects: (op, before) => createEffects(toProcedure(op), before),
  describe: (op) => `create procedure ${signature(toProcedure(op))}`,
}
