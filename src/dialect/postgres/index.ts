/** PostgreSQL 13 to 18. */
import type { QualifiedName } from '../../model/model.ts'
import type { Connection, Dialect, Limit, SessionSettings } from '../dialect.ts'
import { connect } from './connect.ts'
import { sameDefault } from './default.ts'
import { loadParser, missedParser, sameExpression } from './expression.ts'
import { transience } from './failure.ts'
import { halfBuilt } from './half-built.ts'
import { holders } from './holders.ts'
import { introspect } from './introspect.ts'
import { normalise } from './normalise.ts'
import { project } from './project.ts'
import { hidesRows } from './row-security.ts'
import { withScratch } from './scratch.ts'
import { literal, qualified, spelling } from './spelling.ts'
import { sameType } from './types.ts'
import { preamble, unsaid } from './unsaid.ts'

/** `SET lock_timeout`, `SET statement_timeout` (manual, "Client Connection Defaults"), in milliseconds; 0 is no limit. */
function settings({ lockTimeout, statementTimeout }: SessionSettings, local: boolean): readonly string[] {
  const set = (name: string, limit: Limit | undefined): string[] => {
    if (limit === undefined) return []
    if (limit === 'default') return [local ? `SET LOCAL ${name} TO DEFAULT` : `RESET ${name}`]
    return [`${local ? 'SET LOCAL' : 'SET'} ${name} = ${limit}`]
  }
  return [...set('lock_timeout', lockTimeout), ...set('statement_timeout', statementTimeout)]
}

/** CREATE without a schema makes a table in the current one; there may be none. */
async function home(
  connection: Connection,
  names: readonly QualifiedName[],
): Promise<readonly QualifiedName[]> {
  const found = names.map((name, i) =>
    `coalesce((SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ` +
    `WHERE c.oid = to_regclass(${literal(qualified(name))})), current_schema()) AS s${i}`
  )
  const [row] = await connection.query(`SELECT ${found.join(', ')}`)
  return names.map((name, i) => {
    const schema = row?.[`s${i}`]
    return name.schema === undefined && typeof schema === 'string' ? { ...name, schema } : name
  })
}

/** A name without a schema is looked for along the search_path, as SQL would find it. */
async function hasTable(connection: Connection, name: QualifiedName): Promise<boolean> {
  const found = await connection.query(
    `SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass(${
      literal(qualified(name))
    }) AND relkind IN ('r', 'p')`,
  )
  return found.length > 0
}

/** What VACUUM and ANALYZE saw last (manual, "pg_class"): -1, before version 14 also 0, when there was none. */
async function estimateRows(connection: Connection, name: QualifiedName): Promise<number | undefined> {
  const [row] = await connection.query(
    `SELECT reltuples FROM pg_catalog.pg_class WHERE oid = to_regclass(${literal(qualified(name))})`,
  )
  const rows = Number(row?.['reltuples'] ?? 0)
  return rows > 0 ? Math.round(rows) : undefined
}

/** PostgreSQL as a {@link Dialect}. */
export const postgres: Dialect = {
  name: 'postgres',
  spelling,
  forgets: false,
  newest: { dialect: 'postgres', version: 180000, schema: 'public' },
  lockHolds: true,
  settings,
  connect,
  transience,
  holders,
  halfBuilt,
  introspect,
  unsaid,
  preamble,
  withScratch,
  hasTable,
  estimateRows,
  hidesRows,
  home,
  project,
  sameType,
  sameDefault,
  sameExpression,
  loadComparison: loadParser,
  comparedBlindly: missedParser,
  normalise,
  scriptFrame: (_, limits = {}) => ({ before: ['BEGIN', ...settings(limits, true)], after: ['COMMIT'] }),
}
