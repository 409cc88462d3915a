/** The steps of upgrade and downgrade: which revisions run, in which order, and what happens to the version table. */
import type { Graph, Revision } from './node.ts'
import { revisionsOfRows } from './resolve.ts'
import { applyChange, mergeRows, splitRow } from './rows.ts'
import type { RowChange } from './rows.ts'
import { toDowngrade, toUpgrade } from './select.ts'
import { ancestors } from './traverse.ts'

export interface Step {
  readonly direction: 'up' | 'down' | 'stamp'
  /** The revision that runs; for a stamp the revisions it goes to. */
  readonly revisions: readonly string[]
  /** For messages as Alembic's `Running upgrade a -> b`; empty for the base. Dependencies are left out. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** To be made in the version table when the step is done, in this order. */
  readonly changes: readonly RowChange[]
}

export interface Steps {
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
}

/**
 * The steps that lead up to a target.
 * @param rows the version table
 * @param target anything that names revisions, also relative to the rows
 * @throws a fault when the target does not exist or is ambiguous, or a row is unknown
 */
export function upgradeSteps(graph: Graph, rows: readonly string[], target: string): Steps {
  const current = revisionsOfRows(graph, rows)
  const heads = new Set(rows)
  const steps = toUpgrade(graph, current, target).map((revision): Step => {
    const changes = mergeRows(revision.parents.filter((id) => heads.has(id)), revision.id)
    for (const change of changes) applyChange(heads, change)
    return { direction: 'up', revisions: [revision.id], from: revision.down, to: [revision.id], changes }
  })
  return { steps, warnings: [] }
}

/**
 * The steps that lead down to a target.
 * @param rows the version table, in its order: `-1` counts from the first row
 * @throws a fault when the target does not exist, is ambiguous or is not applied, or a row is unknown
 */
export function downgradeSteps(graph: Graph, rows: readonly string[], target: string): Steps {
  const current = revisionsOfRows(graph, rows)
  const { revisions, warnings } = toDowngrade(graph, current, target)
  const heads = new Set(rows)
  const holders = countHolders(graph, current)
  const steps = revisions.map((revision): Step => {
    const changes = splitRow(revision.id, released(revision, holders).filter((id) => !heads.has(id)))
    for (const change of changes) applyChange(heads, change)
    return { direction: 'down', revisions: [revision.id], from: [revision.id], to: revision.down, changes }
  })
  return { steps, warnings }
}

/** How many applied revisions have each revision as a parent: those that imply it without a row. */
function countHolders(graph: Graph, current: readonly Revision[]): Map<string, number> {
  const holders = new Map<string, number>()
  for (const revision of ancestors(graph, current, 'all')) {
    for (const id of revision.parents) holders.set(id, (holders.get(id) ?? 0) + 1)
  }
  return holders
}

/** The parents that nothing applied implies any more once the revision is reverted. */
function released(revision: Revision, holders: Map<string, number>): string[] {
  for (const id of revision.parents) holders.set(id, holders.get(id)! - 1)
  return revision.parents.filter((id) => holders.get(id) === 0)
}
