/** What the pragmas know of a table whose CREATE TABLE text could not be read. */
import type { Connection, Row } from '../dialect.ts'
import { string } from '../ansi.ts'
import { defaultOf } from './parse-column.ts'
import { groupBy } from '../../group.ts'
import type { ParsedColumn, ParsedConstraint, ParsedTable } from './parse-parts.ts'

/** The table as the pragmas tell it. It is marked as unmanaged, so that it is never rebuilt. */
export async function pragmaTable(connection: Connection, name: string): Promise<ParsedTable> {
  const table = string(name)
  const info = await connection.query(`SELECT * FROM pragma_table_xinfo(${table}) ORDER BY cid`)
  const keys = await connection.query(`SELECT * FROM pragma_foreign_key_list(${table}) ORDER BY id, seq`)
  const [list] = await connection.query(`SELECT wr, strict FROM pragma_table_list WHERE name = ${table}`)
  const key = info.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a.pk) - Number(b.pk))
  const constraints: ParsedConstraint[] = key.length === 0
    ? []
    : [{ kind: 'primary_key', columns: key.map((row) => String(row.name)) }]
  return {
    columns: info.map(toColumn),
    constraints: [...constraints, ...foreignKeys(keys)],
    strict: Number(list?.strict) === 1,
    withoutRowid: Number(list?.wr) === 1,
    unmanaged: ['its CREATE TABLE text, which could not be read'],
  }
}

function toColumn(row: Row): ParsedColumn {
  const text = row.dflt_value
  return {
    name: String(row.name),
    type: String(row.type),
    notNull: Number(row.notnull) === 1,
    ...(text === null || text === undefined ? {} : { default: defaultOf(String(text)) }),
  }
}

const ACTIONS: Readonly<Record<string, 'restrict' | 'cascade' | 'set_null' | 'set_default'>> = {
  'RESTRICT': 'restrict',
  'CASCADE': 'cascade',
  'SET NULL': 'set_null',
  'SET DEFAULT': 'set_default',
}

function foreignKeys(rows: readonly Row[]): readonly ParsedConstraint[] {
  return [...groupBy(rows, ({ id }) => String(id)).values()].reverse().map((parts): ParsedConstraint => ({
    kind: 'foreign_key',
    columns: parts.map((row) => String(row.from)),
    table: String(parts[0]!.table),
    ...(parts[0]!.to === null ? {} : { parentColumns: parts.map((row) => String(row.to)) }),
    onDelete: ACTIONS[String(parts[0]!.on_delete)],
    onUpdate: ACTIONS[String(parts[0]!.on_update)],
  }))
}
