/** SQL for what a database has and the model cannot say: SQLite keeps the texts. */
import type { Model, Table } from '../../model/model.ts'
import type { Connection, UnsaidObject } from '../dialect.ts'
import { spelling } from './spelling.ts'

/** As {@link Dialect.unsaid} says. */
export async function unsaid(connection: Connection, model: Model): Promise<readonly UnsaidObject[]> {
  const rows = await connection.query(
    `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index') ORDER BY rowid`,
  )
  const tables = new Map(model.tables.map((one) => [one.name, one]))
  return rows.flatMap((row): UnsaidObject[] => {
    const [type, name, sql] = [String(row.type), String(row.name), String(row.sql)]
    if (type === 'index') {
      const table = tables.get(String(row.tbl_name))
      if (table === undefined || table.indexes.some((one) => one.name === name)) return []
      return [{ what: `index "${name}"`, sql, back: `DROP INDEX ${spelling.name(name)}`, early: false }]
    }
    const back = `DROP TABLE ${spelling.name(name)}`
    if (/^\s*CREATE\s+VIRTUAL\s/i.test(sql)) {
      return [{ what: `virtual table "${name}"`, sql, back, early: false }]
    }
    const own = unsaidOf(tables.get(name))
    if (own.length === 0) return []
    return [{ what: `of table "${name}": ${own.join(', ')}`, sql, back, early: false, table: { name } }]
  })
}

function unsaidOf(table: Table | undefined): readonly string[] {
  if (table === undefined) return []
  const nullable = table.columns.some((one) => one.nullable && table.primaryKey?.columns.includes(one.name))
  return [...(table.unmanaged ?? []), ...(nullable ? ['NULL in its primary key'] : [])]
}
