import { find, get, shown } from '../model/edit.ts'
import type { Model } from '../model/model.ts'
import { withoutReaders } from '../model/readers.ts'
import { withoutViews, withViewsOver } from '../model/views.ts'
import { fault } from '../problem.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import type { Operation } from './index.ts'
import { locks } from './parts/compile.ts'
import { restoreLostGrants } from './parts/grant.ts'
import { restoreReaders } from './parts/restore-readers.ts'
import { restoreLostTriggers } from './parts/trigger.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const shape = fields({
  name: name('The materialized view.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is none.')),
  cascade: optional(flag('Views, policies and functions that read it go with it.')),
})

export type DropMaterializedView = Op<'drop_materialized_view', typeof shape>

function skipped(op: DropMaterializedView, model: Model): boolean {
  return op.if_exists === true && find(model, 'materializedViews', op) === undefined
}

/**
 * Drops a materialized view, with its indexes. SQLite has none.
 *
 * ```yaml
 * - drop_materialized_view: { name: totals }
 * ```
 * PostgreSQL: `DROP MATERIALIZED VIEW totals`
 *
 * Refused while a view reads it, unless `cascade`, as PostgreSQL refuses it.
 */
export const dropMaterializedView: Definition<DropMaterializedView> = {
  kind: 'drop_materialized_view',
  summary: 'Drop a materialized view (PostgreSQL).',
  shape,
  example: {
    given: [{ op: 'create_materialized_view', only: 'postgres', name: 'one', query: 'SELECT 1 AS a' }],
    operation: { op: 'drop_materialized_view', only: 'postgres', name: 'one' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const own = get(model, 'materializedViews', op)
    const gone = withViewsOver(model, { views: [], materializedViews: [own] })
    const users = [...gone.views, ...gone.materializedViews.filter((one) => one !== own)]
    if (users.length > 0 && !op.cascade) {
      fault(
        'still-used',
        `materialized view "${shown(op)}" is read by ${users.map((one) => `"${shown(one)}"`).join(', ')}`,
        {
          path: ['name'],
          hint: 'drop that first, or write `cascade: true`',
        },
      )
    }
    const left = withoutViews(model, gone)
    return op.cascade ? withoutReaders(model, left, op) : left
  },
  invert(op, before): Operation[] {
    const after = dropMaterializedView.apply(op, before)
    return [
      ...restoreReaders(before, after),
      ...restoreLostTriggers(before, after),
      ...restoreLostGrants(before, after),
    ]
  },
  compile: {
    postgres: (op, { sql }) => [{
      sql: `DROP MATERIALIZED VIEW${op.if_exists ? ' IF EXISTS' : ''} ${sql.qualified(op)}${
        op.cascade ? ' CASCADE' : ''
      }`,
      hazards: [locks(shown(op), 'ACCESS EXCLUSIVE')],
    }],
    sqlite: unsupported('SQLite has no materialized views'),
  },
  effects: (op, before) =>
    skipped(op, before) ? [] : [{
      kind: 'breaks-readers',
      object: shown(op),
      why: `what reads "${shown(op)}" fails`,
    }],
  describe: (op) => `drop materialized view ${shown(op)}`,
}
