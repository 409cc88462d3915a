/** Finding what is called by a name that may be longer than the database keeps. */
import { sameSchema } from './edit.ts'
import { asTable } from './materialized-view.ts'
import type { Index, Model, QualifiedName, Table } from './model.ts'
import { clip } from './names.ts'

/**
 * The one of that name. PostgreSQL keeps 63 bytes of a name, and knows what it holds by any longer one; SQLite keeps
 * all of it.
 */
export function called<T>(all: readonly T[], name: string, nameOf: (one: T) => string): T | undefined {
  for (const is of ways(name)) {
    const found = all.find((one) => is(nameOf(one)))
    if (found !== undefined) return found
  }
}

/** The index of that name and its table (or materialized view, as one); index names are unique in a schema. */
export function findIndex(
  model: Model,
  name: string,
  schema?: string,
): { readonly table: Table; readonly index: Index } | undefined {
  const isHere = (one: QualifiedName) => sameSchema(one, { schema })
  for (const is of ways(name)) {
    for (const table of model.tables) {
      const index = isHere(table) ? table.indexes.find((one) => is(one.name)) : undefined
      if (index !== undefined) return { table, index }
    }
    for (const view of model.materializedViews) {
      const index = isHere(view) ? view.indexes.find((one) => is(one.name)) : undefined
      if (index !== undefined) return { table: asTable(view), index }
    }
  }
}

/** Whether a name is this one: as it is written, or else as far as PostgreSQL keeps it. */
function ways(name: string): readonly ((one: string) => boolean)[] {
  const kept = clip(name)
  return [(one) => one === name, (one) => one.startsWith(kept) && clip(one) === kept]
}
