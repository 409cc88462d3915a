/** How far branch labels reach. */
import type { Links, RevisionNode } from './node.ts'

/**
 * The labels that reach each revision, sorted, by its place in file-name order; revisions without any are absent. A
 * label reaches the revision that bears it and all above it; and, as in Alembic, those below it down to (not including)
 * the nearest branch point or merge point, unless there already is one above.
 */
export function reachOfLabels(nodes: readonly RevisionNode[], links: Links): Map<number, readonly string[]> {
  const reach = new Map<number, Set<string>>()
  nodes.forEach((node, place) => {
    if (node.labels.length === 0) return
    for (const reached of reachedFrom(place, links)) {
      const labels = reach.get(reached) ?? new Set()
      node.labels.forEach((label) => labels.add(label))
      reach.set(reached, labels)
    }
  })
  return new Map([...reach].map(([place, labels]) => [place, [...labels].sort()]))
}

function reachedFrom(from: number, links: Links): Set<number> {
  const reached = new Set([from])
  for (const place of reached) {
    for (const child of links.children[place]!) reached.add(child)
  }
  const isJunction = (place: number) => links.followers[place]!.length > 1 || links.down[place]!.length > 1
  if ([...reached].some(isJunction)) return reached
  let below = links.down[from]![0]
  while (below !== undefined && !isJunction(below)) {
    reached.add(below)
    below = links.down[below]![0]
  }
  return reached
}
