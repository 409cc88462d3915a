/** Ranges `start:end`: those of `history -r`, and those of upgrade, downgrade and stamp with `--sql`. */
import { EXIT, fault } from '../../problem.ts'
import type { Graph, Revision } from './node.ts'
import { faultNotFound, targetWording, worded } from './problems.ts'
import { parseRelative, upgradeTargets } from './relative.ts'
import type { Relative } from './relative.ts'
import { onBranch, resolveAll, resolveOne, resolveWithCurrent, walkDown } from './resolve.ts'
import { newestFirst } from './order.ts'
import { inRange } from './select.ts'

/**
 * The revisions of `history -r start:end`, both ends included, newest first. An empty start is `base`, an empty end is
 * `heads`, `current` is what the version table holds; one end may be relative to the other.
 * @param range null for all
 * @param rows the version table; needed only when the range says `current`
 * @throws a fault when the range is malformed, or an end does not exist or does not belong to the other
 */
export function historyRange(
  graph: Graph,
  range: string | null,
  rows: readonly string[],
): readonly Revision[] {
  const [start, end] = range === null ? ['base', 'heads'] : splitHistoryRange(range)
  const { multipleHeads } = targetWording('upgrade', end)
  return worded(multipleHeads === undefined ? {} : { multipleHeads }, () => {
    const text = { start, end }
    const relativeStart = parseRelative(graph, start)
    if (relativeStart !== undefined) return fromRelativeStart(graph, relativeStart, text, rows)
    const lower = resolveWithCurrent(graph, start, rows)
    const upper = upperEnd(graph, end, lower, rows)
    // Nothing is applied, so that there is nothing to list up to there.
    if (end === 'current' && upper.length === 0) return []
    const cut = start.indexOf('@')
    const members = cut < 0 ? upper : upper.filter(onBranch(graph, start.slice(0, cut), 'down'))
    return inRange(graph, { upper: members, lower, text })
  })
}

/** Whether the rows of the version table are needed to list a range. */
export function rangeNeedsRows(range: string | null): boolean {
  return range !== null && splitHistoryRange(range).includes('current')
}

function splitHistoryRange(range: string): readonly [string, string] {
  const parts = range.trim().split(':')
  if (parts.length !== 2) {
    fault('bad-range', 'History range requires [start]:[end], [start]:, or :[end]', {
      exit: EXIT.usage,
      hint: 'for instance -r base:current, -r ab12: or -r :ab12',
    })
  }
  return [parts[0] || 'base', parts[1] || 'heads']
}

function upperEnd(graph: Graph, end: string, lower: readonly Revision[], rows: readonly string[]) {
  return end === 'current' ? resolveWithCurrent(graph, end, rows) : upgradeTargets(graph, lower, end, 'clip')
}

/** `-2:ab12` and `label@-2:heads` count from the other end; `ab12-2:heads` from what is named. */
function fromRelativeStart(
  graph: Graph,
  start: Relative,
  text: { readonly start: string; readonly end: string },
  rows: readonly string[],
): readonly Revision[] {
  const { branch, symbol, steps } = start
  if (symbol !== undefined) {
    const lower = upgradeTargets(graph, [], text.start, steps > 0 ? 'fault' : 'clip')
    return inRange(graph, { upper: upperEnd(graph, text.end, lower, rows), lower, text })
  }
  const end = parseRelative(graph, text.end)
  const isEndOpen = end !== undefined && end.symbol === undefined
  if (steps >= 0 || isEndOpen) {
    const hint = 'one end of a range can be relative to the other: `-2:ab12` or `ab12:+2`'
    return faultNotFound(graph, text.start, hint)
  }
  const upper = upperEnd(graph, text.end, [], rows)
  const members = branch === undefined ? upper : upper.filter(onBranch(graph, branch, 'down'))
  const found = new Set(members.flatMap((top) => {
    const place = walkDown(graph, top, -steps)
    const lower = place === undefined || place === 'base' ? [] : [place]
    return inRange(graph, { upper: [top], lower, text })
  }))
  return newestFirst(graph, found, members)
}

export interface OfflineTarget {
  /** What the version table is taken to hold. */
  readonly rows: readonly string[]
  readonly target: string
}

/**
 * Reads the target of `upgrade` or `downgrade`.
 * @param sql whether a script is to be written; only then a range `from:to` is allowed (and for a downgrade needed)
 * @returns with `sql`, where the script starts
 * @throws a fault when the form is wrong or the start does not exist
 */
export function readTarget(
  graph: Graph,
  command: 'upgrade' | 'downgrade',
  text: string,
  sql: boolean,
): OfflineTarget {
  const parts = text.split(':')
  if (parts.length > 1 && !sql) {
    fault('bad-range', 'Range revision not allowed', {
      exit: EXIT.usage,
      hint: 'a range needs --sql; otherwise the database says where to start',
    })
  }
  if (parts.length > 2) {
    fault('bad-range', `Range '${text}' has more than two ends`, {
      exit: EXIT.usage,
      hint: 'a range is <fromrev>:<torev>',
    })
  }
  if (parts.length === 2) return { rows: startRows(graph, parts[0]!), target: parts[1]! }
  if (sql && command === 'downgrade') {
    fault('bad-range', 'downgrade with --sql requires <fromrev>:<torev>', {
      exit: EXIT.usage,
      hint:
        `without a database nobody knows where it starts; say it: \`limbeck downgrade head:${text} --sql\``,
    })
  }
  return { rows: [], target: text }
}

export interface OfflineStamp {
  readonly rows: readonly string[]
  readonly targets: readonly string[]
}

/**
 * Reads the targets of `stamp`; with `sql` each may be `from:to`, all with the same start.
 * @throws a fault when the starts differ or do not exist
 */
export function readStampTargets(graph: Graph, texts: readonly string[], sql: boolean): OfflineStamp {
  if (!sql) return { rows: [], targets: texts }
  const parts = texts.map((text) => text.split(':'))
  const starts = new Set(parts.flatMap((part) => part.length > 1 ? [part[0]!] : []))
  if (starts.size > 1) {
    fault('bad-range', 'Stamp operation with --sql only supports a single starting revision at a time', {
      exit: EXIT.usage,
      hint: 'write a script for each start',
    })
  }
  const [start] = starts
  return {
    rows: start === undefined ? [] : startRows(graph, start),
    targets: parts.map((part) => part.slice(1).join(':') || part[0]!),
  }
}

function startRows(graph: Graph, start: string): readonly string[] {
  if (start === '' || start === 'base') return []
  if (start === 'heads') return resolveAll(graph, start).map((revision) => revision.id)
  const revision = resolveOne(graph, start)
  return revision === undefined ? [] : [revision.id]
}
