/**
 * What is in no schema, or says something of all: casts, default privileges, what everybody may no more do in a schema that
 * the server itself made. The model cannot say them, so that each is named, and told with the SQL that makes it (manual,
 * "pg_cast", "pg_default_acl" and "pg_init_privs").
 */
import { andComment, inScope, isMade, notOfExtension } from './catalog-scope.ts'
import type { Scope } from './catalog-scope.ts'

/** As a table expression with the columns `kind`, `name`, `sql` and `back`. */
export function globals(scope: Scope): string {
  return `(${casts()} UNION ALL ${defaultPrivileges(scope)} UNION ALL ${
    lostRights(scope)
  }) g (kind, name, sql, back)`
}

/** The one of a range to its multirange is made with the type. */
function casts(): string {
  const what = `'(' || c.castsource::regtype || ' AS ' || c.casttarget::regtype || ')'`
  return `SELECT 'cast', ${what}, 'CREATE CAST ' || ${what} || CASE c.castmethod WHEN 'i' THEN ' WITH INOUT'
      WHEN 'b' THEN ' WITHOUT FUNCTION' ELSE ' WITH FUNCTION ' || c.castfunc::regprocedure END ||
    CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END ||
    ${andComment('CAST', what, 'pg_cast', 'c.oid')}, 'DROP CAST ' || ${what}
  FROM pg_cast c WHERE ${isMade('c.oid')} AND NOT EXISTS (SELECT 1 FROM pg_depend x
    WHERE x.classid = 'pg_cast'::regclass AND x.objid = c.oid AND x.deptype IN ('e', 'i'))`
}

/** Those of a schema are added to what there is by itself; those of none take its place. */
function defaultPrivileges(scope: Scope): string {
  const kind =
    `CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
    WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END`
  const place = `CASE WHEN n.nspname IS NULL THEN '' ELSE ' IN SCHEMA ' || quote_ident(n.nspname) END`
  const here = 'SELECT grantee, privilege_type, is_grantable FROM aclexplode(d.defaclacl)'
  const before = `SELECT grantee, privilege_type, is_grantable FROM aclexplode(CASE WHEN d.defaclnamespace = 0
    THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END)`
  const differing = (given: boolean, some: string, but: string) =>
    `SELECT ${given} AS given, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS privileges
      FROM (${some} EXCEPT ${but}) x GROUP BY grantee, is_grantable`
  const statements = (given: string) =>
    `string_agg('ALTER DEFAULT PRIVILEGES FOR ROLE ' || d.defaclrole::regrole || ${place} ||
      CASE WHEN ${given} THEN ' GRANT ' ELSE ' REVOKE ' END || p.privileges || ' ON ' || ${kind} ||
      CASE WHEN ${given} THEN ' TO ' ELSE ' FROM ' END ||
      CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE p.grantee::regrole::text END ||
      CASE WHEN ${given} AND p.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, '; ' ORDER BY p.given, p.grantee)`
  return `SELECT 'default privileges', d.defaclrole::regrole || ' ON ' || ${kind} || ${place}, ${
    statements('p.given')
  },
    ${statements('NOT p.given')}
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
  CROSS JOIN LATERAL (${differing(true, here, before)} UNION ALL ${differing(false, before, here)}) p
  WHERE ${notOfExtension('pg_default_acl', 'd.oid')} AND (d.defaclnamespace = 0 OR (${inScope(scope)}))
  GROUP BY d.oid, d.defaclrole, d.defaclobjtype, n.nspname`
}

/** Of everybody's rights in the schema `public` those that are revoked: all the rest that is granted the model says. */
function lostRights(scope: Scope): string {
  const rights =
    `string_agg(i.privilege_type, ', ' ORDER BY i.privilege_type) || ' ON SCHEMA ' || quote_ident(n.nspname)`
  return `SELECT 'revoked rights of everybody on schema', n.nspname, 'REVOKE ' || ${rights} || ' FROM PUBLIC',
    'GRANT ' || ${rights} || ' TO PUBLIC'
  FROM pg_init_privs p JOIN pg_namespace n ON n.oid = p.objoid CROSS JOIN aclexplode(p.initprivs) i
  WHERE p.classoid = 'pg_namespace'::regclass AND i.grantee = 0 AND ${inScope(scope)} AND NOT EXISTS (
    SELECT 1 FROM aclexplode(n.nspacl) a WHERE a.grantee = 0 AND a.privilege_type = i.privilege_type)
  GROUP BY n.nspname`
}
