/** Views that are over one another, materialized ones among them: what goes when one of them goes. */
import { sameName } from './edit.ts'
import type { MaterializedView, Model, QualifiedName, SqlText, View } from './model.ts'
import { readsRelation } from './sql-names.ts'
import { someSql, sqlFor } from './sql-text.ts'
import { nameOf, tokenize } from './sql-tokens.ts'
import { isOn } from './trigger.ts'

export interface Views {
  readonly views: readonly View[]
  readonly materializedViews: readonly MaterializedView[]
}

/** The views that certainly read a table. */
export function viewsReading(model: Model, { name }: QualifiedName): Views {
  return {
    views: model.views.filter(({ query }) => someSql(query, (sql) => readsRelation(sql, name))),
    materializedViews: model.materializedViews.filter(({ query }) => readsRelation(query, name)),
  }
}

/** The views and all that are over them, in the order of the model. */
export function withViewsOver(model: Model, first: Views): Views {
  const views = new Set(first.views)
  const materialized = new Set(first.materializedViews)
  const isOver = ({ query }: View) =>
    [...views].some(({ name }) => namesRelation(query, name)) ||
    [...materialized].some(({ name }) => readsRelation(sqlFor(query, 'postgres') ?? '', name))
  const isMaterializedOver = ({ query }: MaterializedView) =>
    [...views, ...materialized].some(({ name }) => readsRelation(query, name))
  for (let known = 0; known < views.size + materialized.size;) {
    known = views.size + materialized.size
    for (const one of model.views) if (!views.has(one) && isOver(one)) views.add(one)
    for (const one of model.materializedViews) {
      if (!materialized.has(one) && isMaterializedOver(one)) materialized.add(one)
    }
  }
  return {
    views: model.views.filter((one) => views.has(one)),
    materializedViews: model.materializedViews.filter((one) => materialized.has(one)),
  }
}

/** Whether a query names the relation somewhere, quoted or not. */
export function namesRelation(query: SqlText, name: string): boolean {
  return someSql(
    query,
    (sql) =>
      tokenize(sql, 'postgres').some((one) =>
        (one.kind === 'word' || one.kind === 'quoted') && nameOf(one) === name
      ),
  )
}

/** The model without the views, their triggers, and what is granted on them. */
export function withoutViews(model: Model, { views, materializedViews }: Views): Model {
  const gone: readonly QualifiedName[] = [...views, ...materializedViews]
  if (gone.length === 0) return model
  return {
    ...model,
    views: model.views.filter((one) => !views.includes(one)),
    materializedViews: model.materializedViews.filter((one) => !materializedViews.includes(one)),
    triggers: model.triggers.filter((one) => !gone.some((view) => isOn(one, view))),
    grants: model.grants.filter((one) => one.on !== 'table' || !gone.some((view) => sameName(one, view))),
  }
}
