/** The schemas of a history, with what SQL of unknown effect did in a scratch database. */
import { locate } from '../problem.ts'
import { EMPTY } from '../model/model.ts'
import type { Model, Naming } from '../model/model.ts'
import { definitionOf } from '../ops/index.ts'
import type { Placed } from '../plan/placed.ts'
import type { Graph, Revision } from '../revision/graph/graph.ts'
import { ancestors } from '../revision/graph/traverse.ts'
import { withNaming } from '../run/session/session.ts'
import type { Upgrades } from './measured.ts'

/** The schema after the operations. @throws their problems, at their places */
export function applied(operations: readonly Placed[], before: Model): Model {
  return operations.reduce(
    (model, { operation, locate: place }) =>
      locate(place, () => definitionOf(operation).apply(operation, model)),
    before,
  )
}

/**
 * The schema after some revisions.
 * @param upgrades see `knownUpgrades`
 * @param visit told of the schema after each of them
 * @throws the problems of the operations, at their places
 */
export function folded(
  revisions: Iterable<Revision>,
  upgrades: Upgrades,
  naming: Naming | undefined,
  visit: (model: Model) => void = () => {},
): Model {
  return [...revisions].sort((a, b) => a.rank - b.rank).reduce((model, { id }) => {
    const after = applied(upgrades.get(id)!, model)
    visit(after)
    return after
  }, withNaming(EMPTY, naming))
}

/** The schema at some revisions: of all that they need. @throws as {@link folded} */
export function schemaAt(
  graph: Graph,
  ids: readonly string[],
  upgrades: Upgrades,
  naming: Naming | undefined,
): Model {
  return folded(ancestors(graph, ids.map((id) => graph.byId.get(id)!), 'all'), upgrades, naming)
}
