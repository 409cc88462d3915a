/** Indexes whose build CONCURRENTLY ended in the middle (manual, "Building Indexes Concurrently"). */
import type { QualifiedName } from '../../model/model.ts'
import { nameOf, tokenize } from '../../model/sql-tokens.ts'
import type { Connection } from '../dialect.ts'
import { literal } from './spelling.ts'

interface Build {
  readonly index: string
  /** As it is written, the schema included. */
  readonly table: string
}

/** What CREATE INDEX CONCURRENTLY builds; undefined for any other statement, and where the server gives the name. */
function buildOf(sql: string): Build | undefined {
  const tokens = tokenize(sql, 'postgres')
  const words = tokens.map(({ key }) => key)
  const head = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?/.exec(words.slice(0, 8).join(' '))
  if (head === null) return undefined
  const at = head[0].split(' ').length - 1
  if (words[at] === 'ON' || words[at + 1] !== 'ON') return undefined
  const begin = at + (words[at + 2] === 'ONLY' ? 3 : 2)
  const last = words[begin + 1] === '.' ? begin + 2 : begin
  const [first, end] = [tokens[begin], tokens[last]]
  if (first === undefined || end === undefined) return undefined
  return { index: nameOf(tokens[at]!), table: sql.slice(first.start, end.end) }
}

/**
 * The index that a statement was to build, when it is there and INVALID. One of the same name may be in another schema,
 * where somebody else builds it: it is in that of its table.
 */
export async function halfBuilt(connection: Connection, sql: string): Promise<QualifiedName | undefined> {
  const build = buildOf(sql)
  if (build === undefined) return undefined
  const [row] = await connection.query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_index i ` +
      `JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid ` +
      `JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relkind = 'i' ` +
      `AND c.relname = ${literal(build.index)}::name AND i.indrelid = to_regclass(${literal(build.table)})`,
  )
  return row === undefined ? undefined : { schema: String(row['schema']), name: String(row['name']) }
}
