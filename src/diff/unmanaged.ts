/**
 * What goes with a table or a view and no operation says (rules, statistics objects, comments of a view's columns…): where
 * the one is created as it was, its SQL creates the other again.
 */
import type { Unmanaged } from '../model/model.ts'
import { newTables } from './tables.ts'
import { missingViews } from './views.ts'
import { keyOf } from '../model/identical.ts'
import type { Work } from './work.ts'

/** What comes back when everything that is missing now has been created. */
export function lostDetails(work: Work): readonly Unmanaged[] {
  const { desired, model, kept } = work
  // Whoever read the desired schema from a database knows what was there.
  if (desired.unmanaged === undefined) return on(model.unmanaged, kept)
  const missing = [...newTables(work), ...missingViews(work).map((one) => one.view)]
  return on(desired.unmanaged, new Set(missing.map(keyOf)))
}

function on(unmanaged: readonly Unmanaged[] = [], relations: ReadonlySet<string>): readonly Unmanaged[] {
  return unmanaged.filter((one) => one.on !== undefined && relations.has(keyOf(one.on)))
}

export function createDetails(work: Work, details: readonly Unmanaged[]): void {
  for (const { sql } of details) {
    if (sql !== undefined) work.emit({ op: 'execute', only: work.dialect.name, sql, effects: 'none' })
  }
}
