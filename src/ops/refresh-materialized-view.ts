import { change, get, shown } from '../model/edit.ts'
import type { MaterializedView } from '../model/model.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { locks } from './parts/compile.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const shape = fields({
  name: name('The materialized view.'),
  schema,
  concurrently: optional(flag('It can be read meanwhile; it needs a unique index of columns.')),
  with_data: optional(
    flag('false: its rows are taken away, and it cannot be read before it is refreshed again.'),
  ),
})

export type RefreshMaterializedView = Op<'refresh_materialized_view', typeof shape>

/** Whether rows can be told apart (REFRESH MATERIALIZED VIEW, CONCURRENTLY). */
function hasUniqueIndex(view: MaterializedView): boolean {
  return view.indexes.some((one) =>
    one.unique && one.where === undefined && one.keys.every((key) => key.column !== undefined)
  )
}

/**
 * Runs the query of a materialized view again. SQLite has none.
 *
 * ```yaml
 * - refresh_materialized_view: { name: totals, concurrently: true }
 * ```
 * PostgreSQL: `REFRESH MATERIALIZED VIEW CONCURRENTLY totals`
 *
 * There is nothing to undo but whether it is filled at all: the old rows are what an old database would give.
 */
export const refreshMaterializedView: Definition<RefreshMaterializedView> = {
  kind: 'refresh_materialized_view',
  summary: 'Run the query of a materialized view again (PostgreSQL).',
  shape,
  example: {
    given: [{ op: 'create_materialized_view', only: 'postgres', name: 'one', query: 'SELECT 1 AS a' }],
    operation: { op: 'refresh_materialized_view', only: 'postgres', name: 'one' },
  },
  apply(op, model) {
    const view = get(model, 'materializedViews', op)
    if (op.concurrently) checkConcurrently(op, view)
    const filled = op.with_data !== false
    if (filled === (view.populated !== false)) return model
    return change(
      model,
      'materializedViews',
      op,
      ({ populated: _, ...rest }) => filled ? rest : { ...rest, populated: false },
    )
  },
  invert(op, before) {
    const populated = get(before, 'materializedViews', op).populated !== false
    if (populated === (op.with_data !== false)) return []
    const named = defined({ op: 'refresh_materialized_view', name: op.name, schema: op.schema } as const)
    return [populated ? named : { ...named, with_data: false }]
  },
  compile: {
    postgres: (op, { sql }) => [{
      sql: `REFRESH MATERIALIZED VIEW${op.concurrently ? ' CONCURRENTLY' : ''} ${sql.qualified(op)}${
        op.with_data === false ? ' WITH NO DATA' : ''
      }`,
      hazards: [
        locks(shown(op), op.concurrently ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE'),
        { kind: 'rewrites', table: shown(op) },
      ],
    }],
    sqlite: unsupported('SQLite has no materialized views'),
  },
  effects: (op) =>
    op.with_data === false
      ? [{
        kind: 'breaks-readers',
        object: shown(op),
        why: `what reads "${shown(op)}" fails until it is refreshed`,
      }]
      : [],
  describe: (op) => `refresh materialized view ${shown(op)}`,
}

function checkConcurrently(op: RefreshMaterializedView, view: MaterializedView): void {
  if (op.with_data === false) {
    fault('contradiction', 'what is emptied is not refreshed concurrently', { path: ['concurrently'] })
  }
  if (view.populated === false) {
    fault('not-filled', `"${shown(op)}" is not filled, so it cannot be refreshed concurrently`, {
      path: ['concurrently'],
      hint: 'leave out `concurrently` this first time',
    })
  }
  if (hasUniqueIndex(view)) return
  fault(
    'no-unique-key',
    `"${shown(op)}" has no unique index of columns, so it cannot be refreshed concurrently`,
    {
      path: ['concurrently'],
      hint: 'give it one, without WHERE',
    },
  )
}
