/**
 * What is kept of a schema on the way through a history: a digest, by which equal schemas are known, and the distance
 * from the schema that is looked for. Both are sums over the objects, so that a revision costs what it changes.
 */
import { createHash } from 'node:crypto'
import { adoptNames } from '../diff/adopt.ts'
import { find } from '../model/edit.ts'
import { EMPTY, PARTS } from '../model/model.ts'
import type { DataType, Model, Part, Table } from '../model/model.ts'
import { element } from '../model/types.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { deviations, distanceOf, thingOf, thingsOf } from './deviation.ts'
import { projected } from '../diff/projected.ts'
import type { Thing } from './deviation.ts'

export interface Sketch {
  /** The schema, what is not compared left out. */
  readonly model: Model
  /** The same for schemas that are the same on this dialect, but for how SQL is written. */
  readonly digest: bigint
  /** The distance from the schema that is looked for, up to what all revisions have in common. */
  readonly distance: number
}

/** What an object adds to a sketch. */
interface Trait {
  readonly digest: bigint
  readonly distance: number
}

const NOTHING: Trait = { digest: 0n, distance: 0 }

/** Objects that the dialect holds otherwise where a type of theirs is otherwise. */
const TYPED: ReadonlySet<Part> = new Set<Part>(['tables', 'domains'])

export class Sketcher {
  readonly #dialect: Dialect
  readonly #live: ReadonlyMap<string, Thing>
  readonly #raw: ReadonlyMap<string, Table>
  readonly #known = new WeakMap<object, { readonly types: readonly object[]; readonly trait: Trait }[]>()
  readonly #byText = new Map<string, Trait>()
  /** The keys of all objects that were met. */
  readonly met = new Set<string>()

  readonly #visible: (model: Model) => Model
  /** The sketch of a schema that has nothing. */
  readonly start: Sketch = { model: EMPTY, digest: 0n, distance: 0 }

  /**
   * @param live the schema that is looked for, as introspected
   * @param visible leaves out what is not compared
   */
  constructor(live: Model, dialect: Dialect, visible: (model: Model) => Model) {
    this.#dialect = dialect
    this.#visible = visible
    this.#live = new Map(thingsOf(dialect.project(live)).map((one) => [one.key, one]))
    this.#raw = new Map(live.tables.map((one) => [thingOf('tables', one).key, one]))
  }

  /** The sketch of a schema, from that of a schema that shares objects with it. */
  next(before: Sketch, whole: Model): Sketch {
    const model = this.#visible(whole)
    let { digest, distance } = before
    const types = model.enums !== before.model.enums || model.domains !== before.model.domains
    for (const kind of PARTS) {
      const [old, now]: readonly (readonly (string | object)[])[] = [before.model[kind], model[kind]]
      const anew = types && TYPED.has(kind)
      if (old === now && !anew) continue
      const [kept, keeps] = [new Set(now), new Set(old)]
      for (const one of old!) {
        if (!anew && kept.has(one)) continue
        const trait = this.#trait(kind, one, before.model)
        digest ^= trait.digest
        distance -= trait.distance
      }
      for (const one of now!) {
        if (!anew && keeps.has(one)) continue
        const trait = this.#trait(kind, one, model)
        digest ^= trait.digest
        distance += trait.distance
      }
    }
    return { model, digest, distance }
  }

  #trait(kind: Part, object: string | object, model: Model): Trait {
    if (typeof object === 'string') return this.#measured(kind, object, model)
    const types = TYPED.has(kind) ? typesOf(object, model) : []
    const known = this.#known.get(object) ?? []
    const same = known.find((one) =>
      one.types.length === types.length && one.types.every((type, i) => type === types[i])
    )
    if (same !== undefined) return same.trait
    const trait = this.#measured(kind, object, model)
    this.#known.set(object, [...known, { types, trait }])
    return trait
  }

  #measured(kind: Part, object: string | object, model: Model): Trait {
    const held = this.#held(kind, object, model)
    if (held === undefined) return NOTHING
    const thing = thingOf(kind, held)
    this.met.add(thing.key)
    const text = `${kind}\n${canonical(held)}`
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    const trait = { digest: digestOf(text), distance: this.#distance(thing, object, model) }
    this.#byText.set(text, trait)
    return trait
  }

  /** An object as the dialect holds it; undefined when it does not. */
  #held(kind: Part, object: string | object, model: Model): string | object | undefined {
    return projected(this.#dialect, kind, [object] as Model[typeof kind], model)[0]
  }

  /** What the object adds to the distance of a schema that has nothing. */
  #distance(thing: Thing, object: string | object, model: Model): number {
    const live = this.#live.get(thing.key)
    if (live === undefined) return thing.weight
    return distanceOf(deviations(live, this.#adopted(thing, live, object, model), this.#dialect)) -
      live.weight
  }

  /** A table with its unnamed constraints called as those that are there. */
  #adopted(thing: Thing, live: Thing, object: string | object, model: Model): Thing {
    const raw = this.#raw.get(thing.key)
    if (thing.kind !== 'tables' || raw === undefined) return thing
    const there = { table: raw, shadow: live.object as Table }
    const table = adoptNames(there, { table: object as Table, shadow: thing.object as Table }, this.#dialect)
    return table === object ? thing : thingOf('tables', this.#held('tables', table, model)!)
  }
}

/** The enums and domains of a table's columns, or of a domain. */
function typesOf(object: object, model: Model): object[] {
  const types = 'columns' in object
    ? (object as Table).columns.map((one) => one.type)
    : [(object as { type: DataType }).type]
  return types.flatMap((type): object[] => {
    const base = element(type)
    if (base.kind === 'enum') return [find(model, 'enums', base) ?? EMPTY]
    if (base.kind !== 'domain') return []
    const domain = find(model, 'domains', base)
    return domain === undefined ? [EMPTY] : [domain, ...typesOf(domain, model)]
  })
}

/** A value as a text that is the same for equal values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one) => {
    if (typeof one === 'bigint') return String(one)
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0))
  })
}

/** Of 128 bits: that two texts have the same is not to be feared. */
function digestOf(text: string): bigint {
  return BigInt(`0x${createHash('sha256').update(text).digest('hex').slice(0, 32)}`)
}
