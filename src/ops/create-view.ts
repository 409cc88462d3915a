import { add, find, get } from '../model/edit.ts'
import type { Model } from '../model/model.ts'
import { withViewsOver } from '../model/views.ts'
import { defined } from '../model/defined.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Statement } from '../dialect/dialect.ts'
import { fields, flag, optional } from '../shape.ts'
import { fromView, toView, viewFields } from './parts/view.ts'
import { commentOn } from './parts/compile.ts'
import { needsPostgres } from './parts/server-version.ts'

const shape = fields({
  ...viewFields,
  or_replace: optional(flag('A view of that name may be there: this one takes its place.')),
})

export type CreateView = Op<'create_view', typeof shape>

/**
 * Creates a view.
 *
 * ```yaml
 * - create_view: { name: active_users, query: "SELECT id, email FROM users WHERE active" }
 * ```
 * PostgreSQL and SQLite: `CREATE VIEW active_users AS SELECT id, email FROM users WHERE active`
 *
 * `or_replace` is CREATE OR REPLACE VIEW on PostgreSQL, which can only add columns at the end; SQLite drops the old view
 * first. What the query uses is looked at when the view is made: by PostgreSQL, and for SQLite by limbeck, which
 * compiles it once and tells of columns that are not there. On SQLite `security_invoker`, `security_barrier` and
 * `check_option` say nothing: it has no rights, and its views cannot be written.
 */
export const createView: Definition<CreateView> = {
  kind: 'create_view',
  summary: 'Create a view.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }, { name: 'email', type: 'text' }],
    }],
    operation: {
      op: 'create_view',
      name: 'known_users',
      query: "SELECT id, email FROM users WHERE email <> ''",
    },
  },
  declares: {
    section: 'views',
    of: (model) => model.views.map((one) => ({ op: 'create_view', ...fromView(one) })),
  },
  apply(op, model) {
    const view = toView(op)
    const old = op.or_replace ? find(model, 'views', op) : undefined
    if (old === undefined) return add(model, 'views', view)
    return { ...model, views: model.views.map((one) => one === old ? view : one) }
  },
  /** PostgreSQL cannot take columns away from a view, so the old one is made anew unless other views use it. */
  invert(op, before) {
    const drop = defined({ op: 'drop_view', name: op.name, schema: op.schema } as const)
    const old = op.or_replace ? find(before, 'views', op) : undefined
    if (old === undefined) return [drop]
    const create = { op: 'create_view', ...fromView(old) } as const
    const { views, materializedViews } = withViewsOver(before, { views: [old], materializedViews: [] })
    const isUnder = views.length + materializedViews.length > 1
    return isUnder ? [{ ...create, or_replace: true }] : [drop, create]
  },
  compile: {
    postgres(op, cx) {
      if (op.security_invoker) {
        needsPostgres(15, cx.server, 'views with security_invoker', ['security_invoker'])
      }
      const view = get(cx.after, 'views', op)
      const create = { sql: cx.sql.createView(view, { orReplace: op.or_replace }) }
      const old = find(cx.before, 'views', op)
      if (view.comment === old?.comment) return [create]
      return [create, commentOn(cx.sql, `VIEW ${cx.sql.qualified(view)}`, view.comment)]
    },
    sqlite: createOnSqlite,
  },
  effects: (op, before) =>
    replaces(op, before)
      ? [{ kind: 'breaks-readers', object: op.name, why: `what reads "${op.name}" gets something else` }]
      : [],
  describe: (op) => `create view ${op.name}`,
}

function replaces(op: CreateView, before: Model): boolean {
  return op.or_replace === true && find(before, 'views', op) !== undefined
}

function createOnSqlite(op: CreateView, { sql, before, after }: CompileContext): Statement[] {
  const { securityInvoker: _, securityBarrier: __, checkOption: ___, ...view } = get(after, 'views', op)
  const drop = replaces(op, before) ? [{ sql: `DROP VIEW ${sql.qualified(op)}` }] : []
  return [...drop, { sql: sql.createView(view) }]
}
