/** What history, heads, branches, current and show list, as data. The text is made in listing-text.ts. */
import { EXIT, fault } from '../../problem.ts'
import type { Graph, Revision } from './node.ts'
import { newestFirst } from './order.ts'
import { historyRange } from './range.ts'
import { effectiveHeads } from './relative.ts'
import { resolveAll, resolveWithCurrent, revisionsOfRows } from './resolve.ts'
import { sameRows } from './rows.ts'

/** One listed revision. */
export interface Entry {
  readonly id: string
  readonly message: string
  readonly file: string
  readonly down: readonly string[]
  /** `depends_on` as written. */
  readonly dependsOn: readonly string[]
  /** All labels that reach the revision, sorted. */
  readonly labels: readonly string[]
  /** The revisions that name this one as `down_revision`, in file-name order. */
  readonly children: readonly string[]
  /** No revision has it as `down_revision`. */
  readonly isHead: boolean
  /** A head that another revision depends on: no row of its own after `upgrade heads`. */
  readonly isEffectiveHead: boolean
  readonly isBranchPoint: boolean
  readonly isMergePoint: boolean
  /** In the version table; false where nobody asked. */
  readonly isCurrent: boolean
}

/** @param rows the version table, where the listing marks what is current */
function entryOf(revision: Revision, rows: readonly string[] = []): Entry {
  return toEntry(revision, new Set(rows))
}

function toEntry(revision: Revision, rows: ReadonlySet<string>): Entry {
  const isHead = revision.children.length === 0
  return {
    id: revision.id,
    message: revision.message,
    file: revision.file,
    down: revision.down,
    dependsOn: revision.dependsOn,
    labels: revision.branches,
    children: revision.children,
    isHead,
    isEffectiveHead: isHead && revision.followers.length > 0,
    isBranchPoint: revision.children.length > 1,
    isMergePoint: revision.down.length > 1,
    isCurrent: rows.has(revision.id),
  }
}

export interface HistoryOptions {
  /** `start:end`, or null for all. */
  readonly range: string | null
  /** The version table; needed for `current` in the range (see rangeNeedsRows) and for the marks. */
  readonly rows?: readonly string[]
  readonly indicateCurrent?: boolean
}

/**
 * The revisions of a range, newest first.
 * @throws a fault when the range is malformed or an end does not exist
 */
export function listHistory(graph: Graph, options: HistoryOptions): Entry[] {
  const rows = options.rows ?? []
  const marked = new Set(options.indicateCurrent === true ? rows : [])
  return historyRange(graph, options.range, rows).map((revision) => toEntry(revision, marked))
}

/**
 * The heads in file-name order.
 * @param resolveDependencies leave out heads that another revision depends on
 */
export function listHeads(graph: Graph, resolveDependencies: boolean): Entry[] {
  const ids = resolveDependencies ? graph.realHeads : graph.heads
  return ids.map((id) => entryOf(graph.byId.get(id)!))
}

export interface BranchEntry {
  readonly entry: Entry
  /** In file-name order. */
  readonly children: readonly Entry[]
}

/** The branch points, newest first, each with its children. */
export function listBranches(graph: Graph): BranchEntry[] {
  const all = newestFirst(graph, new Set(graph.revisions), graph.realHeads.map((id) => graph.byId.get(id)!))
  return all.filter((revision) => revision.children.length > 1).map((revision) => ({
    entry: entryOf(revision),
    children: revision.children.map((id) => entryOf(graph.byId.get(id)!)),
  }))
}

/**
 * What is applied: the rows, and the heads that they imply by dependencies, in file-name order.
 * @param rows the version table
 * @throws a fault when a row is unknown
 */
export function listCurrent(graph: Graph, rows: readonly string[]): Entry[] {
  return effectiveHeads(graph, revisionsOfRows(graph, rows)).map((revision) => entryOf(revision))
}

/**
 * Whether nothing is left to upgrade: the rows are the heads, but for those that other rows imply.
 * @throws a fault when a row is unknown
 */
export function isAtHeads(graph: Graph, rows: readonly string[]): boolean {
  const current = effectiveHeads(graph, revisionsOfRows(graph, rows))
  return sameRows(current.map(({ id }) => id), graph.heads)
}

/**
 * For `current --check-heads`: the rows must be the heads, those included that others depend on.
 * @throws a fault with the exit code of differences
 */
export function checkHeads(graph: Graph, rows: readonly string[]): void {
  const present = new Set(rows)
  const missing = graph.heads.filter((id) => !present.has(id))
  if (missing.length === 0 && present.size === graph.heads.length) return
  fault('not-at-head', 'Database is not on all head revisions', {
    exit: EXIT.differences,
    hint: missing.length > 0
      ? `The version table lacks ${missing.map((id) => `"${id}"`).join(', ')}.`
      : 'The version table holds more than the heads.',
  })
}

/**
 * The revisions that a text names; none for `base`.
 * @param rows the version table, needed for `current`
 * @throws a fault when nothing has this name
 */
export function listShow(graph: Graph, text: string, rows: readonly string[] = []): Entry[] {
  return resolveWithCurrent(graph, text, rows).map((revision) => entryOf(revision))
}

/**
 * The revisions that `edit` opens.
 * @throws a fault when the text names none
 */
export function revisionsToEdit(graph: Graph, text: string, rows: readonly string[]): readonly Revision[] {
  const found = text === 'current' ? revisionsOfRows(graph, rows) : resolveAll(graph, text)
  if (found.length > 0) return found
  const message = text === 'current'
    ? 'No current revisions'
    : `No revision files indicated by symbol '${text}'`
  return fault('no-such-revision', message, {
    exit: EXIT.usage,
    hint: '`limbeck history` lists the revisions',
  })
}
