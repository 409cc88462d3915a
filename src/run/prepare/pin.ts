/** Targets that count from where the database is. */
import { parseRelative } from '../../revision/graph/relative.ts'
import type { Graph } from '../../revision/graph/graph.ts'
import type { Steps } from '../../revision/graph/steps.ts'
import type { Find } from '../session/run-state.ts'

/**
 * Finds the steps to a target. One that is relative to the rows (`+2`, `-1`) is counted once, from the rows that are seen
 * first; when another process moves the database meanwhile it stays the revision that it was.
 */
export function pinned(
  graph: Graph,
  target: string,
  steps: (graph: Graph, rows: readonly string[], target: string) => Steps,
): Find {
  let goal = target
  return (rows) => {
    const found = steps(graph, rows, goal)
    const last = found.steps.at(-1)
    const relative = parseRelative(graph, goal)
    if (relative !== undefined && relative.symbol === undefined && last !== undefined) {
      const base = relative.branch === undefined ? 'base' : `${relative.branch}@base`
      goal = last.to[0] ?? base
    }
    return found
  }
}
