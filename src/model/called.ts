/** Finding what is called by a name that may be longer than the database keeps. */
import { asTable } from './materialized-view.ts'
import type { Index, Model, Table } from './model.ts'
import { clip } from './names.ts'

/**
 * The one of that name. PostgreSQL keeps 63 bytes of a name, and knows what it holds by any longer one; SQLite keeps
 * all of it.
 */
export function called<T>(all: readonly T[], name: string, nameOf: (one: T) => string): T | undefined {
  return all.find((one) => nameOf(one) === name) ?? all.find((one) => clip(nameOf(one)) === clip(name))
}

/** The index of that name and its table (or materialized view, as one); index names are unique in a schema. */
export function findIndex(
  model: Model,
  name: string,
  schema?: string,
): { readonly table: Table; readonly index: Index } | undefined {
  const views = model.materializedViews.filter((view) => view.indexes.length > 0).map((view) => asTable(view))
  const all = [...model.tables, ...views].flatMap((table) =>
    (table.schema ?? '') === (schema ?? '') ? table.indexes.map((index) => ({ table, index })) : []
  )
  return called(all, name, ({ index }) => index.name)
}
