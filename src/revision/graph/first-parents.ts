/** The tree that remains of the graph when every revision keeps only its first parent. */
import type { Graph, Revision } from './node.ts'

/**
 * Makes a test that answers at once, after one pass over the graph, whether one revision stands above another by first
 * parents. No means only that it does not stand above it in this way.
 */
export function firstParentTest(graph: Graph): (above: Revision, below: Revision) => boolean {
  const count = graph.revisions.length
  const byRank: Revision[] = new Array(count)
  for (const revision of graph.revisions) byRank[revision.rank] = revision
  const parentOf = byRank.map((revision) => {
    const first = revision.parents[0]
    return first === undefined ? -1 : graph.byId.get(first)!.rank
  })
  const sizes = treeSizes(parentOf)
  const starts = new Int32Array(count)
  const free = new Int32Array(count)
  let nextTree = 0
  for (let rank = 0; rank < count; rank++) {
    const parent = parentOf[rank]!
    const start = parent < 0 ? nextTree : free[parent]!
    if (parent < 0) nextTree += sizes[rank]!
    else free[parent] = start + sizes[rank]!
    starts[rank] = start
    free[rank] = start + 1
  }
  return (above, below) => {
    const [from, at] = [starts[below.rank]!, starts[above.rank]!]
    return from < at && at < from + sizes[below.rank]!
  }
}

/** @param parentOf ranks of parents, each lower than that of the child; -1 for none */
function treeSizes(parentOf: readonly number[]): Int32Array {
  const sizes = new Int32Array(parentOf.length).fill(1)
  for (let rank = parentOf.length - 1; rank >= 0; rank--) {
    const parent = parentOf[rank]!
    if (parent >= 0) sizes[parent] = sizes[parent]! + sizes[rank]!
  }
  return sizes
}
