/** The order in which a set of revisions is listed and applied. */
import { firstParentTest } from './first-parents.ts'
import type { Graph, Revision } from './node.ts'
import { inFileOrder } from './traverse.ts'

/** Where a line has been followed down to; tips form a list, because they go away in its middle. */
interface Tip {
  revision: Revision
  before: Tip | undefined
  after: Tip | undefined
}

interface Walk {
  readonly graph: Graph
  /** Revisions of the set that have not been put out, with the number of their followers of which this is true. */
  readonly waiting: Map<Revision, number>
  readonly tipped: Set<Revision>
  readonly isAbove: (above: Revision, below: Revision) => boolean
  first: Tip | undefined
  last: Tip | undefined
}

/**
 * Sorts revisions newest first: each before all that it needs. Where several are possible, one line is followed down as
 * far as it goes, beginning with the head whose file comes first, as Alembic does; upgrades use the reverse.
 * @param heads where to begin; those outside the set do not count
 */
export function newestFirst(graph: Graph, set: ReadonlySet<Revision>, heads: Iterable<Revision>): Revision[] {
  const waiting = countFollowers(graph, set)
  // Heads of a set that has gaps may not lead to all of it.
  const tops = [...set].filter((revision) => waiting.get(revision) === 0)
  const starts = new Set([...[...heads].filter((head) => set.has(head)), ...tops])
  const walk: Walk = {
    graph,
    waiting,
    tipped: new Set(),
    isAbove: firstParentTest(graph),
    first: undefined,
    last: undefined,
  }
  for (const start of inFileOrder(starts)) addTip(walk, start)
  return putOut(walk)
}

function countFollowers(graph: Graph, set: ReadonlySet<Revision>): Map<Revision, number> {
  const waiting = new Map<Revision, number>([...set].map((revision) => [revision, 0]))
  for (const revision of set) {
    for (const id of revision.parents) {
      const parent = graph.byId.get(id)!
      const count = waiting.get(parent)
      if (count !== undefined) waiting.set(parent, count + 1)
    }
  }
  return waiting
}

function putOut(walk: Walk): Revision[] {
  const sorted: Revision[] = []
  let tip = walk.first
  while (tip !== undefined) {
    if (walk.waiting.get(tip.revision)! > 0) {
      tip = firstTipAbove(walk, tip.revision)
    } else {
      sorted.push(tip.revision)
      walk.waiting.delete(tip.revision)
      tip = stepDown(walk, tip)
    }
  }
  return sorted
}

/** Replaces a tip by its parents; returns the tip to go on with. */
function stepDown(walk: Walk, tip: Tip): Tip | undefined {
  const parents = tip.revision.parents.map((id) => walk.graph.byId.get(id)!)
    .filter((parent) => walk.waiting.has(parent))
  for (const parent of parents) walk.waiting.set(parent, walk.waiting.get(parent)! - 1)
  const [next, ...others] = parents.filter((parent) => !walk.tipped.has(parent))
  walk.tipped.delete(tip.revision)
  if (next === undefined) return removeTip(walk, tip)
  walk.tipped.add(next)
  tip.revision = next
  for (const other of others) addTip(walk, other)
  return tip
}

function addTip(walk: Walk, revision: Revision): void {
  const tip: Tip = { revision, before: walk.last, after: undefined }
  if (walk.last === undefined) walk.first = tip
  else walk.last.after = tip
  walk.last = tip
  walk.tipped.add(revision)
}

function removeTip(walk: Walk, { before, after }: Tip): Tip | undefined {
  if (before === undefined) walk.first = after
  else before.after = after
  if (after === undefined) walk.last = before
  else after.before = before
  return before ?? walk.first
}

/** The first tip that stands above the blocked revision. */
function firstTipAbove(walk: Walk, blocked: Revision): Tip | undefined {
  let above: ReadonlySet<Revision> | undefined
  for (let tip = walk.first; tip !== undefined; tip = tip.after) {
    if (tip.revision.rank <= blocked.rank) continue
    if (walk.isAbove(tip.revision, blocked)) return tip
    above ??= unsortedAbove(walk, blocked)
    if (above.has(tip.revision)) return tip
  }
  return undefined
}

function unsortedAbove(walk: Walk, blocked: Revision): Set<Revision> {
  const above = new Set([blocked])
  for (const revision of above) {
    for (const id of revision.followers) {
      const follower = walk.graph.byId.get(id)!
      if (walk.waiting.has(follower)) above.add(follower)
    }
  }
  return above
}
