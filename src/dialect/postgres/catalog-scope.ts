/** What the queries on the catalogs look at: conditions that they share. */
import { string } from '../ansi.ts'

/** The server and the schemas to look at. */
export interface Scope {
  readonly version: number
  /** Schemas to read besides the current one; undefined reads all but the system's. */
  readonly schemas?: readonly string[]
}

/** Which schemas are looked at: `n` is pg_namespace. */
export function inScope({ schemas }: Scope): string {
  const own = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
  if (schemas === undefined) return own
  const named = schemas.map(string)
  return `${own} AND (n.nspname = current_schema()${
    named.length === 0 ? '' : ` OR n.nspname IN (${named.join(', ')})`
  })`
}

/** A name as introspection tells it, without the current schema: SQL over the name and its schema, which `n` has. */
export function shownName(name: string, schema = 'n.nspname'): string {
  return `(CASE WHEN ${schema} = current_schema() THEN '' ELSE ${schema} || '.' END || ${name})`
}

/** A name as SQL writes it; without the current schema, so that the SQL makes it wherever it runs. */
export function sqlName(schema: string, name: string): string {
  return `(CASE WHEN ${schema} = current_schema() THEN '' ELSE quote_ident(${schema}) || '.' END || quote_ident(${name}))`
}

/**
 * Whether an object was made after the server was set up (FirstNormalObjectId, src/include/access/transam.h): an index
 * finds these, among thousands of functions and operators. The schema `public` was not.
 *
 * Not for relations: there may be thousands, and until the catalogs are analyzed the planner takes them for a few and goes
 * through all indexes for each.
 */
export function isMade(oid: string): string {
  return `${oid} >= 16384`
}

const UNFILTERED: ReadonlySet<string> = new Set(['pg_namespace', 'pg_class'])

/** What an extension brought is its own affair. */
export function notOfExtension(catalog: string, oid: string): string {
  const made = UNFILTERED.has(catalog) ? '' : `${isMade(oid)} AND `
  return `${made}NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = '${catalog}'::regclass AND x.objid = ${oid}
    AND x.deptype = 'e')`
}

/**
 * Joins the comment of an object as `de.description`. obj_description() would be a query of its own for every row.
 * @param part the number of a column, of a column's comment
 */
export function commented(catalog: string, oid: string, part = '0'): string {
  return `LEFT JOIN pg_description de ON de.objoid = ${oid} AND de.classoid = '${catalog}'::regclass
    AND de.objsubid = ${part}`
}

/** Which relations are looked at: `c` is pg_class, `n` its pg_namespace. Partitions are their parent's affair. */
export function isRelation(scope: Scope, kinds: string): string {
  return `c.relkind IN (${kinds}) AND NOT c.relispartition AND c.relpersistence <> 't' AND ${inScope(scope)}
  AND ${notOfExtension('pg_class', 'c.oid')}`
}

/** The SQL that gives an object its comment, behind the SQL that makes it; empty where it has none. */
export function andComment(on: string, name: string, catalog: string, oid: string): string {
  return `coalesce('; COMMENT ON ${on} ' || ${name} || ' IS ' || quote_literal(obj_description(${oid}, '${catalog}')), '')`
}

/**
 * The SQL that gives a function or a type the rights that others than its owner have, behind the SQL that makes it: unlike
 * tables these are everybody's until that is revoked.
 */
export function andRights(on: 'FUNCTION' | 'TYPE', name: string, acl: string, owner: string): string {
  const privilege = on === 'FUNCTION' ? 'EXECUTE' : 'USAGE'
  const given =
    `(SELECT string_agg('; GRANT ${privilege} ON ${on} ' || ${name} || ' TO ' || a.grantee::regrole ||
    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, '' ORDER BY a.grantee)
    FROM aclexplode(${acl}) a WHERE a.grantee NOT IN (0, ${owner}))`
  return `CASE WHEN ${acl} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM aclexplode(${acl}) a WHERE a.grantee = 0)
    THEN '; REVOKE ${privilege} ON ${on} ' || ${name} || ' FROM PUBLIC' ELSE '' END || coalesce(${given}, '')`
}
