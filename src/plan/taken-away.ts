/** What goes with views and no operation says: neither a downgrade nor who creates the view anew brings it back. */
import { find, sameName } from '../model/edit.ts'
import type { Model, QualifiedName } from '../model/model.ts'
import { definitionOf } from '../ops/index.ts'
import type { Placed } from './placed.ts'

/** An operation, and what it takes away, in words: `rule "r on v"`. */
export interface TakenAway {
  readonly placed: Placed
  readonly what: readonly string[]
}

/**
 * What the operations take away together with views that are there before them, up to the first of unknown effect.
 * @param operations as `operationsFor` returns them
 * @throws the problems of `apply`
 */
export function takenAway(operations: readonly Placed[], before: Model): readonly TakenAway[] {
  const found: TakenAway[] = []
  let left = before.unmanaged ?? []
  let model = before
  for (const placed of operations) {
    const definition = definitionOf(placed.operation)
    if (left.length === 0 || definition.opaque?.(placed.operation)) break
    const after = definition.apply(placed.operation, model)
    const gone = viewsOf(model).filter((one) =>
      find(after, 'views', one) === undefined && find(after, 'materializedViews', one) === undefined
    )
    const lost = left.filter(({ on }) => on !== undefined && gone.some((one) => sameName(one, on)))
    if (lost.length > 0) found.push({ placed, what: lost.map((one) => one.what) })
    left = left.filter((one) => !lost.includes(one))
    model = after
  }
  return found
}

function viewsOf({ views, materializedViews }: Model): readonly QualifiedName[] {
  return [...views, ...materializedViews]
}
