/** Cycles in the graph, and the order that exists when there is none. */
import { EXIT, fault } from '../../problem.ts'
import { revisionProblem } from './graph-check.ts'
import type { Links, Neighbours, RevisionNode } from './node.ts'

/**
 * Numbers the revisions so that each comes after all that it needs.
 * @returns the number of every revision, from 0, by its place in file-name order
 * @throws a fault when there is a cycle of down_revision or depends_on
 */
export function rankRevisions(nodes: readonly RevisionNode[], links: Links): readonly number[] {
  const ranks = rank(links.needs, links.followers)
  if (ranks.includes(UNRANKED)) faultCycle(nodes, links)
  return ranks
}

const UNRANKED = -1

/** Revisions in or above a cycle stay unranked. */
function rank(needs: Neighbours, followers: Neighbours): number[] {
  const waiting = needs.map((places) => places.length)
  const ranks = needs.map(() => UNRANKED)
  const ready = [...needs.keys()].filter((place) => waiting[place] === 0)
  for (let next = 0; next < ready.length; next++) {
    const place = ready[next]!
    ranks[place] = next
    for (const follower of followers[place]!) {
      waiting[follower] = waiting[follower]! - 1
      if (waiting[follower] === 0) ready.push(follower)
    }
  }
  return ranks
}

function faultCycle(nodes: readonly RevisionNode[], links: Links): never {
  const byDown = rank(links.down, links.children).includes(UNRANKED)
  const [needs, followers] = byDown ? [links.down, links.children] : [links.needs, links.followers]
  const cycle = findCycle(needs, followers).map((place) => nodes[place]!)
  const named = cutOff(needs, followers).map((place) => nodes[place]!)
  const ids = (named.length > 0 ? named : cycle).map((node) => node.id)
  // Alembic lists everything in file-name order, but a part of it sorted.
  const shown = ids.length === nodes.length ? ids : ids.sort()
  const message = `${byDown ? 'Cycle' : 'Dependency cycle'} is detected in revisions (${shown.join(', ')})`
  const field = byDown ? 'down_revision' : 'depends_on'
  const { at } = revisionProblem(cycle[0]!, field, { code: 'revision-cycle', message })
  const way = [...cycle, cycle[0]!].map((node) => `"${node.id}"`).join(' needs ')
  fault('revision-cycle', message, {
    exit: EXIT.usage,
    ...(at === undefined ? {} : { at }),
    hint: `change one ${byDown ? 'down_revision' : 'depends_on or down_revision'} of these`,
    notes: [`${way}.`, ...cycle.map((node) => `"${node.id}" is in "${node.file}".`)],
  })
}

/**
 * The revisions that Alembic names: all when there is no head or no base, else those between which and a head or a base
 * there is no way.
 */
function cutOff(needs: Neighbours, followers: Neighbours): number[] {
  const places = [...needs.keys()]
  const heads = places.filter((place) => followers[place]!.length === 0)
  const bases = places.filter((place) => needs[place]!.length === 0)
  if (heads.length === 0 || bases.length === 0) return places
  const [below, above] = [reachable(heads, needs), reachable(bases, followers)]
  return places.filter((place) => !below.has(place) || !above.has(place))
}

function reachable(from: readonly number[], next: Neighbours): Set<number> {
  const seen = new Set(from)
  for (const place of seen) {
    for (const other of next[place]!) seen.add(other)
  }
  return seen
}

/** One cycle, beginning with the revision whose file comes first, each needing the next. */
function findCycle(needs: Neighbours, followers: Neighbours): number[] {
  const ranks = rank(needs, followers)
  const isUnranked = (place: number) => ranks[place] === UNRANKED
  const way = new Map<number, number>()
  let place = ranks.indexOf(UNRANKED)
  while (!way.has(place)) {
    way.set(place, way.size)
    place = needs[place]!.find(isUnranked)!
  }
  const cycle = [...way.keys()].slice(way.get(place)!)
  const start = cycle.indexOf(Math.min(...cycle))
  return [...cycle.slice(start), ...cycle.slice(0, start)]
}
