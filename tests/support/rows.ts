/** Rows for any table, so that what is done to a table is done to data; and what became of them. */
import assert from 'node:assert/strict'
import { ProblemError } from '../../src/problem.ts'
import type { Connection, Dialect } from '../../src/dialect/dialect.ts'
import { find, findColumn, shown } from '../../src/model/edit.ts'
import type { Column, DataType, DialectName, Model, Table } from '../../src/model/model.ts'
import type { Effect } from '../../src/ops/definition.ts'

const ROWS = [1, 2] as const

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

/** Where rows go: `inTransaction` says that an error would end the transaction the test is in. */
export interface Target {
  readonly dialect: Dialect
  readonly connection: Connection
  readonly inTransaction: boolean
}

/** Puts two rows into every table that takes them. @returns the tables that have rows now */
export async function fill(target: Target, model: Model): Promise<Table[]> {
  const filled: Table[] = []
  for (const table of model.tables) {
    for (const row of ROWS) {
      const sql = insertion(table, row, model, target.dialect)
      if (await accepted(target, sql) && !filled.includes(table)) filled.push(table)
    }
  }
  return filled
}

function insertion(table: Table, row: number, model: Model, dialect: Dialect): string {
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

/** Whether the database takes a statement. */
async function accepted({ connection, inTransaction }: Target, sql: string): Promise<boolean> {
  if (inTransaction) await connection.run(['SAVEPOINT attempt'])
  try {
    await connection.run([sql])
    return true
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    if (inTransaction) await connection.run(['ROLLBACK TO SAVEPOINT attempt'])
    return false
  }
}

export interface Contents {
  readonly table: Table
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** The rows of tables, in the order in which they were put there. */
export async function contents(
  connection: Connection,
  tables: readonly Table[],
  dialect: Dialect,
): Promise<Contents[]> {
  const all: Contents[] = []
  for (const table of tables) {
    all.push({ table, rows: await connection.query(`SELECT * FROM ${dialect.spelling.qualified(table)}`) })
  }
  return all
}

/**
 * Fails when a table that an operation changed has lost rows or the values of a column that it left alone. Tables that
 * are not there any more, and what the operation says it destroys, are not looked for.
 */
export async function assertKept(
  connection: Connection,
  had: readonly Contents[],
  { before, after }: { readonly before: Model; readonly after: Model },
  effects: readonly Effect[],
  dialect: Dialect,
): Promise<void> {
  const destroyed = effects.filter((one) => one.kind === 'destroys-data')
  for (const { table, rows } of had) {
    const now = find(after, 'tables', table)
    const lost = destroyed.some((one) =>
      one.column === undefined && [table.name, shown(table)].includes(one.object)
    )
    if (now === undefined || lost) continue
    const [found] = await contents(connection, [now], dialect)
    const same = table.columns.filter((column) =>
      unchanged(column, now, dialect) && labels(column, before) === labels(column, after)
    )
    const pick = (row: Readonly<Record<string, unknown>>) =>
      JSON.stringify(same.map((column) => printable(row[column.name])))
    assert.deepEqual(
      found!.rows.map(pick).sort(),
      rows.map(pick).sort(),
      `the rows of "${shown(table)}" are not what they were`,
    )
  }
}

function unchanged(column: Column, now: Table, dialect: Dialect): boolean {
  const same = findColumn(now, column.name)
  return same !== undefined && column.generated === undefined && same.generated === undefined &&
    dialect.sameType(same.type, column.type) && same.nullable === column.nullable
}

/** The values of the enum a column is of: where they change, rows do. */
function labels({ type }: Column, model: Model): string {
  return type.kind === 'enum' ? JSON.stringify(find(model, 'enums', type)?.values) : ''
}

/** Bytes and big integers have no JSON. */
function printable(cell: unknown): unknown {
  if (cell instanceof ArrayBuffer) return [...new Uint8Array(cell)]
  return typeof cell === 'bigint' ? String(cell) : cell
}
