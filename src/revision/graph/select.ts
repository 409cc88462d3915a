/** Which revisions an upgrade, a downgrade or a range of the history comprises. */
import { EXIT, fault } from '../../problem.ts'
import type { Graph, Revision } from './node.ts'
import { newestFirst } from './order.ts'
import { faultNotAncestor, targetWording, worded } from './problems.ts'
import { downgradeTarget, upgradeTargets } from './relative.ts'
import { findRevision } from './resolve.ts'
import { ancestors, descendants, separateAncestors } from './traverse.ts'

/**
 * What is to be applied, oldest first.
 * @param current the revisions in the version table
 * @throws a fault when the target does not exist, is ambiguous or overlaps
 */
export function toUpgrade(graph: Graph, current: readonly Revision[], target: string): readonly Revision[] {
  return worded(targetWording('upgrade', target), () => {
    const targets = upgradeTargets(graph, current, target, 'fault')
    const applied = separateAncestors(graph, current)
    const needed = without(separateAncestors(graph, targets), applied)
    return newestFirst(graph, needed, targets).reverse()
  })
}

export interface Downgrade {
  /** Newest first. */
  readonly revisions: readonly Revision[]
  readonly warnings: readonly string[]
}

/**
 * What is to be reverted: everything applied that comes after the target or depends on what does.
 * @param current the revisions in the version table, in its order
 * @throws a fault when the target does not exist, is ambiguous or is not applied
 */
export function toDowngrade(graph: Graph, current: readonly Revision[], target: string): Downgrade {
  return worded(targetWording('downgrade', target), () => {
    const { branch, revision, warnings } = downgradeTarget(graph, current, target)
    const applied = ancestors(graph, current, 'all')
    const above = descendants(graph, downgradeRoots(graph, revision, branch), 'all')
    const reverted = new Set([...above].filter((other) => applied.has(other)))
    if (revision !== undefined && reverted.size === 0 && !current.includes(revision)) {
      faultNotAncestor(revision.id, current.map((row) => row.id).join(','))
    }
    return { revisions: newestFirst(graph, reverted, current), warnings }
  })
}

/** The lowest revisions to revert. A branch chooses among several. */
function downgradeRoots(graph: Graph, target: Revision | undefined, branch?: string): readonly Revision[] {
  const ids = target === undefined ? graph.bases : target.children
  const roots = ids.map((id) => graph.byId.get(id)!)
  if (branch === undefined || roots.length < 2) return roots
  const below = ancestors(graph, [findRevision(graph, branch)], 'down')
  const chosen = roots.filter((root) => below.has(root))
  if (chosen.length > 0) return chosen
  return fault('not-an-ancestor-of-branch', 'Not a valid downgrade target from current heads', {
    exit: EXIT.usage,
    hint: `nothing between the target and "${branch}" is left to revert`,
  })
}

export interface Range {
  readonly upper: readonly Revision[]
  readonly lower: readonly Revision[]
  /** How the ends were written, for messages. */
  readonly text: { readonly start: string; readonly end: string }
}

/**
 * The revisions of a range, both ends included, newest first; without a lower end all that the upper needs.
 * @throws a fault when the lower end does not come before the upper, or when ends overlap
 */
export function inRange(graph: Graph, range: Range): readonly Revision[] {
  const { upper, lower, text } = range
  const needed = separateAncestors(graph, upper)
  if (lower.length === 0) return newestFirst(graph, needed, upper)
  if (lower.some((revision) => !needed.has(revision))) faultNotAncestor(text.start, text.end)
  const above = descendants(graph, lower, 'down')
  const between = [...without(needed, separateAncestors(graph, lower)), ...lower]
  return newestFirst(graph, new Set(between.filter((revision) => above.has(revision))), upper)
}

function without<T>(set: ReadonlySet<T>, removed: ReadonlySet<T>): Set<T> {
  return new Set([...set].filter((item) => !removed.has(item)))
}
