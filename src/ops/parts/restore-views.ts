/** The operations that bring back views which went with something else. */
import type { Model } from '../../model/model.ts'
import { namesRelation } from '../../model/views.ts'
import type { Operation } from '../index.ts'
import { fromMaterializedView } from './materialized-view.ts'
import { fromView } from './view.ts'

/** The operations that create the views that `after` has lost, materialized ones too, each after those that it reads. */
export function restoreViews(before: Model, after: Model): Operation[] {
  const views = before.views.filter((one) => !after.views.includes(one))
  const materialized = before.materializedViews.filter((one) => !after.materializedViews.includes(one))
  const left = [
    ...views.map((view) => ({ view, create: { op: 'create_view', ...fromView(view) } as const })),
    ...materialized.map((view) => ({
      view,
      create: { op: 'create_materialized_view', ...fromMaterializedView(view) } as const,
    })),
  ]
  const restored: Operation[] = []
  while (left.length > 0) {
    const at = left.findIndex(({ view }) =>
      left.every((other) => other.view === view || !namesRelation(view.query, other.view.name))
    )
    // A name that stands for something else may close a circle.
    restored.push(...left.splice(Math.max(at, 0), 1).map(({ create }) => create))
  }
  return restored
}
