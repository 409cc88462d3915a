/**
 * The queries that read code and rights from PostgreSQL's catalogs: materialized views, functions, triggers, policies,
 * grants, and what the model has no words for.
 */
import { inScope, isMade, isRelation, notOfExtension, shownName } from './catalog-scope.ts'
import type { Scope } from './catalog-scope.ts'
import { globals } from './catalog-global.ts'
import { partitionCounts } from './unsaid-partitions.ts'
import { DETAIL_COLUMNS, details, seen } from './catalog-details.ts'

const materializedViews = (scope: Scope) => `
  SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name, pg_get_viewdef(c.oid) AS query,
    am.amname AS method, to_json(c.reloptions) AS options, ts.spcname AS tablespace, c.relispopulated AS populated,
    obj_description(c.oid, 'pg_class') AS comment
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
  LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace WHERE ${isRelation(scope, `'m'`)} ORDER BY 1`

const triggers = (scope: Scope) => `
  SELECT n.nspname AS schema, t.tgname AS name, c.relname AS table, pg_get_triggerdef(t.oid) AS sql,
    t.tgenabled AS enabled, fn.nspname AS function_schema, p.proname AS function,
    obj_description(t.oid, 'pg_trigger') AS comment
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = p.pronamespace
  WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND ${isRelation(scope, `'r', 'p', 'v'`)} ORDER BY 1, 3, 2`

const policies = (scope: Scope) => `
  SELECT p.polrelid::bigint AS relation, p.polname AS name, p.polcmd AS command, p.polpermissive AS permissive,
    (SELECT json_agg(r.rolname ORDER BY r.rolname COLLATE "C") FROM pg_roles r WHERE r.oid = ANY (p.polroles)) AS roles,
    pg_get_expr(p.polqual, p.polrelid) AS "using", pg_get_expr(p.polwithcheck, p.polrelid) AS "check",
    obj_description(p.oid, 'pg_policy') AS comment
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${isRelation(scope, `'r', 'p'`)} ORDER BY 1, 2`

/** What a range type brings with it depends on it internally. */
const OWN = (scope: Scope) =>
  `${inScope(scope)} AND ${isMade('p.oid')} AND NOT EXISTS (SELECT 1 FROM pg_depend x
    WHERE x.classid = 'pg_proc'::regclass AND x.objid = p.oid AND x.deptype IN ('e', 'i'))`

/** Written in C, or with a support function or transforms: `l` is pg_language. */
const FOREIGN = `(l.lanname IN ('c', 'internal') OR p.prosupport::oid <> 0 OR p.protrftypes IS NOT NULL)`

const functions = (scope: Scope) => `
  SELECT p.oid::bigint AS oid, n.nspname AS schema, p.proname AS name, p.prokind AS kind, l.lanname AS language,
    p.prosrc AS source, ${scope.version >= 140000 ? 'pg_get_function_sqlbody(p.oid)' : 'NULL'} AS standard,
    p.provolatile AS volatility, p.proparallel AS parallel, p.proisstrict AS strict, p.proleakproof AS leakproof,
    p.prosecdef AS security_definer, p.procost AS cost, p.prorows AS "rows", p.proretset AS is_set,
    to_json(p.proconfig) AS settings,
    CASE p.prokind WHEN 'f' THEN pg_get_function_result(p.oid) END AS result,
    obj_description(p.oid, 'pg_proc') AS comment,
    (SELECT json_agg(json_build_object('name', p.proargnames[u.position], 'mode', coalesce(p.proargmodes[u.position], 'i'),
        'type', format_type(u.type, NULL), 'default', pg_get_function_arg_default(p.oid, u.position::int)) ORDER BY u.position)
      FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY u (type, position)) AS arguments
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE p.prokind IN ('f', 'p') AND NOT ${FOREIGN} AND ${OWN(scope)}
  ORDER BY 2, 3, oidvectortypes(p.proargtypes) COLLATE "C"`

/** Rights of others than the owner. A function or type whose rights were changed may have lost those of everybody. */
const grants = (scope: Scope) => {
  const rights =
    `a.privilege_type AS privilege, CASE a.grantee WHEN 0 THEN 'public' ELSE r.rolname END AS grantee,
    a.is_grantable AS grantable, false AS revoked`
  const role = (owner: string) =>
    `LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE a.grantee <> ${owner} AND (a.grantee = 0 OR r.rolname IS NOT NULL)`
  const lost = (acl: string) =>
    `${acl} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM aclexplode(${acl}) a WHERE a.grantee = 0)`
  const none = (privilege: string) =>
    `'${privilege}' AS privilege, 'public' AS grantee, false AS grantable, true AS revoked`
  const routine =
    `SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS "on", n.nspname AS schema,
    p.proname AS name, p.oid::bigint AS function, NULL AS column`
  const type =
    `SELECT 'type' AS "on", n.nspname AS schema, t.typname AS name, NULL::bigint AS function, NULL AS column`
  const relation = (column: string) =>
    `SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS "on", n.nspname AS schema, c.relname AS name,
    NULL::bigint AS function, ${column} AS column`
  const procedures = `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace`
  const types = `FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace`
  const ownTypes = `t.typtype IN ('e', 'd') AND ${inScope(scope)} AND ${notOfExtension('pg_type', 't.oid')}`
  return [
    `${relation('NULL')}, ${rights} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN aclexplode(c.relacl) a ${role('c.relowner')} AND c.relacl IS NOT NULL AND ${
      isRelation(scope, `'r', 'p', 'v', 'm', 'S'`)
    }`,
    `${relation('f.attname')}, ${rights} FROM pg_attribute f JOIN pg_class c ON c.oid = f.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN aclexplode(f.attacl) a ${role('c.relowner')}
      AND f.attacl IS NOT NULL AND NOT f.attisdropped AND ${isRelation(scope, `'r', 'p', 'v', 'm'`)}`,
    `${routine}, ${rights} ${procedures} CROSS JOIN aclexplode(p.proacl) a ${role('p.proowner')}
      AND NOT (a.grantee = 0) AND p.prokind IN ('f', 'p') AND ${OWN(scope)}`,
    `${routine}, ${none('EXECUTE')} ${procedures} WHERE ${lost('p.proacl')} AND p.prokind IN ('f', 'p') AND ${
      OWN(scope)
    }`,
    `${type}, ${rights} ${types} CROSS JOIN aclexplode(t.typacl) a ${role('t.typowner')}
      AND NOT (a.grantee = 0) AND ${ownTypes}`,
    `${type}, ${none('USAGE')} ${types} WHERE ${lost('t.typacl')} AND ${ownTypes}`,
    `SELECT 'schema' AS "on", NULL AS schema, n.nspname AS name, NULL::bigint AS function, NULL AS column, ${rights}
      FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) a ${role('n.nspowner')} AND ${inScope(scope)}
      AND ${notOfExtension('pg_namespace', 'n.oid')}
      AND NOT EXISTS (SELECT 1 FROM pg_init_privs i CROSS JOIN aclexplode(i.initprivs) b
        WHERE i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid AND b.grantee = a.grantee
          AND b.privilege_type = a.privilege_type)`,
  ].join('\n  UNION ALL ') + ' ORDER BY 1, 2, 3, 4, 5, 6, 7'
}

/** What there is and the model cannot say. */
const unmanaged = (scope: Scope) => {
  const own = (catalog: string, alias: string) =>
    `${inScope(scope)} AND ${notOfExtension(catalog, `${alias}.oid`)}`
  const joined = (catalog: string, alias: string, schema: string) =>
    `FROM ${catalog} ${alias} JOIN pg_namespace n ON n.oid = ${alias}.${schema}`
  const others = [
    `SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window function' ELSE 'function' END AS kind,
      p.oid::regprocedure::text AS name ${
      joined('pg_proc', 'p', 'pronamespace')
    } JOIN pg_language l ON l.oid = p.prolang
      WHERE (p.prokind IN ('a', 'w') OR ${FOREIGN}) AND ${OWN(scope)}`,
    `SELECT CASE t.typtype WHEN 'c' THEN 'composite type' WHEN 'r' THEN 'range type' ELSE 'base type' END, ${
      shownName('t.typname')
    }
      ${joined('pg_type', 't', 'typnamespace')} LEFT JOIN pg_class c ON c.oid = t.typrelid
      WHERE (t.typtype = 'r' OR (t.typtype = 'c' AND c.relkind = 'c')
        OR (t.typtype = 'b' AND NOT EXISTS (SELECT 1 FROM pg_type e WHERE e.typarray = t.oid)))
      AND ${own('pg_type', 't')}`,
    `SELECT 'foreign table', ${shownName('c.relname')} ${joined('pg_class', 'c', 'relnamespace')}
      WHERE c.relkind = 'f' AND ${own('pg_class', 'c')}`,
    `SELECT 'operator', o.oid::regoperator::text ${joined('pg_operator', 'o', 'oprnamespace')}
      WHERE ${own('pg_operator', 'o')}`,
    `SELECT 'operator class', ${shownName('o.opcname')} ${joined('pg_opclass', 'o', 'opcnamespace')}
      WHERE ${own('pg_opclass', 'o')}`,
    `SELECT 'collation', ${shownName('o.collname')} ${joined('pg_collation', 'o', 'collnamespace')}
      WHERE ${own('pg_collation', 'o')}`,
    `SELECT 'text search configuration', ${shownName('o.cfgname')} ${
      joined('pg_ts_config', 'o', 'cfgnamespace')
    }
      WHERE ${own('pg_ts_config', 'o')}`,
    `SELECT 'text search dictionary', ${shownName('o.dictname')} ${joined('pg_ts_dict', 'o', 'dictnamespace')}
      WHERE ${own('pg_ts_dict', 'o')}`,
    `SELECT 'event trigger', e.evtname FROM pg_event_trigger e WHERE ${
      notOfExtension('pg_event_trigger', 'e.oid')
    }`,
    `SELECT 'publication', e.pubname FROM pg_publication e`,
    `SELECT kind, name FROM ${globals(scope)}`,
  ]
  return `WITH ${seen(scope)}
    SELECT kind, name, NULL::name AS on_schema, NULL::name AS on_name, NULL AS sql
    FROM (${others.join('\n  UNION ALL ')}) o (kind, name)
    UNION ALL ${partitionCounts(scope)}
    UNION ALL SELECT kind, name, on_schema, on_name, sql
    FROM (${details(scope).join('\n  UNION ALL ')}) d (${DETAIL_COLUMNS.join(', ')}) ORDER BY 1, 2`
}

export const CODE_QUERIES = { materializedViews, triggers, policies, functions, grants, unmanaged } as const
