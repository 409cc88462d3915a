/** The steps of stamp: rows of the version table are rewritten and nothing runs. */
import { EXIT, fault } from '../../problem.ts'
import type { Graph, Revision } from './node.ts'
import { faultNotFound, quoted, worded } from './problems.ts'
import { resolveAll, revisionsOfRows } from './resolve.ts'
import { mergeRows } from './rows.ts'
import type { RowChange } from './rows.ts'
import type { Step, Steps } from './steps.ts'
import { ancestors, relatives } from './traverse.ts'
import { unique } from './unique.ts'

/**
 * The steps that make the version table say that the targets are applied. Each target replaces the rows that are its
 * ancestors or descendants (also by dependencies); `base` removes all rows, `label@base` those related to the label.
 * @param rows the version table
 * @param purge remove all rows first, also unknown ones
 * @throws a fault when a target does not exist or is ambiguous, or a row is unknown
 */
export function stampSteps(
  graph: Graph,
  rows: readonly string[],
  targets: readonly string[],
  purge = false,
): Steps {
  const cleared: Step[] = purge ? [stampStep(rows, [], [{ change: 'clear' }])] : []
  const present = purge ? [] : [...new Set(rows)]
  const destinations = wanting(graph, present, destinationsOf(graph, targets))
  const steps = replaceRows(graph, present, destinations)
  return { steps: [...cleared, ...steps], warnings: overlapWarnings(graph, destinations) }
}

/**
 * For a stamp that is to be right: of its targets none may be needed by another.
 * @throws `implied-revisions` (exit code 2); a fault when a target does not exist or is ambiguous
 */
export function refuseImplied(graph: Graph, targets: readonly string[]): void {
  const destinations = destinationsOf(graph, targets)
  const implied = new Set(impliedBy(graph, destinations))
  if (implied.size === 0) return
  const kept = destinations.filter(({ revision }) => revision === undefined || !implied.has(revision))
  const names = [...implied].map((one) => one.id)
  fault(
    'implied-revisions',
    `${quoted(names)} ${
      names.length === 1 ? 'is' : 'are'
    } implied by what is to be stamped with it: an upgrade would ` +
      'refuse such a version table',
    {
      hint: `stamp the newest only: \`limbeck stamp --verify ${
        unique(kept.map((one) => one.text)).join(' ')
      }\``,
      exit: EXIT.usage,
    },
  )
}

/** Those of the revisions that others of them need. */
function impliedBy(graph: Graph, destinations: readonly Destination[]): Revision[] {
  const revisions = destinations.flatMap(({ revision }) => revision ?? [])
  const below = ancestors(graph, revisions.flatMap((r) => r.parents.map((id) => graph.byId.get(id)!)), 'all')
  return revisions.filter((revision) => below.has(revision))
}

/** Those without what another one needs and a row says already: in its place comes the other, as it does with Alembic. */
function wanting(
  graph: Graph,
  rows: readonly string[],
  destinations: readonly Destination[],
): readonly Destination[] {
  const implied = new Set(impliedBy(graph, destinations))
  const said = new Set(
    destinations.flatMap(({ revision }) =>
      revision !== undefined && rows.includes(revision.id) ? [revision] : []
    ),
  )
  const below = ancestors(graph, said, 'all')
  return destinations.filter(({ revision }) =>
    revision === undefined || !implied.has(revision) || !below.has(revision)
  )
}

/** @throws a fault: a script cannot know what there is to delete */
export function refusePurgeInScript(): never {
  fault('bad-option', "Can't use --purge with --sql mode", {
    exit: EXIT.usage,
    hint: 'say where the database is: stamp --sql <fromrev>:<torev>',
  })
}

interface Destination {
  readonly text: string
  /** Undefined for a base. */
  readonly revision: Revision | undefined
}

const WORDING = { multipleHeads: 'Multiple heads are present; please specify a single target revision' }

function destinationsOf(graph: Graph, targets: readonly string[]): Destination[] {
  return worded(WORDING, () =>
    targets.flatMap((text): Destination[] => {
      const found = resolveAll(graph, text)
      if (found.length > 0) return found.map((revision) => ({ text, revision }))
      return [{ text, revision: undefined }]
    }))
}

function replaceRows(graph: Graph, rows: readonly string[], destinations: readonly Destination[]): Step[] {
  const kept = new Set(destinations.map((destination) => destination.revision?.id))
  const replaceable = revisionsOfRows(graph, rows).filter((row) => !kept.has(row.id))
  const left = new Set(replaceable)
  const present = new Set(rows)
  const steps: Step[] = []
  for (const { text, revision } of destinations) {
    const related = [...left].filter(relatedTo(graph, text, revision))
    for (const row of related) left.delete(row)
    const from = related.map((row) => row.id)
    if (revision === undefined || present.has(revision.id)) {
      steps.push(...from.map((id) => stampStep([id], [], [{ change: 'delete', id }])))
    } else {
      steps.push(stampStep(from, [revision.id], mergeRows(from, revision.id)))
      present.add(revision.id)
    }
  }
  return steps
}

function relatedTo(graph: Graph, text: string, revision: Revision | undefined): (row: Revision) => boolean {
  if (revision === undefined && !text.includes('@')) return () => true
  const anchor = revision === undefined ? resolveAll(graph, text.slice(0, text.lastIndexOf('@'))) : [revision]
  if (anchor.length === 0) return faultNotFound(graph, text)
  const members = relatives(graph, anchor, 'all')
  return (row) => members.has(row)
}

function stampStep(from: readonly string[], to: readonly string[], changes: readonly RowChange[]): Step {
  return { direction: 'stamp', revisions: to, from, to, changes }
}

/** Alembic writes such rows too; but its next upgrade refuses them. */
function overlapWarnings(graph: Graph, destinations: readonly Destination[]): string[] {
  const implied = impliedBy(graph, destinations).map((revision) => revision.id)
  if (implied.length === 0) return []
  return [
    `The rows ${
      quoted(implied)
    } are implied by others that were stamped with them; an upgrade will refuse this ` +
    'version table. Stamp the newest revisions only.',
  ]
}
