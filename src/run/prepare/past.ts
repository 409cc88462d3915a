/** The schemas of the past: a history folded once, the model kept at each revision. */
import { EXIT, fault, ProblemError } from '../../problem.ts'
import type { Problem, Span } from '../../problem.ts'
import { EMPTY } from '../../model/model.ts'
import type { Model, Naming } from '../../model/model.ts'
import { definitionOf } from '../../ops/index.ts'
import { operationsFor } from '../../plan/compile.ts'
import type { Target } from '../../plan/compile.ts'
import type { Placed } from '../../plan/placed.ts'
import { replay, replayLeniently } from '../../plan/replay.ts'
import type { Graph, Revision } from '../../revision/graph/graph.ts'
import { ancestors } from '../../revision/graph/traverse.ts'
import type { LoadedRevision } from '../../revision/load.ts'
import { withNaming } from '../session/session.ts'
import type { History } from '../session/session.ts'

/** SQL whose effect on the schema is not known, and the revision it is in. */
export interface Opaque {
  readonly id: string
  readonly placed: Placed
}

/** What is known of the schema at a revision. */
export interface Known {
  readonly model: Model
  /** The SQL of unknown effect that ran before: the model is without what it did. */
  readonly opaque: readonly Opaque[]
}

export interface Past {
  /**
   * The schema at some revisions. What was folded for one call is there for the next: all revisions of a history cost
   * one fold, merges apart.
   * @throws the problems of the files, and of their operations
   */
  at(ids: readonly string[]): Promise<Known>
}

/** Those of some operations whose effect on the schema is not known. */
export function opaqueOf(operations: readonly Placed[], target: Target): Placed[] {
  return operationsFor(operations, target).filter(({ operation }) =>
    definitionOf(operation).opaque?.(operation)
  )
}

/**
 * @param skip told of operations that cannot be applied, which are passed over; absent: they are thrown. `doubtful` says
 *   whether there was SQL of unknown effect before, or in the same revision: it may have made what they need
 */
export function pastOf(
  history: History,
  target: Target,
  naming: Naming | undefined,
  skip?: (problems: readonly Problem[], doubtful: boolean) => void,
): Past {
  const { graph } = history
  const documents = new Map<string, LoadedRevision>()
  const known = new Map<string, Known>()
  const start: Known = { model: withNaming(EMPTY, naming), opaque: [] }

  const after = ({ model, opaque }: Known, { id }: Revision): Known => {
    const { upgrade } = documents.get(id)!
    const more = opaqueOf(upgrade, target).map((placed) => ({ id, placed }))
    const all = more.length === 0 ? opaque : [...opaque, ...more]
    return { model: applied(upgrade, model, all.length > 0), opaque: all }
  }
  const applied = (upgrade: readonly Placed[], model: Model, doubtful: boolean): Model => {
    if (skip === undefined) return replay(upgrade, model, target)
    const lenient = replayLeniently(upgrade, model, target)
    if (lenient.skipped.length > 0) skip(lenient.skipped, doubtful)
    return lenient.model
  }
  /** At several revisions: from the first of them on, what the others have besides. */
  const joined = (ids: readonly string[]): Known => {
    const [first, ...others] = ids.map((id) => graph.byId.get(id)!)
    if (first === undefined) return start
    const there = known.get(first.id)!
    if (others.length === 0) return there
    const below = ancestors(graph, [first], 'all')
    const more = new Set([...ancestors(graph, others, 'all')].filter((one) => !below.has(one)))
    return byRank(more).reduce(after, there)
  }
  return {
    async at(ids) {
      const next = missing(graph, ids, known)
      const loaded = next.length === 0 ? documents : await history.load(next.map((one) => one.id))
      for (const { id } of next) documents.set(id, loaded.get(id)!)
      for (const revision of next) known.set(revision.id, after(joined(revision.parents), revision))
      return joined(ids)
    },
  }
}

function byRank(revisions: Iterable<Revision>): Revision[] {
  return [...revisions].sort((a, b) => a.rank - b.rank)
}

/** The revisions that the fold has not come to yet, each after its parents. */
function missing(
  { byId }: Graph,
  ids: readonly string[],
  known: ReadonlyMap<string, unknown>,
): readonly Revision[] {
  const found = new Set(ids.filter((id) => !known.has(id)).map((id) => byId.get(id)!))
  for (const { parents } of found) {
    for (const id of parents) if (!known.has(id)) found.add(byId.get(id)!)
  }
  return byRank(found)
}

/** Who needs the past, for the message when it cannot be told. */
export interface Need {
  /** `the downgrade of revision "a1" cannot be derived: the history before it cannot be replayed`. */
  readonly message: string
  /** `give "a1" a `downgrade:``, where that is a way out. */
  readonly instead?: string
  readonly at?: Span
}

/**
 * Does what needs the schema of the past. Where that cannot be told, because SQL of unknown effect did something that a
 * later operation builds on, the message says how to declare it.
 * @throws `not-derivable`; what is wrong with files, or has no inverse, as it is
 */
export async function replayable<T>(need: Need, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProblemError) || error.exit === EXIT.usage || error.problems.some(isSaid)) {
      throw error
    }
    const notes = error.problems.map(placed)
    return notDerivable(need, notes, error)
  }
}

function isSaid({ code }: Problem): boolean {
  return code === 'irreversible' || code === 'not-derivable'
}

function placed({ at, message }: Problem): string {
  return at === undefined ? message : `${at.file}:${at.line}:${at.col}: ${message}`
}

/** Stops because the past is not known. */
export function notDerivable(
  { message, instead, at }: Need,
  notes: readonly string[],
  cause?: unknown,
): never {
  const declare = 'say with `effects:` what the SQL before it does to the schema'
  return fault('not-derivable', message, {
    ...(at === undefined ? {} : { at }),
    notes,
    hint: instead === undefined ? declare : `${instead}, or ${declare}`,
    cause,
  })
}
