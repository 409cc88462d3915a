/** Who has locked what a statement needs (manual, "pg_locks"). */
import type { Connection, Row } from '../dialect.ts'
import { literal } from './spelling.ts'

/** So many are told of. */
const MOST = 5

/**
 * Other sessions that have locked tables which a statement names, those first that began first. What they run is not
 * told: it may hold secrets.
 */
export async function holders(connection: Connection, sql: string): Promise<readonly string[]> {
  const rows = await connection.query(
    `SELECT l.pid, string_agg(DISTINCT quote_ident(c.relname), ', ') AS tables, a.application_name, a.usename, a.state, ` +
      `to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since, ` +
      `(SELECT min(p.gid) FROM pg_catalog.pg_prepared_xacts p JOIN pg_catalog.pg_locks x ON x.transactionid = p.transaction ` +
      `WHERE x.granted AND x.pid IS NULL AND x.virtualtransaction = l.virtualtransaction) AS gid ` +
      `FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation ` +
      `LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid ` +
      `WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid() AND c.oid >= 16384 ` +
      `AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S') ` +
      `AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) ` +
      `AND strpos(lower(${literal(sql)}), lower(c.relname)) > 0 ` +
      `GROUP BY l.pid, l.virtualtransaction, a.application_name, a.usename, a.state, a.xact_start ` +
      `ORDER BY a.xact_start LIMIT ${MOST}`,
  )
  return rows.map(inWords)
}

function inWords(row: Row): string {
  const part = (label: string, value: unknown) =>
    value === null || value === undefined || value === '' ? '' : `${label}${String(value)}`
  const tables = String(row['tables'])
  if (row['pid'] === null) {
    return `${tables}: locked by the prepared transaction${
      part(' ', row['gid'])
    }, which COMMIT PREPARED or ROLLBACK PREPARED ends`
  }
  return `${tables}: locked by process ${String(row['pid'])}${
    part(', application ', row['application_name'])
  }` +
    `${part(', user ', row['usename'])}${part(', ', row['state'])}${
      part(', in a transaction since ', row['since'])
    }`
}
