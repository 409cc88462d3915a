import { attachIndex } from '../model/attach.ts'
import { add, find, shown } from '../model/edit.ts'
import { asTable } from '../model/materialized-view.ts'
import type { Model } from '../model/model.ts'
import { defined } from '../model/defined.ts'
import { unsupported } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Statement } from '../dialect/dialect.ts'
import { commentOn, indexComment } from './parts/compile.ts'
import {
  columnsOf,
  fromMaterializedView,
  materializedViewFields,
  toMaterializedView,
} from './parts/materialized-view.ts'
import { checkNulls } from './parts/server-version.ts'
import { fields, flag, optional } from '../shape.ts'

const shape = fields({
  ...materializedViewFields,
  if_not_exists: optional(flag('Nothing is done when it is there already.')),
})

export type CreateMaterializedView = Op<'create_materialized_view', typeof shape>

function skipped(op: CreateMaterializedView, model: Model): boolean {
  return op.if_not_exists === true && find(model, 'materializedViews', op) !== undefined
}

/**
 * Creates a materialized view: a query whose rows are kept until it is refreshed. SQLite has none.
 *
 * ```yaml
 * - create_materialized_view:
 *     name: totals
 *     query: SELECT user_id, sum(amount) AS total FROM payments GROUP BY user_id
 *     indexes: [{ name: ix_totals_user_id, columns: [user_id], unique: true }]
 * ```
 * PostgreSQL: `CREATE MATERIALIZED VIEW totals AS SELECT …`, and its indexes.
 *
 * `with_data: false` leaves it empty, and PostgreSQL refuses to read it until refresh_materialized_view. To refresh it
 * while it is read (`concurrently`) it needs a unique index of columns.
 */
export const createMaterializedView: Definition<CreateMaterializedView> = {
  kind: 'create_materialized_view',
  summary: 'Create a materialized view (PostgreSQL).',
  shape,
  example: {
    given: [{
      op: 'create_table',
      only: 'postgres',
      name: 'payments',
      columns: [{ name: 'user_id', type: 'uuid' }, { name: 'amount', type: 'numeric(12, 2)' }],
    }],
    operation: {
      op: 'create_materialized_view',
      only: 'postgres',
      name: 'totals',
      query: 'SELECT user_id, sum(amount) AS total FROM payments GROUP BY user_id',
      indexes: [{ name: 'ix_totals_user_id', columns: ['user_id'], unique: true }],
    },
  },
  declares: {
    section: 'materialized_views',
    of: (model) =>
      model.materializedViews.map((one) => ({
        op: 'create_materialized_view',
        ...fromMaterializedView(one),
      })),
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const view = toMaterializedView(op, model)
    view.indexes.forEach((index, i) => {
      const columns = columnsOf(op.indexes![i]!)
      attachIndex(model, asTable({ ...view, indexes: view.indexes.slice(0, i) }, columns), index, [
        'indexes',
        i,
      ])
    })
    return add(model, 'materializedViews', view)
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    return [defined({ op: 'drop_materialized_view', name: op.name, schema: op.schema })]
  },
  compile: {
    postgres: create,
    sqlite: unsupported('SQLite has no materialized views'),
  },
  effects: () => [],
  describe: (op) => `create materialized view ${shown(op)}`,
}

function create(op: CreateMaterializedView, { sql, server, before }: CompileContext): Statement[] {
  if (skipped(op, before)) return []
  op.indexes?.forEach((one, i) => checkNulls(one, server, ['indexes', i]))
  const view = toMaterializedView(op, before)
  const name = sql.qualified(view)
  const table = asTable(view)
  return [
    { sql: sql.createMaterializedView(view, { ifNotExists: op.if_not_exists }) },
    ...view.indexes.map((index) => ({ sql: sql.createIndex(index, table) })),
    ...(view.comment === undefined ? [] : [commentOn(sql, `MATERIALIZED VIEW ${name}`, view.comment)]),
    ...view.indexes.flatMap((index) => indexComment(sql, view, index)),
  ]
}
