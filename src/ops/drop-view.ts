import { find, get, shown } from '../model/edit.ts'
import type { Model, QualifiedName } from '../model/model.ts'
import { withoutReaders } from '../model/readers.ts'
import { withoutViews, withViewsOver } from '../model/views.ts'
import type { Views } from '../model/views.ts'
import { unsupportedField } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Operation } from './index.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { restoreLostGrants } from './parts/grant.ts'
import { restoreReaders } from './parts/restore-readers.ts'
import { restoreLostTriggers } from './parts/trigger.ts'

const shape = fields({
  name: name('The view.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such view.')),
  cascade: optional(flag('Views, policies and functions that read it go with it (PostgreSQL).')),
})

export type DropView = Op<'drop_view', typeof shape>

function skipped(op: DropView, model: Model): boolean {
  return op.if_exists === true && find(model, 'views', op) === undefined
}

/** The view, and with `cascade` those over it. */
function dropped(op: DropView, model: Model): Views {
  const own = { views: [get(model, 'views', op)], materializedViews: [] }
  return op.cascade ? withViewsOver(model, own) : own
}

/** The views over it that do not go with it. */
function viewsOver(op: DropView, model: Model): readonly QualifiedName[] {
  if (op.cascade) return []
  const own = get(model, 'views', op)
  const { views, materializedViews } = withViewsOver(model, { views: [own], materializedViews: [] })
  return [...views.filter((one) => one !== own), ...materializedViews]
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
    const left = withoutViews(model, dropped(op, model))
    return op.cascade ? withoutReaders(model, left, op) : left
  },
  invert(op, before): Operation[] {
    const after = dropView.apply(op, before)
    return [
      ...restoreReaders(before, after),
      ...restoreLostTriggers(before, after),
      ...restoreLostGrants(before, after),
    ]
  },
  compile: {
    postgres: (op, cx) => [{ sql: `${dropViewSql(op, cx)}${op.cascade ? ' CASCADE' : ''}` }],
    sqlite(op, cx) {
      if (op.cascade) unsupportedField('SQLite has no DROP VIEW … CASCADE', ['cascade'])
      return [{ sql: dropViewSql(op, cx) }]
    },
  },
  effects(op, before) {
    if (skipped(op, before)) return []
    const over = viewsOver(op, before).map((one) => `the view "${shown(one)}"`)
    const named = over.length === 0 ? '' : `: ${over.join(', ')}`
    return [{ kind: 'breaks-readers', object: op.name, why: `what reads "${op.name}" fails${named}` }]
  },
  describe: (op) => `drop view ${op.name}`,
}

function dropViewSql(op: DropView, { sql }: CompileContext): string {
  return `DROP VIEW${op.if_exists ? ' IF EXISTS' : ''} ${sql.qualified(op)}`
}
