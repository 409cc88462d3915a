/** The operations that bring back views, and what else reads something, which went with it. */
import { find } from '../../model/edit.ts'
import type { Model } from '../../model/model.ts'
import { namesRelation } from '../../model/views.ts'
import type { Operation } from '../index.ts'
import { fromMaterializedView } from './materialized-view.ts'
import { fromRoutine } from './on-routine.ts'
import { restorePolicies } from './policy.ts'
import { fromView } from './view.ts'

/** The operations that create what `after` has lost of what reads something: views, then functions, then policies. */
export function restoreReaders(before: Model, after: Model): Operation[] {
  return [
    ...restoreViews(before, after),
    ...before.functions.filter((one) => !after.functions.includes(one)).map((one) => fromRoutine(one)),
    ...before.tables.flatMap((one) => {
      const isKept = find(after, 'tables', one) !== undefined
      return isKept ? restorePolicies(one, after) : []
    }),
  ]
}

/** The operations that create the views that `after` has lost, materialized ones too, each after those that it reads. */
function restoreViews(before: Model, after: Model): Operation[] {
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
