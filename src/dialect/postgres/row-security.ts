/** Rows that the server hides from who is connected (manual, "Row Security Policies"). */
import type { QualifiedName } from '../../model/model.ts'
import type { Connection } from '../dialect.ts'
import { literal, qualified } from './spelling.ts'

/** A policy that lets the user do everything with every row, and is not narrowed by a restrictive one. */
const OPEN = `EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive ` +
  `AND p.polcmd = '*' AND pg_get_expr(p.polqual, c.oid) = 'true' ` +
  `AND (0 = ANY (p.polroles) OR EXISTS (SELECT FROM unnest(p.polroles) AS r WHERE pg_has_role(r, 'USAGE')))) ` +
  `AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive)`

/** As {@link Dialect.hidesRows} says. */
export async function hidesRows(connection: Connection, table: QualifiedName): Promise<boolean> {
  const [row] = await connection.query(
    `SELECT row_security_active(c.oid) AND NOT (${OPEN}) AS hides FROM pg_catalog.pg_class c ` +
      `WHERE c.oid = to_regclass(${literal(qualified(table))})`,
  )
  return row?.['hides'] === true
}
