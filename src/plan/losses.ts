/** The data that operations destroy, by the names that tables and columns have before the first of them. */
import { ProblemError } from '../problem.ts'
import { find, findColumn } from '../model/edit.ts'
import type { Model, QualifiedName, Table } from '../model/model.ts'
import { definitionOf } from '../ops/index.ts'
import { operationsFor } from './compile.ts'
import type { Target } from './compile.ts'
import type { Placed } from './placed.ts'

/** A table whose rows, or a column whose values, are lost. */
export interface Loss {
  readonly table: QualifiedName
  readonly column?: string
  /** They are not dropped, but their rows are deleted or their values overwritten: what happens, in a sentence. */
  readonly why?: string
}

/** What is lost, counted. */
export interface CountedLoss extends Loss {
  /** The rows of the table, or those with a value in the column; undefined when they could not be counted. */
  readonly rows: number | undefined
  /** There are more (`more`), or the number is what the database estimates (`about`). */
  readonly but?: 'more' | 'about'
  /** Why they could not be counted. */
  readonly uncounted?: string
}

/** Where a table or column of now was in the beginning; undefined: it was made since, and holds nothing of old. */
type Origins = Map<string, { readonly table: QualifiedName; readonly column?: string } | undefined>

function keyOf({ schema, name }: QualifiedName, column?: string): string {
  return JSON.stringify([schema ?? null, name, column ?? null])
}

/**
 * What some operations destroy of the data that are there before them. Tables and columns that they make themselves
 * do not count; one that they rename is called by its first name. An operation on what SQL of unknown effect made is
 * passed over.
 */
export function lossesOf(operations: readonly Placed[], before: Model, target: Target): readonly Loss[] {
  const { losses } = followed(operations, before, target)
  return [...losses.values()].filter((one) => one.column === undefined || !losses.has(keyOf(one.table)))
}

/** Which tables and columns, by the names they have after some operations, these made: nothing of old is in them. */
export function madeBy(
  operations: readonly Placed[],
  before: Model,
  target: Target,
): (table: QualifiedName, column?: string) => boolean {
  const { origins } = followed(operations, before, target)
  return (table, column) => originOf(origins, { table, column }) === undefined
}

function followed(operations: readonly Placed[], before: Model, target: Target) {
  const origins: Origins = new Map()
  const losses = new Map<string, Loss>()
  let model = before
  for (const { operation } of operationsFor(operations, target)) {
    const definition = definitionOf(operation)
    const now = model
    const after = tried(() => definition.apply(operation, now))
    if (after === undefined) continue
    const effects = definition.effects(operation, now).filter((one) => one.kind === 'destroys-data')
    const schema = 'schema' in operation ? operation.schema : undefined
    const changed = effects.flatMap(({ object, column, why }): Loss[] => {
      const table = find(now, 'tables', { schema, name: object })
      return table === undefined ? [] : [{ table, why, ...(column === undefined ? {} : { column }) }]
    })
    const gone = goneOf(now, after)
    const renames = effects.length === 0
    for (const loss of renames ? [] : gone.length > 0 ? gone : changed) {
      const there = originOf(origins, loss)
      if (there !== undefined) losses.set(keyOf(there.table, there.column), { ...loss, ...there })
    }
    follow(origins, now, after, renames)
    model = after
  }
  return { origins, losses }
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return undefined
  }
}

function originOf(origins: Origins, { table, column }: Loss) {
  const own = { schema: table.schema, name: table.name }
  if (column === undefined) return known(origins, keyOf(own), { table: own })
  const whole = known(origins, keyOf(own), { table: own })
  if (whole === undefined) return undefined
  return known(origins, keyOf(own, column), { table: whole.table, column })
}

function known<T>(origins: ReadonlyMap<string, T | undefined>, key: string, otherwise: T): T | undefined {
  return origins.has(key) ? origins.get(key) : otherwise
}

function without(tables: readonly Table[], others: Model): readonly Table[] {
  return tables.filter((one) => find(others, 'tables', one) === undefined)
}

function goneOf(before: Model, after: Model): readonly Loss[] {
  if (before.tables === after.tables) return []
  const tables = without(before.tables, after).map((table): Loss => ({ table }))
  const columns = after.tables.flatMap((now) => {
    const then = find(before, 'tables', now)
    if (then === undefined || then === now) return []
    return then.columns.filter((one) => findColumn(now, one.name) === undefined)
      .map((one): Loss => ({ table: now, column: one.name }))
  })
  return [...tables, ...columns]
}

/** Notes what is new, and what has another name: one thing gone and one new while nothing is destroyed. */
function follow(origins: Origins, before: Model, after: Model, renames: boolean): void {
  if (before.tables === after.tables) return
  const gone = without(before.tables, after)
  const added = without(after.tables, before)
  const renamed = renames && gone.length === 1 && added.length === 1
  for (const table of added) {
    const from = gone[0]
    const there = renamed ? originOf(origins, { table: from! }) : undefined
    if (renamed) {
      for (const { name } of table.columns) {
        origins.set(keyOf(table, name), originOf(origins, { table: from!, column: name }))
      }
    }
    origins.set(keyOf(table), there)
  }
  for (const table of after.tables) {
    const then = find(before, 'tables', table)
    if (then !== undefined && then !== table) followColumns(origins, then, table, renames)
  }
}

function followColumns(origins: Origins, before: Table, after: Table, renames: boolean): void {
  const gone = before.columns.filter((one) => findColumn(after, one.name) === undefined)
  const added = after.columns.filter((one) => findColumn(before, one.name) === undefined)
  const renamed = renames && gone.length === 1 && added.length === 1
  for (const { name } of added) {
    const there = renamed ? originOf(origins, { table: after, column: gone[0]!.name }) : undefined
    origins.set(keyOf(after, name), there)
  }
}
