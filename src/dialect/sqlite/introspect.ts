/**
 * A database's schema as a model. SQLite keeps the texts of its CREATE statements, so one query of sqlite_schema says
 * everything, also what the pragmas do not (CHECKs, names, collations, conflict clauses).
 */
import { groupBy } from '../../group.ts'
import { fault, ProblemError } from '../../problem.ts'
import type { Index, Model, QualifiedName, Table, View } from '../../model/model.ts'
import { EMPTY } from '../../model/model.ts'
import { constraints } from '../../model/edit.ts'
import type { Connection, IntrospectOptions } from '../dialect.ts'
import { isNameable, SCHEMA, schemaRow } from './catalog.ts'
import type { SchemaRow } from './catalog.ts'
import { withStrings } from './double-quotes.ts'
import { parseIndex, parseView } from './parse-index.ts'
import { MARK } from './new-file.ts'
import { parseTable } from './parse-table.ts'
import type { ParsedTable } from './parse-parts.ts'
import { pragmaTable } from './pragma-table.ts'
import { referredOf, toTable, withoutNameless } from './table-model.ts'
import type { Catalog, TableSource, TakenNames } from './table-model.ts'
import { recognised } from './recognise.ts'
import { UNREADABLE } from './tokens.ts'
import { readTrigger } from './trigger.ts'

/** SQLite's own, libSQL's (vector indexes, WebAssembly functions), and Litestream's tables, and our own beside the journal. */
const INTERNAL = new RegExp(`^(sqlite_|libsql_|_litestream_|limbeck_lease$|${MARK}$)`, 'i')

/**
 * Reads the schema in one round trip (two when there are virtual tables, whose shadow tables are left out).
 * @returns tables in the order of their creation; virtual tables are not among them
 */
export async function introspect(connection: Connection, options: IntrospectOptions = {}): Promise<Model> {
  const rows = (await connection.query(SCHEMA)).map(schemaRow).filter((row) => !INTERNAL.test(row.name))
  const virtual = rows.filter(({ type, sql }) => type === 'table' && /^\s*CREATE\s+VIRTUAL\s/i.test(sql))
  const hidden = new Set((options.except ?? []).map(({ name }) => name.toLowerCase()))
  for (const { name } of virtual) hidden.add(name.toLowerCase())
  for (const name of await shadows(connection, rows, virtual.length > 0)) hidden.add(name)
  const all = rows.filter(({ name, table }) =>
    !hidden.has(name.toLowerCase()) && !hidden.has(table.toLowerCase())
  )
  const seen = all.filter(isNameable)
  const unmanaged = [
    ...virtual.map(({ name }) => `virtual table "${name}"`),
    ...all.filter((row) => !isNameable(row)).map(({ type, name }) => `${type} "${name}"`),
  ].map((what) => ({ what }))
  const likely = await options.likely?.()
  const known = likely === undefined ? new Map<string, Table>() : recognised(seen, likely)
  const tables = await readTables(connection, seen, known)
  const views = ofType(seen, 'view').map((row) =>
    readOr(row, () => parseView(row.name, row.sql), viewAsWritten)
  )
  const on = new Map([...tables, ...views].map((one) => [one.name.toLowerCase(), one]))
  return {
    ...EMPTY,
    tables,
    views,
    triggers: ofType(seen, 'trigger').map(({ name, table, sql }) =>
      readTrigger({ name, table }, sql, on.get(table.toLowerCase()))
    ),
    ...(unmanaged.length === 0 ? {} : { unmanaged }),
  }
}

function ofType(rows: readonly SchemaRow[], type: string): readonly SchemaRow[] {
  return rows.filter((row) => row.type === type)
}

/** The tables behind virtual tables and behind libSQL's vector indexes, in lower case. */
async function shadows(
  connection: Connection,
  rows: readonly SchemaRow[],
  ask: boolean,
): Promise<readonly string[]> {
  const vectors = ofType(rows, 'index').filter(({ sql }) => /libsql_vector_idx/i.test(sql))
  const names = vectors.map(({ name }) => `${name.toLowerCase()}_shadow`)
  if (!ask) return names
  const found = await connection.query(`SELECT name FROM pragma_table_list WHERE type = 'shadow'`)
  return [...names, ...found.map(({ name }) => String(name).toLowerCase())]
}

/** Runs a reader of DDL; a text it cannot read goes to `otherwise`. */
function readOr<T>(row: SchemaRow, read: () => T, otherwise: (row: SchemaRow) => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProblemError && error.problems[0]?.code === UNREADABLE) return otherwise(row)
    throw error
  }
}

/** The texts that were read when a connection was last introspected: most are the same the next time. */
const READ = new WeakMap<Connection, ReadonlyMap<string, ParsedTable>>()

/** What reads the text of a table, or knows it from the last introspection. */
function reader(connection: Connection): (sql: string) => ParsedTable {
  const before = READ.get(connection)
  const now = new Map<string, ParsedTable>()
  READ.set(connection, now)
  return (sql) => {
    const parsed = before?.get(sql) ?? parseTable(sql)
    now.set(sql, parsed)
    return parsed
  }
}

/** @param known tables by their names, which are not read */
async function readTables(
  connection: Connection,
  rows: readonly SchemaRow[],
  known: ReadonlyMap<string, Table>,
): Promise<readonly Table[]> {
  const read = reader(connection)
  const all = ofType(rows, 'table')
  const sources = await Promise.all(
    all.filter(({ name }) => !known.has(name)).map((row) => tableSource(connection, row, read)),
  )
  const tables = toTables(sources, catalogOf(sources, known), rows, known)
  return all.map(({ name }) => known.get(name) ?? tables.get(name)!)
}

function catalogOf(sources: readonly TableSource[], known: ReadonlyMap<string, Table>): Catalog {
  const all = [
    ...sources.map(referredOf),
    ...[...known.values()].map(({ name, columns, primaryKey }) => ({
      name,
      columns,
      key: primaryKey?.columns ?? [],
    })),
  ]
  const byName = new Map(all.map((one) => [one.name.toLowerCase(), one]))
  return { table: (name) => byName.get(name.toLowerCase()) }
}

async function tableSource(
  connection: Connection,
  row: SchemaRow,
  read: (sql: string) => ParsedTable,
): Promise<TableSource> {
  const parsed = readOr<ParsedTable | undefined>(row, () => read(row.sql), () => undefined)
  return { name: row.name, parsed: withoutNameless(parsed ?? await pragmaTable(connection, row.name)) }
}

function viewAsWritten(row: SchemaRow): View {
  return fault('unreadable-view', `the view "${row.name}" cannot be read`, { notes: [row.sql] })
}

/** @returns the tables by their names */
function toTables(
  sources: readonly TableSource[],
  catalog: Catalog,
  rows: readonly SchemaRow[],
  known: ReadonlyMap<string, Table>,
): ReadonlyMap<string, Table> {
  if (sources.length === 0) return new Map()
  const indexes = groupBy(ofType(rows, 'index'), ({ table }) => table.toLowerCase())
  const taken = takenNames(sources, rows, known)
  return new Map(sources.map((source) => {
    const table = toTable(source, catalog, taken)
    return [source.name, withStrings(addIndexes(table, indexes.get(source.name.toLowerCase()) ?? []))]
  }))
}

/** The names that the texts spell. */
function takenNames(
  sources: readonly TableSource[],
  rows: readonly SchemaRow[],
  known: ReadonlyMap<string, Table>,
): TakenNames {
  const names = [
    ...sources.flatMap(({ parsed }) => parsed.constraints.flatMap(({ name }) => name ?? [])),
    ...[...known.values()].flatMap((table) =>
      constraints(table).flatMap(({ constraint }) => constraint.implicit ? [] : [constraint.name])
    ),
  ]
  const relations = rows.filter(({ type }) => type !== 'trigger').map(({ name }) => name)
  return { constraints: new Set(names), all: new Set([...names, ...relations]) }
}

function addIndexes(table: Table, rows: readonly SchemaRow[]): Table {
  const columns = new Map(table.columns.map(({ name }) => [name.toLowerCase(), name]))
  const unreadable: string[] = []
  const unread = ({ name }: SchemaRow): readonly Index[] => {
    unreadable.push(`the index "${name}"`)
    return []
  }
  const indexes = rows.flatMap((row) =>
    row.name === '' ? unread(row) : readOr(row, () => [parseIndex(row.name, row.sql, columns)], unread)
  )
  if (unreadable.length === 0) return { ...table, indexes }
  return { ...table, indexes, unmanaged: [...(table.unmanaged ?? []), ...unreadable] }
}

/** Whether there is a table or a view of that name. */
export async function hasTable(connection: Connection, name: QualifiedName): Promise<boolean> {
  const sql = `SELECT 1 FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ? COLLATE NOCASE`
  return name.schema === undefined && (await connection.query(sql, [name.name])).length > 0
}
