/** Which dependencies count as parents. */
import type { Links, Neighbours } from './node.ts'

/**
 * The parents of every revision: its `down_revision`, and its dependencies without those that a revision below it (by
 * `down_revision`) already has. Alembic calls this normalized.
 * @param ranks an order in which every revision comes after all that it needs
 */
export function normalizeDependencies(links: Links, ranks: readonly number[]): Neighbours {
  const superfluous = new Map<number, Set<number>>()
  for (const [dependency, dependents] of dependentsOf(links)) {
    if (dependents.length < 2) continue
    for (const place of aboveAnother(dependents, links, ranks)) {
      superfluous.set(place, (superfluous.get(place) ?? new Set()).add(dependency))
    }
  }
  if (superfluous.size === 0) return links.needs
  return links.needs.map((needs, place) => {
    const removed = superfluous.get(place)
    const down = links.down[place]!
    return removed === undefined
      ? needs
      : needs.filter((other) => down.includes(other) || !removed.has(other))
  })
}

function dependentsOf(links: Links): Map<number, number[]> {
  const dependents = new Map<number, number[]>()
  links.dependencies.forEach((dependencies, place) => {
    for (const dependency of dependencies) {
      const known = dependents.get(dependency)
      if (known === undefined) dependents.set(dependency, [place])
      else known.push(place)
    }
  })
  return dependents
}

/** Those of the revisions that stand above another of them. */
function aboveAnother(places: readonly number[], links: Links, ranks: readonly number[]): number[] {
  const highest = places.reduce((highest, place) => Math.max(highest, ranks[place]!), 0)
  const seen = new Set<number>()
  const enter = (place: number) => {
    for (const child of links.children[place]!) {
      if (ranks[child]! <= highest) seen.add(child)
    }
  }
  places.forEach(enter)
  for (const place of seen) enter(place)
  return places.filter((place) => seen.has(place))
}
