/** Targets of upgrade and downgrade, which may be relative: `+1`, `-2`, `ab12+1`, `label@head-1`. */
import { EXIT, fault } from '../../problem.ts'
import type { Graph, Revision } from './node.ts'
import { faultNotFound, faultTooFar, faultWalkedTooFar } from './problems.ts'
import { findRevision, onBranch, resolveAll, resolveOne, walkDown, walkUp } from './resolve.ts'
import type { Place } from './resolve.ts'
import { ancestors, inFileOrder } from './traverse.ts'

export interface Relative {
  readonly branch?: string
  /** What the steps count from; absent: from where the database (or the other end of the range) is. */
  readonly symbol?: string
  readonly steps: number
  /** The steps as written, with their sign. */
  readonly written: string
}

const RELATIVE = /^(?:(.+?)@)?([^@+\-:]+)?([+-]\d+)$/

/** Reads `[branch@][symbol]±n`; undefined when the text is something else (a label that looks so, too). */
export function parseRelative(graph: Graph, text: string): Relative | undefined {
  const match = graph.byName.has(text) ? null : RELATIVE.exec(text)
  if (match === null) return undefined
  const [, branch, symbol, written] = match
  return {
    ...(branch === undefined ? {} : { branch }),
    ...(symbol === undefined ? {} : { symbol }),
    steps: Number(written),
    written: written!,
  }
}

/** What to do when there are fewer revisions than steps: an error, or stay at the last one (in history's ranges). */
export type Overshoot = 'fault' | 'clip'

/**
 * The revisions that an upgrade leads to.
 * @param current where `+n` counts from; empty: from below the first revision
 * @returns empty for `base`
 * @throws a fault when the target does not exist or is ambiguous
 */
export function upgradeTargets(
  graph: Graph,
  current: readonly Revision[],
  target: string,
  overshoot: Overshoot,
): readonly Revision[] {
  const relative = parseRelative(graph, target)
  if (relative === undefined) return resolveAll(graph, target)
  const place = relative.steps > 0
    ? upwards(graph, current, relative, overshoot)
    : downFromSymbol(graph, relative, overshoot)
  return place === 'base' || place === undefined ? [] : [place]
}

function upwards(
  graph: Graph,
  current: readonly Revision[],
  relative: Relative,
  overshoot: Overshoot,
): Revision | undefined {
  const start = relative.symbol === undefined
    ? startOfUpgrade(graph, current, relative.branch)
    : resolveOne(graph, relative.symbol)
  const { place, missing } = walkUp(graph, start, relative.steps, relative.branch)
  return missing > 0 && overshoot === 'fault' ? faultTooFar(relative.written) : place
}

/** The row of the branch; else the newest applied revision of its line; else below the first revision. */
function startOfUpgrade(graph: Graph, current: readonly Revision[], branch?: string): Revision | undefined {
  const starts = branch === undefined ? current : startsOnBranch(graph, current, branch)
  if (starts.length > 1) {
    fault('ambiguous-upgrade', 'Ambiguous upgrade from multiple current revisions', {
      exit: EXIT.usage,
      hint: 'say which branch: `<branchname>@+1`',
    })
  }
  return starts[0]
}

function startsOnBranch(graph: Graph, current: readonly Revision[], branch: string): readonly Revision[] {
  const isMember = onBranch(graph, branch, 'down')
  const rows = current.filter(isMember)
  if (rows.length > 0) return rows
  const active = [...ancestors(graph, current, 'all')].filter(isMember)
  const below = new Set(active.flatMap((revision) => revision.parents))
  return inFileOrder(active.filter((revision) => !below.has(revision.id)))
}

function downFromSymbol(graph: Graph, relative: Relative, overshoot: Overshoot): Place | undefined {
  const { symbol, written } = relative
  if (symbol === undefined) return faultTooFar(written)
  const place = downFrom(graph, symbol, relative)
  if (place !== undefined) return place
  return overshoot === 'fault' ? faultTooFar(written) : 'base'
}

/** @returns undefined when there are fewer revisions than steps */
function downFrom(graph: Graph, symbol: string, { branch, steps }: Relative): Place | undefined {
  return walkDown(graph, resolveOne(graph, branch === undefined ? symbol : `${branch}@${symbol}`), -steps)
}

export interface DowngradeTarget {
  readonly branch?: string
  /** Undefined for `base`. */
  readonly revision: Revision | undefined
  readonly warnings: readonly string[]
}

/**
 * The revision that a downgrade leads to.
 * @param current the revisions in the version table, in its order
 * @throws a fault when the target does not exist or is ambiguous
 */
export function downgradeTarget(graph: Graph, current: readonly Revision[], target: string): DowngradeTarget {
  const relative = parseRelative(graph, target)
  if (relative === undefined) return absoluteTarget(graph, target)
  const { branch, symbol, steps } = relative
  if (symbol === undefined) return downFromCurrent(graph, current, relative)
  if (steps < 0) return targetAt(downFrom(graph, symbol, relative) ?? faultWalkedTooFar(), branch)
  const { place, missing } = walkUp(graph, resolveOne(graph, symbol), steps, branch)
  // Alembic refuses `base-0`, too: what reverts everything is to be spelled as such.
  return targetAt(missing > 0 || place === undefined ? faultWalkedTooFar() : place, branch)
}

function targetAt(
  place: Place | undefined,
  branch?: string,
  warnings: readonly string[] = [],
): DowngradeTarget {
  return {
    ...(branch === undefined ? {} : { branch }),
    revision: place === 'base' ? undefined : place,
    warnings,
  }
}

function absoluteTarget(graph: Graph, target: string): DowngradeTarget {
  const cut = target.lastIndexOf('@')
  if (cut < 0) return targetAt(resolveOne(graph, target))
  const branch = target.slice(0, cut)
  if (branch === '') return faultNotFound(graph, target)
  const revision = resolveOne(graph, target)
  // Without a branch to choose by there is but one way down, and a misspelt one would go down all of it.
  if (revision === undefined) findRevision(graph, branch)
  return targetAt(revision, branch)
}

function ambiguous(rows: readonly Revision[], written: string): string {
  const ways = rows.map(({ id }) => `${id}@${written}`)
  return `downgrade ${written} from multiple heads is ambiguous: taken is ${ways[0]}; write that, or ${
    ways.slice(1).join(' or ')
  }`
}

function downFromCurrent(graph: Graph, current: readonly Revision[], relative: Relative): DowngradeTarget {
  const { branch, steps, written } = relative
  const starts = branch === undefined ? current.slice(0, 1) : currentOnBranch(graph, current, branch)
  if (steps >= 0 || starts.length === 0) return faultTooFar(written)
  if (starts.length > 1) {
    fault(
      'ambiguous-downgrade',
      `Ambiguous downgrade from multiple current revisions of branch '${branch}'`,
      {
        exit: EXIT.usage,
        hint: `name the revision to go down to, or count from one: ${starts[0]!.id}${written}`,
      },
    )
  }
  const start = starts[0]!
  const place = walkDown(graph, start, -steps) ?? faultTooFar(written)
  const warnings = branch === undefined && current.length > 1 ? [ambiguous(current, written)] : []
  return targetAt(place, branch ?? start.id, warnings)
}

function currentOnBranch(graph: Graph, current: readonly Revision[], branch: string): readonly Revision[] {
  const isMember = onBranch(graph, branch, 'down')
  const rows = current.filter(isMember)
  return rows.length > 0 ? rows : effectiveHeads(graph, current).filter(isMember)
}

/** Of all that is applied, what has no applied child: the rows, and the heads that they imply by dependencies. */
export function effectiveHeads(graph: Graph, rows: readonly Revision[]): Revision[] {
  const applied = ancestors(graph, rows, 'all')
  return inFileOrder(applied).filter((revision) =>
    !revision.children.some((id) => applied.has(graph.byId.get(id)!))
  )
}
