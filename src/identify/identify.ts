/** Which revision a database is at, told by its schema alone. */
import { groupBy } from '../group.ts'
import { constraints, shown } from '../model/edit.ts'
import { EMPTY, PARTS } from '../model/model.ts'
import type { Grant, Model, Naming, Part, QualifiedName, Trigger } from '../model/model.ts'
import type { Dialect } from '../dialect/dialect.ts'
import type { Target } from '../plan/compile.ts'
import type { Diff } from '../diff/index.ts'
import { grantedWith, isGrantOn } from '../model/grant.ts'
import { isOn } from '../model/trigger.ts'
import { withNaming } from '../run/session/session.ts'
import type { History } from '../run/session/session.ts'
import { distanceOf, modelDeviations, thingOf, thingsOf } from './deviation.ts'
import type { Deviation } from './deviation.ts'
import { knownUpgrades, REPLAYED } from './measured.ts'
import type { Scratch, Upgrades } from './measured.ts'
import { holds, placesOf } from './places.ts'
import type { Place } from './places.ts'
import { applied, folded, schemaAt } from './schemas.ts'
import { Sketcher } from './sketch.ts'

/** A place that the database is near to, and in what it deviates from it. */
export interface Near {
  readonly place: Place
  /** Older places with the same schema. */
  readonly same: readonly Place[]
  readonly deviations: readonly Deviation[]
  /** What leads from the database to the place. */
  readonly found: Diff
}

export interface Identified {
  /** The places whose schema the database has, oldest first. */
  readonly exact: readonly Place[]
  /** Where there is none: the nearest, best first. */
  readonly nearest: readonly Near[]
  /** The two neighbours of the nearest between which the database is: a part of the second one's revision is done. */
  readonly halfway?: { readonly from: Near; readonly to: Near }
  /** What no revision ever had, and was not compared: `table "spatial_ref_sys"`. */
  readonly ignored: readonly string[]
  /** Whether the database has anything that the history ever had. */
  readonly related: boolean
  readonly upgrades: Upgrades
}

export interface IdentifyOptions extends Target {
  readonly history: History
  readonly naming: Naming | undefined
  /** The schema of the database; without the tool's own tables. */
  readonly live: Model
  /** What leads from one schema to another, as `check` has it. */
  compare(current: Model, desired: Model): Promise<Diff>
  /** The part of a schema that is compared at all. */
  visible(model: Model): Model
  readonly scratch: Scratch
  note(message: string): void
}

/** So many different schemas are compared in full, at most. */
const CANDIDATES = 8
/** So many places are told when none is exact. */
const NEAREST = 3
const RELATIONS: ReadonlySet<Part> = new Set<Part>(['tables', 'views', 'materializedViews'])
/** So many schemas that are the same but for how SQL is written in them, at most. */
const ALIKE = 50

/**
 * Compares the schema of a database with the schema at every place of a history.
 * @throws the problems of the revision files and of their operations; what fails in a scratch database
 */
export async function identify(options: IdentifyOptions): Promise<Identified> {
  const { history, dialect, naming, visible } = options
  const upgrades = await knownUpgrades({ ...options, note: () => options.note(REPLAYED) })
  const live = visible(options.live)
  const sketcher = new Sketcher(live, dialect, visible)
  const base = withNaming(EMPTY, naming)
  const places = placesOf(history.graph, base, sketcher, (id, model) => applied(upgrades.get(id)!, model))
  const { own, ignored } = ownPart(live, sketcher.met, dialect)
  const near = await compareNearest(places, own, options)
  const halfway = near.exact.length > 0 ? undefined : halfwayOf(near.others, dialect)
  return {
    exact: near.exact,
    nearest: near.exact.length > 0 ? [] : near.others.slice(0, NEAREST),
    ...(halfway === undefined ? {} : { halfway }),
    ignored,
    related: PARTS.some((kind) => own[kind].length > 0),
    upgrades,
  }
}

export interface Compared {
  readonly found: Diff
  readonly ignored: readonly string[]
}

/**
 * Compares the schema of a database with that at some revisions. What no revision ever had is not compared.
 * @throws as {@link identify}
 */
export async function compareAt(ids: readonly string[], options: IdentifyOptions): Promise<Compared> {
  const { history: { graph }, dialect, naming, visible, compare } = options
  const upgrades = await knownUpgrades({ ...options, note: () => options.note(REPLAYED) })
  const live = visible(options.live)
  const sketcher = new Sketcher(live, dialect, visible)
  let sketch = sketcher.start
  folded(graph.revisions, upgrades, naming, (model) => sketch = sketcher.next(sketch, model))
  const { own, ignored } = ownPart(live, sketcher.met, dialect)
  return { found: await compare(own, schemaAt(graph, ids, upgrades, naming)), ignored }
}

/** The part of a schema that some revision had once, and what is left, in words. */
function ownPart(
  live: Model,
  met: ReadonlySet<string>,
  dialect: Dialect,
): { readonly own: Model; readonly ignored: readonly string[] } {
  const held = dialect.project(live)
  const strange = new Set(thingsOf(held).filter((one) => !met.has(one.key)).map((one) => one.key))
  const goesWith = live.tables.filter((one) => strange.has(thingOf('tables', one).key)).flatMap(grantedWith)
  const relations = thingsOf(live).filter((one) => strange.has(one.key) && RELATIONS.has(one.kind))
  const isOfThem = (trigger: Trigger) => relations.some((one) => isOn(trigger, one.object as QualifiedName))
  const kept = <T extends string | object>(kind: Part, list: readonly T[]) =>
    list.filter((one) => !strange.has(thingOf(kind, one).key))
  // A trigger belongs to its table: on one that revisions had it is a difference.
  const own: Model = {
    ...live,
    schemas: kept('schemas', live.schemas),
    extensions: kept('extensions', live.extensions),
    enums: kept('enums', live.enums),
    domains: kept('domains', live.domains),
    sequences: kept('sequences', live.sequences),
    tables: kept('tables', live.tables),
    views: kept('views', live.views),
    materializedViews: kept('materializedViews', live.materializedViews),
    functions: kept('functions', live.functions),
    triggers: live.triggers.filter((one) => !isOfThem(one)),
    grants: kept('grants', live.grants),
  }
  const ignored = thingsOf(live).filter((one) =>
    strange.has(one.key) && one.kind !== 'triggers' &&
    !(one.kind === 'grants' && goesWith.some((each) => isGrantOn(one.object as Grant, each)))
  )
  return { own, ignored: ignored.map((one) => one.label) }
}

/** Compares in full, beginning with what is nearest by its sketch. */
async function compareNearest(
  places: readonly Place[],
  own: Model,
  { compare, dialect }: IdentifyOptions,
): Promise<{ readonly exact: readonly Place[]; readonly others: readonly Near[] }> {
  const whole = thingsOf(dialect.project(own)).reduce((sum, one) => sum + one.weight, 0)
  const exact: { readonly group: readonly Place[]; readonly named: boolean }[] = []
  const others: Near[] = []
  let end = Infinity
  for (const [i, group] of alike(places).entries()) {
    const place = group[0]!
    const distance = whole + place.sketch.distance
    if (distance > end || (i >= CANDIDATES && distance > 0) || i >= ALIKE) break
    const found = await compare(own, place.model)
    if (found.operations.length + found.notes.length === 0) {
      exact.push({ group, named: constraintNames(own, dialect) === constraintNames(place.model, dialect) })
      end = distance
      continue
    }
    const deviations = deviationsFrom(own, found, dialect)
    others.push({ place, same: group.slice(1), found, deviations })
  }
  return {
    // What is unnamed may be called anything; where revisions differ in nothing else, names tell them apart.
    exact: (exact.some((one) => one.named) ? exact.filter((one) => one.named) : exact)
      .flatMap((one) => one.group).sort((a, b) => a.count - b.count),
    others: others.sort((a, b) => distanceOf(a.deviations) - distanceOf(b.deviations)),
  }
}

/** The names of all constraints, as one text. */
function constraintNames(model: Model, dialect: Dialect): string {
  const names = dialect.project(model).tables.map((table) => [
    shown(table),
    ...constraints(table).map(({ kind, constraint }) => `${kind} ${constraint.name}`).sort(),
  ])
  return JSON.stringify(names.sort(([a], [b]) => a! < b! ? -1 : 1))
}

/** The places with the same schema together, newest first; the nearest schema first, of several the newest. */
function alike(places: readonly Place[]): readonly (readonly Place[])[] {
  const groups = [...groupBy(places, (one) => one.sketch.digest).values()]
    .map((group) => group.toSorted((a, b) => b.count - a.count))
  return groups.sort(([a], [b]) => a!.sketch.distance - b!.sketch.distance || b!.count - a!.count)
}

function deviationsFrom(own: Model, { desired }: Diff, dialect: Dialect): readonly Deviation[] {
  return modelDeviations(dialect.project(own), dialect.project(desired), dialect)
}

/**
 * Two neighbours between which a schema lies: what the first lacks and what it has too many of are all that leads from
 * the one to the other, and neither is reached.
 */
function halfwayOf(near: readonly Near[], dialect: Dialect): Identified['halfway'] {
  for (const from of near) {
    for (const to of near) {
      if (to.place.count !== from.place.count + 1 || !holds(to.place, from.place)) continue
      const way = modelDeviations(
        dialect.project(from.found.desired),
        dialect.project(to.found.desired),
        dialect,
      )
      const [done, left] = [distanceOf(from.deviations), distanceOf(to.deviations)]
      if (done > 0 && left > 0 && done + left === distanceOf(way)) return { from, to }
    }
  }
  return undefined
}
