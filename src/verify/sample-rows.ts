/** Rows that any table of a kind may hold, made from the types of its columns. */
import { find } from '../model/edit.ts'
import type { DataType, DialectName, Model, Table } from '../model/model.ts'
import type { Dialect } from '../dialect/dialect.ts'

/** The numbers of the rows. */
export const SAMPLES = [1, 2] as const

/**
 * The SQL of a value. It depends on the type and the row's number alone, so that rows of two tables that refer to each
 * other agree.
 * @returns undefined for a type of which nothing is known
 */
function value(type: DataType, row: number, model: Model, dialect: Dialect): string | undefined {
  const { literal } = dialect.spelling
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'numeric':
      return literal(row)
    case 'boolean':
      return literal(row === 1)
    case 'date':
      return literal(`2024-01-0${row}`)
    case 'text':
    case 'varchar':
    case 'char':
      return literal(String(row))
    case 'bytea':
      return BYTES[dialect.name](row)
    case 'json':
    case 'jsonb':
      return literal(`{"a": ${row}}`)
    case 'uuid':
      return literal(`00000000-0000-0000-0000-00000000000${row}`)
    case 'time':
    case 'timetz':
      return literal(`12:00:0${row}`)
    case 'timestamp':
    case 'timestamptz':
      return literal(`2024-01-01 12:00:0${row}`)
    case 'interval':
      return literal(`${row} days`)
    case 'array':
      return literal('{}')
    case 'enum': {
      const values = find(model, 'enums', type)?.values ?? []
      return values.length === 0 ? undefined : literal(values[(row - 1) % values.length]!)
    }
    case 'domain': {
      const base = find(model, 'domains', type)?.type
      return base && value(base, row, model, dialect)
    }
    case 'native':
      return undefined
  }
}

const BYTES: Readonly<Record<DialectName, (row: number) => string>> = {
  postgres: (row) => `'\\x0${row}'`,
  sqlite: (row) => `x'0${row}'`,
}

/** The INSERT of a row: of its columns that the database does not fill by itself and of whose type something is known. */
export function insertSample(table: Table, row: number, model: Model, dialect: Dialect): string {
  const { name, qualified } = dialect.spelling
  const cells = table.columns.flatMap((column) => {
    if (column.generated !== undefined || column.identity !== undefined) return []
    const sql = value(column.type, row, model, dialect)
    return sql === undefined ? [] : [{ column: name(column.name), sql }]
  })
  if (cells.length === 0) return `INSERT INTO ${qualified(table)} DEFAULT VALUES`
  const list = (of: 'column' | 'sql') => cells.map((cell) => cell[of]).join(', ')
  return `INSERT INTO ${qualified(table)} (${list('column')}) VALUES (${list('sql')})`
}
