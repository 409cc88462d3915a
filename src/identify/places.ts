/** Where a database can be in a history: sets of revisions that hold all that each of them needs. */
import type { Model } from '../model/model.ts'
import type { Graph, Revision } from '../revision/graph/graph.ts'
import type { Sketch, Sketcher } from './sketch.ts'

/** A place: everything up to some heads is applied. */
export interface Place {
  /** The rows that the version table has there, as `upgrade` leaves them; none at the base. */
  readonly heads: readonly string[]
  /** How many revisions are applied. */
  readonly count: number
  readonly model: Model
  readonly sketch: Sketch
  /** The applied revisions, a bit each, by rank. */
  readonly applied: bigint
  /** The revisions that can be applied next. */
  readonly ready: readonly string[]
}

/** So many places are looked at among those with the same number of revisions; only branches have more. */
const WIDTH = 32

/** Applies a revision to a schema. */
export type Apply = (id: string, model: Model) => Model

/**
 * All places of a history, each with its sketch; where branches make them too many, those on the way to the nearest.
 * @param model the schema of the base
 */
export function placesOf(graph: Graph, model: Model, sketcher: Sketcher, apply: Apply): Place[] {
  const ready = graph.revisions.filter(isBase).map((one) => one.id)
  const base: Place = { heads: [], count: 0, model, sketch: sketcher.start, applied: 0n, ready }
  const places: Place[] = []
  for (let level: Place[] = [base]; level.length > 0; level = nextLevel(graph, level, sketcher, apply)) {
    places.push(...level)
  }
  return places
}

function isBase({ parents }: Revision): boolean {
  return parents.length === 0
}

function nextLevel(graph: Graph, level: readonly Place[], sketcher: Sketcher, apply: Apply): Place[] {
  const found = new Map<bigint, Place>()
  for (const place of level) {
    for (const id of place.ready) {
      const revision = graph.byId.get(id)!
      const applied = place.applied | bit(revision)
      if (found.has(applied)) continue
      found.set(applied, advanced(graph, place, revision, sketcher, apply))
    }
  }
  const all = [...found.values()]
  if (all.length <= WIDTH) return all
  return all.sort((a, b) => a.sketch.distance - b.sketch.distance).slice(0, WIDTH)
}

function advanced(graph: Graph, place: Place, revision: Revision, sketcher: Sketcher, apply: Apply): Place {
  const { id, parents, followers } = revision
  const applied = place.applied | bit(revision)
  const isReady = (one: Revision) =>
    one.parents.every((parent) => (applied & bit(graph.byId.get(parent)!)) !== 0n)
  const model = apply(id, place.model)
  const next = followers.map((one) => graph.byId.get(one)!).filter(isReady).map((one) => one.id)
  return {
    heads: [...place.heads.filter((one) => !parents.includes(one)), id],
    count: place.count + 1,
    model,
    sketch: sketcher.next(place.sketch, model),
    applied,
    ready: [...new Set([...place.ready.filter((one) => one !== id), ...next])],
  }
}

function bit({ rank }: Revision): bigint {
  return 1n << BigInt(rank)
}

/** The revisions that one place has applied and another has not, in an order in which they can be. */
export function between(graph: Graph, from: Place, to: Place): Revision[] {
  const more = to.applied & ~from.applied
  return graph.revisions.filter((one) => (more & bit(one)) !== 0n).sort((a, b) => a.rank - b.rank)
}

/** Whether everything that is applied in one place is applied in another. */
export function holds(place: Place, other: Place): boolean {
  return (other.applied & ~place.applied) === 0n
}
