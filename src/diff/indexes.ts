/** Indexes of one table: an index that differs is dropped and created, one that has another name only is renamed. */
import type { Index, QualifiedName, Table } from '../model/model.ts'
import { indexesOf } from '../model/drop-column.ts'
import { orphans } from '../model/references.ts'
import { differences } from '../model/difference.ts'
import { recreateIndex } from '../ops/parts/recreate.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { dropKeys } from './constraints.ts'
import type { Work } from './work.ts'

interface Held {
  readonly index: Index
  readonly shadow: Index
}

function held(table: Table, shadow: Table): Held[] {
  return table.indexes.map((index, i) => ({ index, shadow: shadow.indexes[i]! }))
}

/** Equal but for their comments, which are given to what is there: `comments.ts`. */
function same(a: Index, b: Index, work: Work): boolean {
  const { comment: _, ...one } = a
  const { comment: __, ...other } = b
  return differences('', one, other, work.dialect).length === 0
}

function body({ name: _, ...rest }: Index): Index {
  return { ...rest, name: '' }
}

interface Difference {
  readonly gone: readonly Held[]
  readonly come: readonly Held[]
}

function differenceOf(work: Work, from: Table, to: Table): Difference {
  const here = held(from, work.shadow(from, work.model))
  const there = held(to, work.shadow(to, work.desired))
  const without = (these: readonly Held[], others: readonly Held[]) => {
    const byName = new Map(others.map((one) => [one.shadow.name, one.shadow]))
    return these.filter(({ shadow }) => {
      const other = byName.get(shadow.name)
      return other === undefined || !same(shadow, other, work)
    })
  }
  return { gone: without(here, there), come: without(there, here) }
}

/**
 * Drops and renames the indexes of a table that are not as they shall be, after the foreign keys that need them. Those
 * that go with a dropped column are left to it.
 */
export function dropIndexes(work: Work, from: Table, to: Table, going: ReadonlySet<string>): void {
  const { gone, come } = differenceOf(work, from, to)
  const withColumn = new Set([...going].flatMap((column) => indexesOf(from, column)))
  const twins = new Set<Held>()
  const renames: [Held, Held][] = []
  for (const one of gone) {
    if (withColumn.has(one.index)) continue
    const twin = come.find((other) =>
      !twins.has(other) && same(body(one.shadow), body(other.shadow), work) &&
      !from.indexes.some((each) => each.name === other.index.name)
    )
    if (twin === undefined) dropIndex(work, to, one.index)
    else {
      twins.add(twin)
      renames.push([one, twin])
    }
  }
  for (const [{ index }, twin] of renames) {
    work.emit({ op: 'rename_index', name: index.name, new_name: twin.index.name, ...onTable(to) })
  }
}

/** Drops an index, after the foreign keys that need it. */
export function dropIndex(work: Work, name: QualifiedName, index: Index): void {
  const table = work.table(name)!
  const rest = { ...table, indexes: table.indexes.filter((one) => one.name !== index.name) }
  dropKeys(work, orphans(work.model, table, rest))
  work.emit({ op: 'drop_index', name: index.name, ...onTable(table) })
}

/** Creates the indexes that the table lacks. */
export function createIndexes(work: Work, to: Table): void {
  const from = work.table(to)!
  for (const { index } of differenceOf(work, from, to).come) work.emit(recreateIndex(to, index))
}
