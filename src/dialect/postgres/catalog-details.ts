/**
 * What a table, view or sequence has that the model cannot say though it has the object itself: it is named, so that
 * nobody takes what `inspect` writes for the whole, and told with the SQL that makes it, where there is some.
 */
import { andComment, inScope, notOfExtension, shownName, sqlName } from './catalog-scope.ts'
import type { Scope } from './catalog-scope.ts'

/** The name of a relation `c` of {@link seen}, as introspection tells it. */
const RELATION = shownName('c.relname', 'c.nspname')

/** The same as SQL writes it. */
const SQL_NAME = sqlName('c.nspname', 'c.relname')

/** The columns of each query: what it is in words, the relation that it goes with, what makes it and what takes it away. */
export const DETAIL_COLUMNS = ['kind', 'name', 'on_schema', 'on_name', 'sql', 'back'] as const

/** SQL expressions for these columns, the name being behind the relation's where there is more than that. */
interface Detail {
  readonly kind: string
  readonly name?: string
  readonly from: string
  /** Of relations; absent: of any, partitions too. */
  readonly kinds?: string
  readonly condition: string
  readonly sql?: string
  readonly back?: string
}

/**
 * The relations that are looked at, as the table expression `seen` of a WITH; `own`: not an extension's. They are found
 * once, since to plan a query takes longer than to run it.
 */
export function seen(scope: Scope): string {
  return `seen AS MATERIALIZED (SELECT c.oid, c.relname, c.relkind, c.relispartition, c.relam, c.relreplident,
      c.relpersistence, n.nspname, ${notOfExtension('pg_class', 'c.oid')} AS own
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relpersistence <> 't' AND ${inScope(scope)})`
}

function query({ kind, name = RELATION, from, kinds, condition, sql, back }: Detail): string {
  const whole = kinds === undefined ? '' : ` AND c.relkind IN (${kinds}) AND NOT c.relispartition AND c.own`
  return `SELECT ${kind}, ${name}, c.nspname, CASE WHEN NOT c.relispartition THEN c.relname END, ${
    sql ?? 'NULL'
  }, ${back ?? 'NULL'}
    FROM ${from} WHERE (${condition})${whole}`
}

const ALTER = `'ALTER TABLE ' || ${SQL_NAME} || ' `

/** An identity's or a serial's sequence is unlogged when its table is. */
const OWN_SEQUENCE =
  `NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))`

const ANEW =
  `${ALTER}DROP CONSTRAINT ' || quote_ident(k.conname) || ', ADD CONSTRAINT ' || quote_ident(k.conname) ||
      ' ' || pg_get_constraintdef(k.oid)`

/** Constraints `k` on which something holds. */
function constraints(kind: string, condition: string, more: Partial<Detail> = {}): string {
  return query({
    kind,
    name: `k.conname || ' on ' || ${RELATION}`,
    from: 'pg_constraint k JOIN seen c ON c.oid = k.conrelid',
    kinds: `'r', 'p'`,
    condition: `(${condition}) AND k.conparentid = 0`,
    ...more,
  })
}

/**
 * A constraint that was made without the detail is made anew, with its comment only where there is none: the SQL is one
 * statement. On the way back it goes with its table, as it is.
 */
const MADE_ANEW = {
  sql: `CASE WHEN obj_description(k.oid, 'pg_constraint') IS NULL THEN ${ANEW} END`,
  back: ANEW,
}

const STORAGE = (letter: string) =>
  `CASE ${letter} WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END`

/** What columns have, in one look at them: there are many. */
function columns(scope: Scope): string {
  const compression = scope.version < 140_000 ? `''` : 'a.attcompression'
  const alter = `${ALTER}ALTER COLUMN ' || quote_ident(a.attname) || ' `
  const comment = `'COMMENT ON COLUMN ' || ${SQL_NAME} || '.' || quote_ident(a.attname) || ' IS '`
  const value = `(SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
    WHERE d.adrelid = c.oid AND d.adnum = a.attnum)`
  return query({
    kind: 'x.kind',
    name: `${RELATION} || '.' || a.attname`,
    from: `pg_attribute a JOIN seen c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    CROSS JOIN LATERAL (VALUES
      ('STATISTICS of column', a.attstattarget >= 0, 'SET STATISTICS ' || a.attstattarget, 'SET STATISTICS -1'),
      ('STORAGE of column', c.relkind <> 'v' AND a.attstorage <> t.typstorage, 'SET STORAGE ' || ${
      STORAGE('a.attstorage')
    },
        'SET STORAGE ' || ${STORAGE('t.typstorage')}),
      ('COMPRESSION of column', ${compression} <> '', 'SET COMPRESSION ' || CASE ${compression} WHEN 'l' THEN 'lz4' ELSE 'pglz' END,
        'SET COMPRESSION DEFAULT'),
      ('options of column', a.attoptions IS NOT NULL, 'SET (' || array_to_string(a.attoptions, ', ') || ')',
        'RESET (' || (SELECT string_agg(split_part(o, '=', 1), ', ') FROM unnest(a.attoptions) o) || ')'),
      ('comment of view column', c.relkind IN ('v', 'm') AND col_description(c.oid, a.attnum) IS NOT NULL, NULL, NULL),
      ('default of view column', c.relkind = 'v' AND a.atthasdef, NULL, 'DROP DEFAULT')) x (kind, holds, set, unset)`,
    kinds: `'r', 'p', 'v', 'm'`,
    condition: `a.attnum > 0 AND NOT a.attisdropped AND x.holds AND (a.attstattarget >= 0
      OR a.attstorage <> t.typstorage OR a.attoptions IS NOT NULL OR ${compression} <> '' OR c.relkind IN ('v', 'm'))`,
    sql:
      `CASE x.kind WHEN 'comment of view column' THEN ${comment} || quote_literal(col_description(c.oid, a.attnum))
      WHEN 'default of view column' THEN ${alter}SET DEFAULT ' || ${value} ELSE ${alter}' || x.set END`,
    back: `CASE x.kind WHEN 'comment of view column' THEN ${comment} || 'NULL' ELSE ${alter}' || x.unset END`,
  })
}

/** What indexes have, which go with their table. */
function indexes(): string[] {
  const from = 'pg_index i JOIN seen c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid'
  const alter = `'ALTER INDEX ' || ${
    sqlName('c.nspname', 'x.relname')
  } || ' ALTER COLUMN ' || a.attnum || ' SET STATISTICS '`
  return [
    query({
      kind: `'CLUSTER of table'`,
      from,
      kinds: `'r', 'p', 'm'`,
      condition: 'i.indisclustered',
      sql: `${ALTER}CLUSTER ON ' || quote_ident(x.relname)`,
      back: `${ALTER}SET WITHOUT CLUSTER'`,
    }),
    query({
      kind: `'STATISTICS of index column'`,
      name: `${shownName('x.relname', 'c.nspname')} || '.' || a.attnum`,
      from: `${from} JOIN pg_attribute a ON a.attrelid = x.oid`,
      kinds: `'r', 'p', 'm'`,
      condition: 'a.attstattarget >= 0',
      sql: `${alter} || a.attstattarget`,
      back: `${alter} || '-1'`,
    }),
  ]
}

function tables(): string[] {
  const statistics = sqlName('sn.nspname', 'o.stxname')
  const rule = `quote_ident(w.rulename) || ' ON ' || ${SQL_NAME}`
  return [
    query({
      kind: `'access method of table'`,
      from: 'seen c',
      kinds: `'r', 'p'`,
      condition: `c.relam NOT IN (0, (SELECT oid FROM pg_am WHERE amname = 'heap'))`,
    }),
    query({
      kind: `'statistics object'`,
      name: shownName('o.stxname', 'sn.nspname'),
      from:
        `pg_statistic_ext o JOIN seen c ON c.oid = o.stxrelid JOIN pg_namespace sn ON sn.oid = o.stxnamespace`,
      condition: notOfExtension('pg_statistic_ext', 'o.oid'),
      sql: `pg_get_statisticsobjdef(o.oid) || ${
        andComment('STATISTICS', statistics, 'pg_statistic_ext', 'o.oid')
      }`,
      back: `'DROP STATISTICS ' || ${statistics}`,
    }),
    query({
      kind: `'rule'`,
      name: `w.rulename || ' on ' || ${RELATION}`,
      from: 'pg_rewrite w JOIN seen c ON c.oid = w.ev_class',
      kinds: `'r', 'p', 'v'`,
      condition: `w.rulename <> '_RETURN'`,
      sql: `rtrim(pg_get_ruledef(w.oid), ';') || ${andComment('RULE', rule, 'pg_rewrite', 'w.oid')}`,
      back: `'DROP RULE ' || ${rule}`,
    }),
    query({
      kind: `'replica identity'`,
      from: 'seen c',
      kinds: `'r', 'p'`,
      condition: `c.relreplident <> 'd'`,
      sql: `${ALTER}REPLICA IDENTITY ' || CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
        ELSE 'USING INDEX ' || (SELECT quote_ident(i.relname) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
          WHERE x.indrelid = c.oid AND x.indisreplident) END`,
      back: `${ALTER}REPLICA IDENTITY DEFAULT'`,
    }),
  ]
}

/** The server itself gives `public` a comment. */
function schemaComments(scope: Scope): string {
  const comment = `'COMMENT ON SCHEMA ' || quote_ident(n.nspname) || ' IS `
  return `SELECT 'comment of schema', n.nspname, NULL, NULL, ${comment}' || quote_literal(x.description), ${comment}NULL'
    FROM pg_description x JOIN pg_namespace n ON n.oid = x.objoid WHERE x.classoid = 'pg_namespace'::regclass
      AND x.description <> 'standard public schema' AND ${inScope(scope)} AND ${
    notOfExtension('pg_namespace', 'n.oid')
  }`
}

/**
 * Queries of {@link DETAIL_COLUMNS}, to be joined by UNION ALL (manual, "pg_constraint": confdelsetcols came with 15,
 * conperiod and conenforced with 18).
 */
export function details(scope: Scope): string[] {
  const { version } = scope
  const sequence = `'ALTER SEQUENCE ' || ${SQL_NAME} || ' SET `
  return [
    ...tables(),
    schemaComments(scope),
    columns(scope),
    ...indexes(),
    ...version < 150_000 ? [] : [
      query({
        kind: `'UNLOGGED of sequence'`,
        from: 'seen c',
        kinds: `'S'`,
        condition: `c.relpersistence = 'u' AND ${OWN_SEQUENCE}`,
        sql: `${sequence}UNLOGGED'`,
        back: `${sequence}LOGGED'`,
      }),
      constraints(`'columns of ON DELETE of foreign key'`, 'k.confdelsetcols IS NOT NULL', MADE_ANEW),
    ],
    ...version < 180_000 ? [] : [
      constraints(`'NOT ENFORCED of constraint'`, 'NOT k.conenforced', MADE_ANEW),
      constraints(
        `CASE k.contype WHEN 'f' THEN 'PERIOD of foreign key' ELSE 'WITHOUT OVERLAPS of key' END`,
        'k.conperiod',
      ),
      constraints(
        `CASE WHEN k.convalidated THEN 'NO INHERIT of NOT NULL' ELSE 'NOT VALID of NOT NULL' END`,
        `k.contype = 'n' AND (NOT k.convalidated OR k.connoinherit)`,
      ),
    ],
  ]
}
