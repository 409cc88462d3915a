/** SQL for what a database has and the model cannot say: SQLite keeps the texts. */
import type { Model, Table } from '../../model/model.ts'
import type { Connection, UnsaidObject } from '../dialect.ts'
import { isNameable, SCHEMA, schemaRow } from './catalog.ts'
import { spelling } from './spelling.ts'

/** As {@link Dialect.unsaid} says. */
export async function unsaid(connection: Connection, model: Model): Promise<readonly UnsaidObject[]> {
  const rows = await connection.query(SCHEMA)
  const tables = new Map(model.tables.map((one) => [one.name, one]))
  return rows.map(schemaRow).flatMap((row): UnsaidObject[] => {
    const { type, name, sql } = row
    const what = `${type} "${name}"`
    const one = { what, sql, back: `DROP ${type.toUpperCase()} ${spelling.name(name)}`, early: false }
    if (!isNameable(row)) return [one]
    if (type === 'index') {
      const table = tables.get(row.table)
      return table === undefined || table.indexes.some((index) => index.name === name) ? [] : [one]
    }
    if (/^\s*CREATE\s+VIRTUAL\s/i.test(sql)) return [{ ...one, what: `virtual ${what}` }]
    const own = type === 'table' ? unsaidOf(tables.get(name)) : []
    if (own.length === 0) return []
    return [{ ...one, what: `of ${what}: ${own.join(', ')}`, table: { name } }]
  })
}

function unsaidOf(table: Table | undefined): readonly string[] {
  if (table === undefined) return []
  const nullable = table.columns.some((one) => one.nullable && table.primaryKey?.columns.includes(one.name))
  return [...(table.unmanaged ?? []), ...(nullable ? ['NULL in its primary key'] : [])]
}
