/**
 * SQL for what a database has and the model cannot say: as pg_dump would write it, from the functions that PostgreSQL has
 * for it where there are some (manual, "System Catalog Information Functions").
 */
import type { Connection, IntrospectOptions, Row, UnsaidObject } from '../dialect.ts'
import type { Model } from '../../model/model.ts'
import { DETAIL_COLUMNS, details, seen } from './catalog-details.ts'
import { globals } from './catalog-global.ts'
import { andComment, andRights, inScope, notOfExtension, shownName, sqlName } from './catalog-scope.ts'
import type { Scope } from './catalog-scope.ts'
import { isPartitionCount, onPartitions, partitions } from './unsaid-partitions.ts'
import type { Query } from './unsaid-partitions.ts'
import { text, textOr } from './row.ts'
import { written } from './written.ts'

const RIGHTS = andRights('FUNCTION', 'p.oid::regprocedure', 'p.proacl', 'p.proowner')

const functions: Query = (scope) => `
  SELECT CASE p.prokind WHEN 'w' THEN 'window function' ELSE 'function' END AS kind, p.oid::regprocedure::text AS name,
    pg_get_functiondef(p.oid) || ${
  andComment('FUNCTION', 'p.oid::regprocedure', 'pg_proc', 'p.oid')
} || ${RIGHTS} AS sql, 'DROP FUNCTION ' || p.oid::regprocedure AS back, true AS early, 1 AS place, NULL::name AS own
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE p.prokind IN ('f', 'w') AND (p.prokind = 'w' OR l.lanname IN ('c', 'internal') OR p.prosupport::oid <> 0
    OR p.protrftypes IS NOT NULL) AND ${inScope(scope)} AND ${notOfExtension('pg_proc', 'p.oid')}
    AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = 'pg_proc'::regclass AND x.objid = p.oid AND x.deptype = 'i')`

/** Ordered-set and moving aggregates are left for people to write. */
const aggregates: Query = (scope) => {
  const name = sqlName('n.nspname', 'p.proname')
  const args = `coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*')`
  const option = (word: string, column: string) =>
    `CASE WHEN a.${column}::oid = 0 THEN '' ELSE ', ${word} = ' || a.${column}::regproc END`
  return `
  SELECT 'aggregate', p.oid::regprocedure::text, 'CREATE AGGREGATE ' || ${name} || '(' || ${args} || ') (SFUNC = ' ||
    a.aggtransfn || ', STYPE = ' || format_type(a.aggtranstype, NULL) || ${
    option('FINALFUNC', 'aggfinalfn')
  } ||
    ${option('COMBINEFUNC', 'aggcombinefn')} || ${option('SERIALFUNC', 'aggserialfn')} ||
    ${option('DESERIALFUNC', 'aggdeserialfn')} ||
    CASE WHEN a.agginitval IS NULL THEN '' ELSE ', INITCOND = ' || quote_literal(a.agginitval) END ||
    CASE p.proparallel WHEN 's' THEN ', PARALLEL = SAFE' WHEN 'r' THEN ', PARALLEL = RESTRICTED' ELSE '' END || ')' ||
    ${andComment('AGGREGATE', `${name} || '(' || ${args} || ')'`, 'pg_proc', 'p.oid')} || ${RIGHTS},
    'DROP AGGREGATE ' || ${name} || '(' || ${args} || ')', false, 1, p.proname
  FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE a.aggkind = 'n' AND a.aggmtransfn::oid = 0 AND a.aggsortop = 0 AND ${inScope(scope)}
    AND ${notOfExtension('pg_proc', 'p.oid')}`
}

/** Words tell nothing of who needs an operator: it comes last. */
const operators: Query = (scope) => {
  const name =
    `(CASE WHEN n.nspname = current_schema() THEN '' ELSE quote_ident(n.nspname) || '.' END || o.oprname)`
  const called =
    `${name} || ' (' || coalesce(nullif(o.oprleft, 0)::regtype::text, 'NONE') || ', ' || o.oprright::regtype || ')'`
  const option = (word: string, holds: string, value: string) =>
    `CASE WHEN ${holds} THEN ', ${word}' || ${value} ELSE '' END`
  const other = (word: string, column: string) =>
    `coalesce((SELECT ', ${word} = OPERATOR(' || quote_ident(xn.nspname) || '.' || x.oprname || ')' FROM pg_operator x
      JOIN pg_namespace xn ON xn.oid = x.oprnamespace WHERE x.oid = o.${column}), '')`
  return `
  SELECT 'operator', o.oid::regoperator::text, 'CREATE OPERATOR ' || ${name} || ' (FUNCTION = ' || o.oprcode ||
    ${
    option('LEFTARG = ', 'o.oprleft <> 0', 'o.oprleft::regtype')
  } || ', RIGHTARG = ' || o.oprright::regtype ||
    ${other('COMMUTATOR', 'oprcom')} || ${other('NEGATOR', 'oprnegate')} ||
    ${option('RESTRICT = ', 'o.oprrest::oid <> 0', 'o.oprrest')} ||
    ${option('JOIN = ', 'o.oprjoin::oid <> 0', 'o.oprjoin')} ||
    ${option('HASHES', 'o.oprcanhash', `''`)} || ${option('MERGES', 'o.oprcanmerge', `''`)} || ')' ||
    ${andComment('OPERATOR', called, 'pg_operator', 'o.oid')}, 'DROP OPERATOR ' || ${called}, false, 1, NULL
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
  WHERE o.oprcode::oid <> 0 AND o.oprright <> 0 AND ${inScope(scope)} AND ${
    notOfExtension('pg_operator', 'o.oid')
  }`
}

const types: Query = (scope) => {
  const name = sqlName('n.nspname', 't.typname')
  const comment = andComment('TYPE', name, 'pg_type', 't.oid')
  const rights = andRights('TYPE', name, 't.typacl', 't.typowner')
  const fields =
    `coalesce((SELECT string_agg('; COMMENT ON COLUMN ' || ${name} || '.' || quote_ident(f.attname) || ' IS ' ||
    quote_literal(d.description), '' ORDER BY f.attnum) FROM pg_attribute f JOIN pg_description d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = f.attrelid AND d.objsubid = f.attnum WHERE f.attrelid = c.oid), '')`
  return `
  SELECT 'composite type', ${shownName('t.typname')}, 'CREATE TYPE ' || ${name} || ' AS (' ||
    (SELECT string_agg(quote_ident(f.attname) || ' ' || format_type(f.atttypid, f.atttypmod), ', ' ORDER BY f.attnum)
      FROM pg_attribute f WHERE f.attrelid = c.oid AND f.attnum > 0 AND NOT f.attisdropped) || ')' || ${comment} || ${rights} || ${fields},
    'DROP TYPE ' || ${name}, true, 2, NULL
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
  WHERE t.typtype = 'c' AND c.relkind = 'c' AND ${inScope(scope)} AND ${notOfExtension('pg_type', 't.oid')}
  UNION ALL
  SELECT 'range type', ${shownName('t.typname')}, 'CREATE TYPE ' || ${name} || ' AS RANGE (SUBTYPE = ' ||
    format_type(r.rngsubtype, NULL) ||
    CASE WHEN r.rngsubdiff::oid = 0 THEN '' ELSE ', SUBTYPE_DIFF = ' || r.rngsubdiff END || ')' || ${comment} || ${rights},
    'DROP TYPE ' || ${name}, true, 2, NULL
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid
  WHERE r.rngcanonical::oid = 0 AND ${inScope(scope)} AND ${notOfExtension('pg_type', 't.oid')}`
}

/** The columns of the locale are called otherwise in every other version: they are read from the row as a whole. */
const collations: Query = (scope) => {
  const name = sqlName('n.nspname', 'o.collname')
  const field = (key: string) => `quote_literal(to_jsonb(o) ->> '${key}')`
  return `
  SELECT 'collation', ${shownName('o.collname')}, 'CREATE COLLATION ' || ${name} || ' (' ||
    CASE o.collprovider WHEN 'c' THEN 'PROVIDER = libc, LC_COLLATE = ' || ${
    field('collcollate')
  } || ', LC_CTYPE = ' ||
      ${field('collctype')}
    ELSE CASE o.collprovider WHEN 'i' THEN 'PROVIDER = icu' ELSE 'PROVIDER = builtin' END || ', LOCALE = ' ||
      coalesce(${field('colllocale')}, ${field('colliculocale')}, ${field('collcollate')}) END ||
    CASE WHEN o.collisdeterministic THEN '' ELSE ', DETERMINISTIC = false' END || ')' ||
    ${andComment('COLLATION', name, 'pg_collation', 'o.oid')}, 'DROP COLLATION ' || ${name}, true, 0, NULL
  FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
  WHERE o.collprovider <> 'd' AND ${inScope(scope)} AND ${notOfExtension('pg_collation', 'o.oid')}`
}

const rest: Query = () => {
  const table = sqlName('n.nspname', 'c.relname')
  return `
  SELECT 'event trigger', e.evtname, 'CREATE EVENT TRIGGER ' || quote_ident(e.evtname) || ' ON ' || e.evtevent ||
    CASE WHEN e.evttags IS NULL THEN '' ELSE ' WHEN TAG IN (' ||
      (SELECT string_agg(quote_literal(one), ', ') FROM unnest(e.evttags) one) || ')' END ||
    ' EXECUTE FUNCTION ' || e.evtfoid::regproc || '()' ||
    ${
    andComment('EVENT TRIGGER', 'quote_ident(e.evtname)', 'pg_event_trigger', 'e.oid')
  }, 'DROP EVENT TRIGGER ' || quote_ident(e.evtname), false, 1001, NULL
  FROM pg_event_trigger e WHERE e.evtenabled = 'O' AND ${notOfExtension('pg_event_trigger', 'e.oid')}
  UNION ALL
  SELECT 'publication', e.pubname, 'CREATE PUBLICATION ' || quote_ident(e.pubname) ||
    CASE WHEN e.puballtables THEN ' FOR ALL TABLES' ELSE coalesce((SELECT ' FOR TABLE ' ||
      string_agg(${table}, ', ' ORDER BY c.relname)
      FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE r.prpubid = e.oid), '') END || ' WITH (publish = ' || quote_literal(concat_ws(', ',
        CASE WHEN e.pubinsert THEN 'insert' END, CASE WHEN e.pubupdate THEN 'update' END,
        CASE WHEN e.pubdelete THEN 'delete' END, CASE WHEN e.pubtruncate THEN 'truncate' END)) || ')' ||
    ${andComment('PUBLICATION', 'quote_ident(e.pubname)', 'pg_publication', 'e.oid')},
    'DROP PUBLICATION ' || quote_ident(e.pubname), false, 1002, NULL
  FROM pg_publication e`
}

/**
 * A database holds functions whose bodies were fine where they were made, under another search_path or before each other:
 * pg_dump does not have them looked at either.
 */
export function preamble({ functions }: Model): UnsaidObject | undefined {
  if (!functions.some(({ language }) => language === 'sql' || language === 'plpgsql')) return undefined
  const option = 'check_function_bodies'
  return { what: option, sql: `SET LOCAL ${option} = off`, back: `RESET ${option}`, early: true }
}

/** Last: default privileges are of what is made after them. */
const everywhere: Query = (scope) => `
  SELECT kind, name, sql, back, false, 1003, NULL FROM ${globals(scope)}`

function whatOf(row: Row): string {
  return `${text(row, 'kind')} "${text(row, 'name')}"`
}

/** As {@link Dialect.unsaid} says. */
export async function unsaid(
  connection: Connection,
  model: Model,
  { schemas }: IntrospectOptions = {},
): Promise<readonly UnsaidObject[]> {
  const scope: Scope = { version: connection.server.version, ...(schemas === undefined ? {} : { schemas }) }
  const objects = [
    functions,
    aggregates,
    operators,
    types,
    collations,
    partitions,
    onPartitions,
    rest,
    everywhere,
  ].map((
    query,
  ) => query(scope))
  const queries = [
    `SELECT *, false AS detail FROM (${objects.join('\nUNION ALL')}) o`,
    `
  SELECT kind, name, sql, back, false, 1000, NULL, true FROM (${details(scope).join('\nUNION ALL ')}) d (${
      DETAIL_COLUMNS.join(', ')
    })
  WHERE sql IS NOT NULL`,
  ]
  const [rows = []] = await written(connection, [
    `WITH ${seen(scope)} ${queries.join('\nUNION ALL')}\nORDER BY place, name`,
  ])
  const known = new Set(model.unmanaged?.map((one) => one.what))
  const found = rows.filter((row) => row['detail'] !== true || known.has(whatOf(row))).map((
    row,
  ): UnsaidObject => ({
    what: whatOf(row),
    sql: textOr(row, 'sql')?.trim(),
    back: textOr(row, 'back'),
    early: row['early'] === true,
    ...(textOr(row, 'own') === undefined ? {} : { name: text(row, 'own') }),
  }))
  const told = new Set(found.map((one) => one.what))
  const others = (model.unmanaged ?? []).filter(({ what }) => !told.has(what) && !isPartitionCount(what))
  return [
    ...found,
    ...others.map(({ what }): UnsaidObject => ({ what, sql: undefined, back: undefined, early: false })),
  ]
}
