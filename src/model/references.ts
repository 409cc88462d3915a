/** Which foreign keys refer to a table, and what of it they can refer to. */
import { fault } from '../problem.ts'
import type { Path } from '../problem.ts'
import { sameName, shown } from './edit.ts'
import type { ForeignKey, Model, Table } from './model.ts'

/** A foreign key and the table it belongs to. */
export interface Reference {
  readonly from: Table
  readonly key: ForeignKey
}

/** The foreign keys that refer to the table, its own included. */
export function references(model: Model, table: Table): Reference[] {
  return model.tables.flatMap((from) =>
    from.foreignKeys.filter((key) => sameName(key.references, table)).map((key) => ({ from, key }))
  )
}

/**
 * The foreign keys, of whichever table, that lose what they refer to when the table becomes `without`: a key
 * or a unique index less. PostgreSQL binds a foreign key to the first of several that it could refer to, and lets it go
 * with that one.
 */
export function orphans(model: Model, table: Table, without: Table): Reference[] {
  return references(model, table).filter(({ key }) => {
    const bound = keyNames(table, key.references.columns)[0]
    return bound !== undefined && !keyNames(without, key.references.columns).includes(bound)
  })
}

/**
 * Refuses to take away what foreign keys refer to.
 * @param what the key that would be gone: `constraint "users_pkey"`
 * @throws `still-referenced`
 */
export function refuseOrphans(lost: readonly Reference[], what: string, path: Path): void {
  const first = lost[0]
  if (first === undefined) return
  fault('still-referenced', `${what} is what "${shown(first.from)}" refers to (${first.key.name})`, {
    path,
    hint: 'drop that foreign key first, or write `cascade: true`',
  })
}

/** The model without these foreign keys. */
export function withoutKeys(model: Model, gone: readonly Reference[]): Model {
  if (gone.length === 0) return model
  return {
    ...model,
    tables: model.tables.map((table) => {
      const lost = gone.filter((one) => one.from === table).map((one) => one.key)
      if (lost.length === 0) return table
      return { ...table, foreignKeys: table.foreignKeys.filter((key) => !lost.includes(key)) }
    }),
  }
}

/**
 * Whether a foreign key can refer to these columns, in any order: they are the primary key, a UNIQUE, or the
 * whole key of a unique index without WHERE and expressions; not deferrable (PostgreSQL's
 * transformFkeyCheckAttrs).
 */
export function isKey(table: Table, columns: readonly string[]): boolean {
  return keyNames(table, columns).length > 0
}

/** The names of the keys that a foreign key to these columns can refer to, in the order in which tables get them. */
function keyNames(table: Table, columns: readonly string[]): string[] {
  const wanted = [...columns].sort().join('\0')
  const declared = [...(table.primaryKey === undefined ? [] : [table.primaryKey]), ...table.uniques]
  const keys = [
    ...declared.filter((one) => one.deferrable === undefined),
    ...table.indexes.filter((one) => one.unique && one.where === undefined)
      .map(({ name, keys }) => ({ name, columns: keys.map((key) => key.column ?? '') })),
  ]
  return keys.filter((key) => [...key.columns].sort().join('\0') === wanted).map((key) => key.name)
}
