/**
 * The queries that read a schema from PostgreSQL's catalogs (manual, chapter "System Catalogs"), and the shapes of their
 * rows. They take no parameters, so that all of them travel in one round trip.
 */
import type { Connection, IntrospectOptions, Row } from '../dialect.ts'
import { CODE_QUERIES } from './catalog-code.ts'
import { commented, inScope, isRelation, notOfExtension, shownName } from './catalog-scope.ts'
import type { Scope } from './catalog-scope.ts'
import { written } from './written.ts'

const settings = () => `SELECT current_schema() AS schema`

const schemas = (scope: Scope) => `
  SELECT n.nspname AS name FROM pg_namespace n
  WHERE ${inScope(scope)} AND ${notOfExtension('pg_namespace', 'n.oid')} ORDER BY 1`

const extensions = () => `
  SELECT e.extname AS name, n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname <> 'plpgsql' ORDER BY 1`

const enums = (scope: Scope) => `
  SELECT n.nspname AS schema, t.typname AS name, obj_description(t.oid, 'pg_type') AS comment,
    (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS values
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'e' AND ${inScope(scope)} AND ${notOfExtension('pg_type', 't.oid')} ORDER BY 1, 2`

/** What tells a type: its text, and whether the type itself or its element is an enum or domain. */
const TYPE = (type: string, modifier: string, dimensions: string) => `
    format_type(${type}.oid, ${modifier}) AS type, ${dimensions} AS dimensions,
    CASE WHEN ${type}.typcategory = 'A' THEN el.typtype ELSE ${type}.typtype END AS type_kind,
    CASE WHEN ${type}.typcategory = 'A' THEN el.typname ELSE ${type}.typname END AS type_name,
    CASE WHEN ${type}.typcategory = 'A' THEN eln.nspname ELSE tn.nspname END AS type_schema,
    ${type}.typcategory = 'A' AS is_array`
const TYPE_JOIN = (type: string) => `
  JOIN pg_namespace tn ON tn.oid = ${type}.typnamespace
  LEFT JOIN pg_type el ON el.oid = ${type}.typelem AND ${type}.typcategory = 'A'
  LEFT JOIN pg_namespace eln ON eln.oid = el.typnamespace`

const domains = (scope: Scope) => `
  SELECT n.nspname AS schema, d.typname AS name, d.typnotnull AS not_null, pg_get_expr(d.typdefaultbin, 0) AS default_value,
    CASE WHEN d.typcollation <> t.typcollation THEN co.collname END AS collation,
    obj_description(d.oid, 'pg_type') AS comment, ${TYPE('t', 'd.typtypmod', 'd.typndims')},
    (SELECT json_agg(json_build_object('name', c.conname, 'definition', pg_get_constraintdef(c.oid),
        'valid', c.convalidated, 'comment', obj_description(c.oid, 'pg_constraint')) ORDER BY c.conname)
      FROM pg_constraint c WHERE c.contypid = d.oid AND c.contype = 'c') AS checks
  FROM pg_type d JOIN pg_namespace n ON n.oid = d.typnamespace JOIN pg_type t ON t.oid = d.typbasetype ${
  TYPE_JOIN('t')
}
  LEFT JOIN pg_collation co ON co.oid = d.typcollation
  WHERE d.typtype = 'd' AND ${inScope(scope)} AND ${notOfExtension('pg_type', 'd.oid')} ORDER BY 1, 2`

/** Owner is the column it is bound to: `a` by OWNED BY or serial, `i` by identity. */
const sequences = (scope: Scope) => `
  SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name, s.seqtypid::regtype::text AS type,
    s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache,
    s.seqcycle AS cycle, obj_description(c.oid, 'pg_class') AS comment, d.deptype AS owned, d.refobjid::bigint AS owner, d.refobjsubid AS owner_column
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
  WHERE ${inScope(scope)} AND ${notOfExtension('pg_class', 'c.oid')} ORDER BY 2, 3`

const relations = (scope: Scope) => `
  SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
    to_json(c.reloptions) AS options, ts.spcname AS tablespace, de.description AS comment,
    CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS partition_by,
    CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END AS query, c.relrowsecurity AS row_security,
    c.relforcerowsecurity AS force_row_security, h.parents AS inherits
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
  LEFT JOIN (SELECT i.inhrelid, json_agg(${
  shownName('p.relname', 'pn.nspname')
} ORDER BY i.inhseqno) AS parents
    FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
    GROUP BY 1) h ON h.inhrelid = c.oid
  ${commented('pg_class', 'c.oid')}
  WHERE ${isRelation(scope, `'r', 'p', 'v'`)} ORDER BY 2, 3`

/**
 * Inherited columns belong to the parent, unless something is said of them for the table alone: a default, a comment, or
 * NOT NULL but for that of a primary key.
 */
const LOCAL = `(a.attislocal OR de.description IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM pg_inherits i JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname
      LEFT JOIN pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum
      WHERE i.inhrelid = a.attrelid
        AND (ad.oid IS NULL OR pg_get_expr(pd.adbin, pd.adrelid) = pg_get_expr(ad.adbin, ad.adrelid))
        AND (pa.attnotnull OR NOT a.attnotnull OR EXISTS (SELECT 1 FROM pg_constraint k
          WHERE k.conrelid = a.attrelid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)))))`

/** To write an expression with columns, the server opens their table, which takes its time; a default has none. */
const DEFAULT = `pg_get_expr(ad.adbin, CASE a.attgenerated WHEN '' THEN 0 ELSE ad.adrelid END)`

const columns = (scope: Scope) => `
  SELECT a.attrelid::bigint AS relation, a.attnum AS number, a.attname AS name, a.attnotnull AS not_null,
    a.attidentity AS identity, a.attgenerated AS generated, ${LOCAL} AS local,
    ${DEFAULT} AS default_value,
    CASE WHEN a.attcollation <> t.typcollation THEN co.collname END AS collation,
    de.description AS comment, ${TYPE('t', 'a.atttypmod', 'a.attndims')}
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid ${TYPE_JOIN('t')}
  LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
  LEFT JOIN pg_collation co ON co.oid = a.attcollation
  ${commented('pg_class', 'a.attrelid', 'a.attnum')}
  WHERE a.attnum > 0 AND NOT a.attisdropped AND ${isRelation(scope, `'r', 'p'`)} ORDER BY 1, 2`

/** NOT ENFORCED, which came with 18, is a detail of its own: nothing can validate such a constraint. */
const validity = ({ version }: Scope) =>
  version >= 180000 ? '(k.convalidated OR NOT k.conenforced)' : 'k.convalidated'

const constraints = (scope: Scope) => `
  SELECT k.oid::bigint AS oid, k.conrelid::bigint AS relation, k.conname AS name, k.contype AS kind,
    to_json(k.conkey) AS columns, k.condeferrable AS deferrable, k.condeferred AS deferred, ${
  validity(scope)
} AS valid,
    k.connoinherit AS no_inherit, fn.nspname AS target_schema, f.relname AS target, k.confupdtype AS on_update,
    k.confdeltype AS on_delete, k.confmatchtype AS match, k.conindid::bigint AS index,
    pg_get_expr(k.conbin, k.conrelid) AS expression, de.description AS comment,
    CASE k.contype WHEN 'f' THEN (SELECT json_agg(fa.attname ORDER BY u.position) FROM unnest(k.confkey) WITH ORDINALITY u (number, position)
      JOIN pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = u.number) END AS target_columns,
    CASE k.contype WHEN 'x' THEN (SELECT json_agg(o.oprname ORDER BY u.position) FROM unnest(k.conexclop) WITH ORDINALITY u (oid, position)
      JOIN pg_operator o ON o.oid = u.oid) END AS operators
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
  ${commented('pg_constraint', 'k.oid')}
  WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conislocal AND k.conparentid = 0
    AND ${isRelation(scope, `'r', 'p'`)} ORDER BY 2, 4, k.oid`

/**
 * The keys of each index: the column or expression, and the operator class and collation where they are not the default
 * (the collation of an expression is what it has by itself, which its text alone tells).
 * indoption's bits are DESC (1) and NULLS FIRST (2). What has a number below 16384 (FirstNormalObjectId of the server's
 * access/transam.h) came with the server.
 */
const KEYS = `
  SELECT i.indexrelid, json_agg(json_build_object(
      'column', a.attname,
      'expression', CASE WHEN a.attname IS NULL THEN pg_get_indexdef(i.indexrelid, u.position::int, false) END,
      'included', u.position > i.indnkeyatts,
      'option', i.indoption[u.position - 1],
      'opclass', oc.opcname,
      'collation', CASE WHEN a.attname IS NOT NULL OR position(
        pg_get_indexdef(i.indexrelid, u.position::int, false) || ' COLLATE ' IN pg_get_indexdef(i.indexrelid)) > 0
        THEN ic.collname END) ORDER BY u.position) AS keys
  FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY u (number, position)
  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number AND u.number > 0
  LEFT JOIN pg_opclass oc ON oc.oid = i.indclass[u.position - 1] AND NOT oc.opcdefault
  LEFT JOIN pg_collation ic ON ic.oid = i.indcollation[u.position - 1] AND ic.oid IS DISTINCT FROM a.attcollation
  WHERE i.indrelid >= 16384 GROUP BY 1`

/** All indexes, those of constraints too. */
const indexes = (scope: Scope) => `
  SELECT i.indexrelid::bigint AS oid, i.indrelid::bigint AS relation, x.relname AS name, i.indisunique AS is_unique,
    ${scope.version >= 150000 ? 'i.indnullsnotdistinct' : 'false'} AS nulls_not_distinct, am.amname AS method,
    pg_get_expr(i.indpred, i.indrelid) AS predicate, to_json(x.reloptions) AS options, ts.spcname AS tablespace,
    de.description AS comment, NOT i.indisvalid AND x.relkind = 'i' AS invalid, k.keys
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am am ON am.oid = x.relam
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace JOIN (${KEYS}) k ON k.indexrelid = i.indexrelid
  ${commented('pg_class', 'x.oid')}
  WHERE ${isRelation(scope, `'r', 'p', 'm'`)} ORDER BY 2, x.relname`

const QUERIES = {
  settings,
  schemas,
  extensions,
  enums,
  domains,
  sequences,
  relations,
  columns,
  constraints,
  indexes,
  ...CODE_QUERIES,
} as const

/** The rows of every query. */
export type Catalog = Readonly<Record<keyof typeof QUERIES, readonly Row[]>>

/** Reads the catalogs, in one round trip. */
export async function readCatalog(
  connection: Connection,
  { schemas, lockTimeout }: Pick<IntrospectOptions, 'schemas' | 'lockTimeout'>,
): Promise<Catalog> {
  const scope: Scope = { version: connection.server.version, ...(schemas === undefined ? {} : { schemas }) }
  const names = Object.keys(QUERIES) as (keyof typeof QUERIES)[]
  const rows = await written(connection, names.map((name) => QUERIES[name](scope)), lockTimeout)
  return Object.fromEntries(names.map((name, i) => [name, rows[i] ?? []])) as Record<
    keyof Catalog,
    readonly Row[]
  >
}
