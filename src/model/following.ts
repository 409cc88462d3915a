/**
 * An index over the tables of a model. A history makes thousands of models, each a table more or another than the one
 * before: the index follows them by what changed, instead of being built anew or the tables being gone through.
 */
import type { Table } from './model.ts'

/** An index, and the tables that it is of. */
interface Trail<I> {
  tables: readonly Table[]
  readonly index: I
}

/** How many lines of models are followed at a time: two that are compared, each with what it becomes. */
const TRAILS = 4
/** A model with more changes than this begins a line of its own. */
const MOST_CHANGES = 16

/**
 * @param make an empty index
 * @param add takes a table into an index
 * @param remove takes it out again
 * @returns the index of some tables, which must never be changed in place; it is valid until the next call
 */
export function following<I>(
  make: () => I,
  add: (index: I, table: Table) => void,
  remove: (index: I, table: Table) => void,
): (tables: readonly Table[]) => I {
  const trails: Trail<I>[] = []
  const move = (trail: Trail<I>, tables: readonly Table[], [from, to]: Common): I => {
    for (let i = from; i < trail.tables.length - to; i++) remove(trail.index, trail.tables[i]!)
    for (let i = from; i < tables.length - to; i++) add(trail.index, tables[i]!)
    trail.tables = tables
    return trail.index
  }
  return (tables) => {
    const same = trails.find((trail) => trail.tables === tables)
    if (same !== undefined) return same.index
    for (const trail of trails) {
      const common = inCommon(trail.tables, tables)
      if (trail.tables.length + tables.length - 2 * (common[0] + common[1]) > MOST_CHANGES) continue
      return move(trail, tables, common)
    }
    const trail = { tables: [], index: make() }
    trails.unshift(trail)
    trails.length = Math.min(trails.length, TRAILS)
    return move(trail, tables, [0, 0])
  }
}

/** The last list that was made of another one, and what the two have in common. */
let latest:
  | { readonly from: readonly Table[]; readonly to: readonly Table[]; readonly common: Common }
  | undefined

type Common = readonly [number, number]

/** The tables with one more at their end. An index that followed them knows what is new without comparing. */
export function appended(from: readonly Table[], table: Table): readonly Table[] {
  // In some runtimes a fifth of the time that the list takes when it is spread.
  const to = from.slice()
  to.push(table)
  latest = { from, to, common: [from.length, 0] }
  return to
}

/** The tables with another one in a place; as {@link appended}. */
export function replaced(from: readonly Table[], at: number, table: Table): readonly Table[] {
  const to = from.with(at, table)
  latest = { from, to, common: [at, from.length - at - 1] }
  return to
}

function inCommon(a: readonly Table[], b: readonly Table[]): Common {
  return latest !== undefined && latest.from === a && latest.to === b ? latest.common : differing(a, b)
}

/** How many tables the two have in common at their beginning, and then at their end. */
function differing(a: readonly Table[], b: readonly Table[]): Common {
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < most && a[start] === b[start]) start++
  let end = 0
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  return [start, end]
}
