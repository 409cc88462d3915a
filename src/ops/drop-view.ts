import { find, get, remove } from '../model/edit.ts'
import { isOn } from '../model/trigger.ts'
import type { MaterializedView, Model, View } from '../model/model.ts'
import { unsupportedField } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Operation } from './index.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { restoreLostGrants } from './parts/grant.ts'
import { fromMaterializedView, materializedOver } from './parts/materialized-view.ts'
import { fromTrigger } from './parts/trigger.ts'
import { fromView, viewsOver } from './parts/view.ts'

const shape = fields({
  name: name('The view.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such view.')),
  cascade: optional(flag('Views over it go with it (PostgreSQL).')),
})

export type DropView = Op<'drop_view', typeof shape>

function skipped(op: DropView, model: Model): boolean {
  return op.if_exists === true && find(model, 'views', op) === undefined
}

/** The view, and with `cascade` those over it. */
function dropped(op: DropView, model: Model): View[] {
  return [get(model, 'views', op), ...(op.cascade ? viewsOver(model, op) : [])]
}

/** The materialized views that go with them. */
function materialized(op: DropView, model: Model): MaterializedView[] {
  return op.cascade ? materializedOver(model, dropped(op, model)) : []
}

/**
 * Drops a view, with its triggers.
 *
 * ```yaml
 * - drop_view: { name: active_users }
 * ```
 * PostgreSQL and SQLite: `DROP VIEW active_users`
 *
 * PostgreSQL refuses while another view uses it, unless `cascade`; SQLite leaves that one broken, and has no CASCADE.
 */
export const dropView: Definition<DropView> = {
  kind: 'drop_view',
  summary: 'Drop a view.',
  shape,
  example: {
    given: [{ op: 'create_view', name: 'one', query: 'SELECT 1 AS a' }],
    operation: { op: 'drop_view', name: 'one' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const gone = dropped(op, model)
    const views = gone.reduce((sofar, view) => remove(sofar, 'views', view), model)
    const without = materialized(op, model).reduce(
      (sofar, view) => remove(sofar, 'materializedViews', view),
      views,
    )
    return { ...without, triggers: model.triggers.filter((one) => !gone.some((view) => isOn(one, view))) }
  },
  /** The views in their old order, which is one that works: a view comes after those that it uses. */
  invert(op, before): Operation[] {
    if (skipped(op, before)) return []
    const gone = dropped(op, before)
    const views = before.views.filter((one) => gone.includes(one))
    const triggers = before.triggers.filter((one) => gone.some((view) => isOn(one, view)))
    return [
      ...views.map((one): Operation => ({ op: 'create_view', ...fromView(one) })),
      ...materialized(op, before).map((one): Operation => ({
        op: 'create_materialized_view',
        ...fromMaterializedView(one),
      })),
      ...triggers.map(fromTrigger),
      ...restoreLostGrants(before, dropView.apply(op, before)),
    ]
  },
  compile: {
    postgres: (op, cx) => [{ sql: `${dropViewSql(op, cx)}${op.cascade ? ' CASCADE' : ''}` }],
    sqlite(op, cx) {
      if (op.cascade) unsupportedField('SQLite has no DROP VIEW … CASCADE', ['cascade'])
      return [{ sql: dropViewSql(op, cx) }]
    },
  },
  effects: (op, before) =>
    skipped(op, before) ? [] : [{
      kind: 'breaks-readers',
      object: op.name,
      why: `what reads "${op.name}" fails`,
    }],
  describe: (op) => `drop view ${op.name}`,
}

function dropViewSql(op: DropView, { sql }: CompileContext): string {
  return `DROP VIEW${op.if_exists ? ' IF EXISTS' : ''} ${sql.qualified(op)}`
}
