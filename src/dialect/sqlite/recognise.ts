/** Tables that need not be read: their texts are those that a schema at hand has them made by. */
import { ProblemError } from '../../problem.ts'
import type { DataType, Model, Table } from '../../model/model.ts'
import type { SchemaRow } from './catalog.ts'
import { spelling } from './spelling.ts'

/**
 * The tables of `likely` that are in the database to the letter, with all their indexes and no others.
 * @param rows of the database's schema
 * @returns them by their names
 */
export function recognised(rows: readonly SchemaRow[], likely: Model): ReadonlyMap<string, Table> {
  const texts = new Map(rows.map(({ type, name, sql }) => [keyOf(type, name), sql]))
  const indexes = new Map<string, number>()
  for (const { type, table } of rows) {
    if (type === 'index') indexes.set(table, (indexes.get(table) ?? 0) + 1)
  }
  const isThere = (table: Table): boolean => {
    const sql = texts.get(keyOf('table', table.name))
    if (sql === undefined || table.indexes.length !== (indexes.get(table.name) ?? 0)) return false
    return body(sql) === body(spelling.createTable(table, likely)) &&
      table.indexes.every((one) => texts.get(keyOf('index', one.name)) === spelling.createIndex(one, table))
  }
  const found = likely.tables.filter((one) =>
    !one.columns.some(({ type }) => isNamed(type)) && spelt(one, isThere)
  )
  return new Map(found.map((one) => [one.name, one]))
}

function keyOf(type: string, name: string): string {
  return `${type}\0${name}`
}

/** What the text of a table says; its name comes before, and is quoted by `ALTER TABLE … RENAME`. */
function body(sql: string): string {
  return sql.slice(sql.indexOf('('))
}

/** What an enum or a domain is depends on a model that holds it, which one of a SQLite database does not. */
function isNamed(type: DataType): boolean {
  return type.kind === 'enum' || type.kind === 'domain'
}

/** @returns false where the spelling refuses a table: then SQLite has none like it */
function spelt(table: Table, test: (table: Table) => boolean): boolean {
  try {
    return test(table)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return false
  }
}
