/** Sets of related revisions. All walks are loops, so that the depth of a history does not matter. */
import { EXIT, fault } from '../../problem.ts'
import type { Graph, Revision } from './node.ts'

/** Which links a walk follows: `down_revision` alone, or dependencies too. */
export type Follow = 'down' | 'all'

/** The revisions and everything that they need, in the order met. */
export function ancestors(graph: Graph, from: Iterable<Revision>, follow: Follow): Set<Revision> {
  return spread(graph, from, (revision) => follow === 'down' ? revision.down : revision.parents)
}

/** The revisions and everything that needs them, in the order met. */
export function descendants(graph: Graph, from: Iterable<Revision>, follow: Follow): Set<Revision> {
  return spread(graph, from, (revision) => follow === 'down' ? revision.children : revision.followers)
}

/** All ancestors and all descendants of the revisions, and they themselves. */
export function relatives(graph: Graph, of: readonly Revision[], follow: Follow): Set<Revision> {
  return new Set([...ancestors(graph, of, follow), ...descendants(graph, of, follow)])
}

function spread(
  graph: Graph,
  from: Iterable<Revision>,
  next: (revision: Revision) => readonly string[],
): Set<Revision> {
  const seen = new Set(from)
  for (const revision of seen) {
    for (const id of next(revision)) seen.add(graph.byId.get(id)!)
  }
  return seen
}

/**
 * {@link ancestors} of revisions of which none may need another.
 * @throws a fault when one does: the version table holds, or somebody asked for, a revision and its ancestor
 */
export function separateAncestors(graph: Graph, of: readonly Revision[]): Set<Revision> {
  const parents = of.flatMap((revision) => revision.parents.map((id) => graph.byId.get(id)!))
  const below = ancestors(graph, parents, 'all')
  if (of.some((revision) => below.has(revision))) faultOverlap(graph, of)
  return new Set([...of, ...below])
}

function faultOverlap(graph: Graph, of: readonly Revision[]): never {
  for (const revision of of) {
    const below = ancestors(graph, [revision], 'all')
    const others = of.filter((other) => other !== revision && below.has(other)).map((other) => other.id)
    if (others.length === 0) continue
    const message = `Requested revision ${revision.id} overlaps with other requested revisions ${
      others.join(', ')
    }`
    const hint = `"${revision.id}" already includes ${
      others.map((id) => `"${id}"`).join(', ')
    }. If the version ` +
      `table holds them all, correct it with \`limbeck stamp ${revision.id}\`.`
    return fault('overlapping-revisions', message, { hint })
  }
  return fault('internal', 'Requested revisions overlap', { exit: EXIT.failed })
}

/** Sorts in file-name order. */
export function inFileOrder(revisions: Iterable<Revision>): Revision[] {
  return [...revisions].sort((a, b) => a.index - b.index)
}
