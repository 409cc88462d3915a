/**
 * From what people write to revisions: ids, unique beginnings, `head`, `heads`, `base`, branch labels, `label@…`, and
 * `-n` counted from the heads. What is relative to the database or to the other end of a range is in relative.ts.
 */
import { fault } from '../../problem.ts'
import { beginningWith } from './references.ts'
import type { Graph, Revision } from './node.ts'
import { faultAmbiguousWalk, faultMultipleHeads, faultNotFound, faultTooFar, quoted } from './problems.ts'
import { relatives } from './traverse.ts'
import type { Follow } from './traverse.ts'
import { unique } from './unique.ts'

/**
 * The revision with an id, a unique beginning of an id, or a branch label.
 * @param branch only revisions of this branch (a label or a revision) count
 * @throws a fault when there is none or several
 */
export function findRevision(graph: Graph, name: string, branch?: string): Revision {
  const members = branch === undefined ? undefined : relatives(graph, [findRevision(graph, branch)], 'down')
  const exact = graph.byName.get(name)
  if (exact !== undefined) {
    if (members !== undefined && !members.has(exact)) {
      faultNotFound(graph, name, `Revision "${exact.id}" is not a member of branch "${branch}".`)
    }
    return exact
  }
  const found = beginningWith(name, graph.byName).filter((revision) => members?.has(revision) ?? true)
  if (found.length === 1) return found[0]!
  return found.length === 0 ? faultNotFound(graph, name) : faultNotFound(
    graph,
    name,
    `Several revisions begin so: ${
      quoted(found.slice(0, 3).map((revision) => revision.id))
    }; write more of the id.`,
  )
}

interface Named {
  readonly branch?: string
  /** Ids or names yet to be found; none for `base`. */
  readonly names: readonly string[]
}

/** Splits off the branch and replaces `head`, `heads`, `base`. */
function parseName(graph: Graph, text: string): Named {
  const cut = text.indexOf('@')
  const branch = cut < 0 ? undefined : text.slice(0, cut)
  const symbol = cut < 0 ? text : text.slice(cut + 1)
  const named = (names: readonly string[]): Named => branch === undefined ? { names } : { branch, names }
  if (symbol === 'base') return named([])
  if (symbol === 'heads') return named(branch === undefined ? graph.realHeads : headsOf(graph, branch))
  if (symbol !== 'head') return named([symbol])
  const heads = branch === undefined ? graph.heads : headsOf(graph, branch)
  if (heads.length > 1) faultMultipleHeads(heads, text)
  return named(heads)
}

function headsOf(graph: Graph, branch: string): string[] {
  const heads = graph.heads.map((id) => graph.byId.get(id)!)
  return heads.filter(onBranch(graph, branch, 'down')).map((head) => head.id)
}

/**
 * The test whether a revision shares its line with what a text names: one is an ancestor of the other. `base` alone
 * names everything.
 */
export function onBranch(graph: Graph, text: string, follow: Follow): (revision: Revision) => boolean {
  const { branch, names } = parseName(graph, text)
  const anchors = [...(branch === undefined ? [] : [branch]), ...names].map((name) =>
    findRevision(graph, name)
  )
  if (anchors.length === 0) return () => true
  const members = relatives(graph, anchors, follow)
  return (revision) => members.has(revision)
}

/**
 * All revisions that a text names; none for `base`, or for `head` without revisions.
 * @throws a fault when nothing has this name, or several heads compete for `head`
 */
export function resolveAll(graph: Graph, text: string): readonly Revision[] {
  const { branch, names } = parseName(graph, text)
  if (names.length === 1 && /^-\d+$/.test(names[0]!)) return belowHeads(graph, branch, names[0]!)
  return names.map((name) => findRevision(graph, name, branch))
}

/**
 * The one revision that a text names; undefined for `base`.
 * @throws a fault when nothing has this name, or several have
 */
export function resolveOne(graph: Graph, text: string): Revision | undefined {
  const { branch, names } = parseName(graph, text)
  if (names.length > 1) faultMultipleHeads(names, text)
  return names[0] === undefined ? undefined : findRevision(graph, names[0], branch)
}

/** {@link resolveAll}, and `current` for the revisions that the version table implies. */
export function resolveWithCurrent(graph: Graph, text: string, rows: readonly string[]): readonly Revision[] {
  return text === 'current' ? revisionsOfRows(graph, rows) : resolveAll(graph, text)
}

/** `-n`: down from every head, or from the heads that a label reaches. A revision is named once. */
function belowHeads(graph: Graph, branch: string | undefined, steps: string): readonly Revision[] {
  const heads = graph.realHeads.map((id) => graph.byId.get(id)!)
  const starts = branch === undefined ? heads : heads.filter(onBranch(graph, branch, 'down'))
  const ends = starts.map((head) => walkDown(graph, head, -Number(steps)) ?? faultTooFar(steps))
  return unique(ends.filter((end) => end !== 'base'))
}

/** Where a walk ends: at a revision, or below the first one. */
export type Place = Revision | 'base'

/**
 * Follows `down_revision` for some steps.
 * @returns undefined when the history is shorter than that
 * @throws a fault at a merge point
 */
export function walkDown(graph: Graph, from: Place | undefined, steps: number): Place | undefined {
  let place = from
  for (let step = 0; step < steps; step++) {
    if (place === 'base') return undefined
    const next: readonly string[] = place === undefined ? graph.heads : place.down
    if (next.length > 1) faultAmbiguousWalk(next.map((id) => graph.byId.get(id)!))
    place = next[0] === undefined ? 'base' : graph.byId.get(next[0])!
  }
  return place
}

/**
 * Follows the children for some steps.
 * @param from undefined for below the first revision
 * @param branch where the way forks, the children of this branch are taken
 * @returns the last revision there is, and how many steps were missing
 * @throws a fault when the way forks
 */
export function walkUp(
  graph: Graph,
  from: Revision | undefined,
  steps: number,
  branch?: string,
): { readonly place: Revision | undefined; readonly missing: number } {
  const isMember = branch === undefined ? () => true : onBranch(graph, branch, 'down')
  let place = from
  for (let step = 0; step < steps; step++) {
    const next = (place === undefined ? graph.bases : place.children).map((id) => graph.byId.get(id)!)
    const members = next.filter(isMember)
    if (members.length === 0) return { place, missing: steps - step }
    if (members.length > 1) faultAmbiguousWalk(members)
    place = members[0]
  }
  return { place, missing: 0 }
}

/**
 * The revisions that the rows of a version table name. Rows always hold whole ids.
 * @throws a fault when a row is unknown: the database is ahead of, or foreign to, these revision files
 */
export function revisionsOfRows(graph: Graph, rows: readonly string[]): readonly Revision[] {
  return unique(rows).map((row) => graph.byId.get(row) ?? faultUnknownRow(row))
}

function faultUnknownRow(row: string): never {
  fault('unknown-database-revision', `Can't locate revision identified by '${row}'`, {
    hint:
      `the version table of the database holds "${row}", but no revision file has this id. Fetch the missing ` +
      'file, or, if the database is what the files say, correct the table with `limbeck stamp --purge <revision>`.',
  })
}
