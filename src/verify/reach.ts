/** The tables whose rows operations may touch: only they are given rows, and looked at afterwards. */
import { ProblemError } from '../problem.ts'
import { find, sameName, shown } from '../model/edit.ts'
import type { Model, Table } from '../model/model.ts'
import { identical } from '../model/identical.ts'
import { definitionOf } from '../ops/index.ts'
import { operationsFor } from '../plan/compile.ts'
import type { Target } from '../plan/compile.ts'
import type { Placed } from '../plan/placed.ts'

/** The tables of a schema that are to get rows and are read again. */
export type Reach = (model: Model) => readonly Table[]

/**
 * What operations reach, done one list after the other: the tables that they change, and those that a change may go on to,
 * which refer to them or inherit from them; and those that they refer to, since they take no rows without. Where it cannot be
 * told (SQL, rows that are written, triggers, types, materialized views) that is all.
 * @param before the schema before the first list
 */
export function reachOf(lists: readonly (readonly Placed[])[], before: Model, target: Target): Reach {
  const names = new Set<string>()
  let model = before
  for (const operations of lists) {
    const after = applied(operations, model, target)
    const tables = after === undefined ? undefined : touched(model, after)
    if (after === undefined || tables === undefined) return ({ tables }) => tables
    for (const one of tables) names.add(shown(one))
    model = after
  }
  return ({ tables }) => tables.filter((one) => names.has(shown(one)))
}

/** The schema after operations that all say what they do, and that to the schema alone. */
function applied(operations: readonly Placed[], before: Model, target: Target): Model | undefined {
  let model = before
  for (const { operation } of operationsFor(operations, target)) {
    const definition = definitionOf(operation)
    if (definition.runsSql || definition.opaque?.(operation)) return undefined
    try {
      const after = definition.apply(operation, model)
      if (after === model) return undefined
      model = after
    } catch (error) {
      // It stands behind SQL that nobody knows, or it fails when it runs.
      if (!(error instanceof ProblemError)) throw error
      return undefined
    }
  }
  return model
}

/** The tables that are otherwise in two schemas, or only in one, and those behind them; undefined for all. */
function touched(before: Model, after: Model): readonly Table[] | undefined {
  const kept = ['enums', 'domains', 'materializedViews'] as const
  if (kept.some((part) => !identical(after[part], before[part]))) return undefined
  const gone = before.tables.filter((one) => find(after, 'tables', one) !== one)
  const found = new Set([...gone, ...after.tables.filter((one) => find(before, 'tables', one) !== one)])
  const isTouched = (name: { readonly schema?: string; readonly name: string }) =>
    [...found].some((one) => sameName(one, name))
  const isNamed = (parent: string) => [...found].some((one) => parent === one.name || parent === shown(one))
  const hangsOnOne = ({ foreignKeys, inherits = [] }: Table) =>
    foreignKeys.some((key) => isTouched(key.references)) || inherits.some(isNamed)
  for (let size = -1; size < found.size;) {
    size = found.size
    for (const one of before.tables) if (!found.has(one) && hangsOnOne(one)) found.add(one)
  }
  const isTriggered = [...before.triggers, ...after.triggers].some(({ schema, table: name }) =>
    isTouched({ schema, name })
  )
  return isTriggered ? undefined : withReferred([...found], after)
}

/** Tables and those that they refer to, which must have rows before them. */
export function withReferred(tables: readonly Table[], model: Model): readonly Table[] {
  const found = new Set(tables)
  for (const table of found) {
    for (const { references } of table.foreignKeys) {
      const target = find(model, 'tables', references)
      if (target !== undefined) found.add(target)
    }
  }
  return [...found]
}
