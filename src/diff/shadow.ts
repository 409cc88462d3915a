/**
 * Tables as a dialect can hold them. Each is worked out once, and what is equal is one: `check` compares every table with
 * two others.
 */
import type { Model, Table } from '../model/model.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { projected } from './projected.ts'
import { byKey, identical, keyOf } from '../model/identical.ts'

type Types = Pick<Model, 'enums' | 'domains'>

interface Shadow extends Types {
  readonly table: Table
}

const KNOWN = new WeakMap<Dialect, WeakMap<Table, Shadow>>()

/** A table of a model as the dialect can hold it. @param types the model's, of which the table's columns may be */
export function shadowOf(dialect: Dialect, table: Table, { enums, domains }: Types): Table {
  let shadows = KNOWN.get(dialect)
  if (shadows === undefined) KNOWN.set(dialect, shadows = new WeakMap())
  const known = shadows.get(table)
  if (known !== undefined && known.enums === enums && known.domains === domains) return known.table
  const shadow = projected(dialect, 'tables', [table], { enums, domains })[0]!
  shadows.set(table, { enums, domains, table: shadow })
  return shadow
}

/** Makes the shadow of a table the one of a table that turned out to be equal to it, so that they are one next time. */
export function shareShadow(dialect: Dialect, table: Table, { enums, domains }: Types, shadow: Table): void {
  KNOWN.get(dialect)?.set(table, { enums, domains, table: shadow })
}

/** The schema with the tables of another one in the place of those that are equal to the letter. */
export function sharing(model: Model, other: Model): Model {
  const there = byKey(other.tables)
  const types = identical([model.enums, model.domains], [other.enums, other.domains])
  const tables = model.tables.map((one) => {
    const same = there.get(keyOf(one))
    return same !== undefined && identical(one, same) ? same : one
  })
  return { ...model, tables, ...(types ? { enums: other.enums, domains: other.domains } : {}) }
}
