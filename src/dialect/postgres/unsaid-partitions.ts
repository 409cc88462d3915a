/** SQL for partitions, and for what they have that their parents have not. */
import { inScope, shownName, sqlName } from './catalog-scope.ts'
import type { Scope } from './catalog-scope.ts'

/** A query that gives `kind`, `name`, `sql`, `back`, `early`, `place`, and `own`: the name of what others may need. */
export type Query = (scope: Scope) => string

const COUNTED = /^\d+ partitions? of table "/

/** Whether an object that is not managed is what {@link partitionCounts} tells. */
export function isPartitionCount(what: string): boolean {
  return COUNTED.test(what)
}

/** A row a partitioned table that has partitions: without them it takes no rows. */
export function partitionCounts(scope: Scope): string {
  return `SELECT p.count || CASE p.count WHEN 1 THEN ' partition' ELSE ' partitions' END || ' of table',
      ${shownName('c.relname')}, n.nspname, c.relname, NULL
    FROM (SELECT pg_partition_root(oid) AS root, count(*) FROM pg_class WHERE relispartition AND relkind IN ('r', 'p', 'f')
      GROUP BY 1) p JOIN pg_class c ON c.oid = p.root JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${inScope(scope)}`
}

/** A partition is its parent's, but for its bounds, and for the indexes and constraints that it has alone. */
export const partitions: Query = (scope) => {
  const name = sqlName('n.nspname', 'c.relname')
  return `
  SELECT 'partition', ${shownName('c.relname')}, 'CREATE ' ||
    CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END || 'TABLE ' || ${name} || ' PARTITION OF ' ||
    ${sqlName('pn.nspname', 'p.relname')} || ' ' || pg_get_expr(c.relpartbound, c.oid) ||
    CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END, 'DROP TABLE ' || ${name},
    false, 3 + (SELECT count(*)::int FROM pg_partition_ancestors(c.oid)), c.relname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_inherits h ON h.inhrelid = c.oid
  JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE c.relispartition AND c.relkind IN ('r', 'p') AND ${inScope(scope)}
  UNION ALL
  SELECT 'index of a partition', ${shownName('i.relname')}, pg_get_indexdef(i.oid),
    'DROP INDEX ' || ${sqlName('n.nspname', 'i.relname')}, false, 900, NULL
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = i.relnamespace
  WHERE c.relispartition AND NOT i.relispartition AND ${inScope(scope)}
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid)
  UNION ALL
  SELECT 'constraint of a partition', k.conname || ' on ' || ${
    shownName('c.relname')
  }, 'ALTER TABLE ' || ${name} ||
    ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid),
    'ALTER TABLE ' || ${name} || ' DROP CONSTRAINT ' || quote_ident(k.conname), false,
    CASE k.contype WHEN 'f' THEN 902 ELSE 901 END, NULL
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relispartition AND k.conislocal AND k.conparentid = 0 AND k.contype IN ('p', 'u', 'f', 'c', 'x') AND ${
    inScope(scope)
  }`
}

const NAME = sqlName('n.nspname', 'c.relname')

/** One thing of partitions: what it is, its name before that of the table, where it is found, and its SQL. */
interface Part {
  readonly kind: string
  readonly name?: string
  readonly from?: string
  readonly condition: string
  readonly sql: string
  readonly back: string
}

/** A trigger that is its parent's too has it from there, and a partition's rights, rules and settings are its own. */
export const onPartitions: Query = (scope) =>
  [TRIGGERS, STATES, COMMENTS, COLUMN_COMMENTS, OPTIONS, ROW_SECURITY, POLICIES, GRANTS].map((
    { kind, name, from = '', condition, sql, back },
    at,
  ) => `
  SELECT '${kind} of a partition', ${name === undefined ? '' : `${name} || ' on ' || `}${
    shownName('c.relname')
  }, ${sql}, ${back}, false, ${903 + at}, NULL
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ${from}
  WHERE c.relispartition AND c.relkind IN ('r', 'p') AND ${condition} AND ${inScope(scope)}`).join(
    '\n  UNION ALL',
  )

const TABLE = `'ALTER TABLE ' || ${NAME} || ' `

const TRIGGERS: Part = {
  kind: 'trigger',
  name: 't.tgname',
  from: 'JOIN pg_trigger t ON t.tgrelid = c.oid',
  condition: 'NOT t.tgisinternal AND t.tgparentid = 0',
  sql: 'pg_get_triggerdef(t.oid)',
  back: `'DROP TRIGGER ' || quote_ident(t.tgname) || ' ON ' || ${NAME}`,
}

/** A partition's trigger has the state of its parent's, but for what was said of it alone. */
const STATES: Part = {
  kind: 'state of a trigger',
  name: 't.tgname',
  from: 'JOIN pg_trigger t ON t.tgrelid = c.oid LEFT JOIN pg_trigger o ON o.oid = t.tgparentid',
  condition: `NOT t.tgisinternal AND t.tgenabled <> coalesce(o.tgenabled, 'O')`,
  sql:
    `${TABLE}' || CASE t.tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS'
    ELSE 'ENABLE REPLICA' END || ' TRIGGER ' || quote_ident(t.tgname)`,
  back: `${TABLE}ENABLE TRIGGER ' || quote_ident(t.tgname)`,
}

const COMMENTS: Part = {
  kind: 'comment',
  condition: `obj_description(c.oid, 'pg_class') IS NOT NULL`,
  sql: `'COMMENT ON TABLE ' || ${NAME} || ' IS ' || quote_literal(obj_description(c.oid, 'pg_class'))`,
  back: `'COMMENT ON TABLE ' || ${NAME} || ' IS NULL'`,
}

const COLUMN = `'COMMENT ON COLUMN ' || ${NAME} || '.' || quote_ident(a.attname) || ' IS `

const COLUMN_COMMENTS: Part = {
  kind: 'comment of a column',
  name: 'a.attname',
  from: 'JOIN pg_attribute a ON a.attrelid = c.oid',
  condition: 'a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NOT NULL',
  sql: `${COLUMN}' || quote_literal(col_description(c.oid, a.attnum))`,
  back: `${COLUMN}NULL'`,
}

const OPTIONS: Part = {
  kind: 'options',
  condition: 'c.reloptions IS NOT NULL',
  sql: `${TABLE}SET (' || array_to_string(c.reloptions, ', ') || ')'`,
  back:
    `${TABLE}RESET (' || (SELECT string_agg(split_part(o, '=', 1), ', ') FROM unnest(c.reloptions) o) || ')'`,
}

const ROW_SECURITY: Part = {
  kind: 'row security',
  condition: '(c.relrowsecurity OR c.relforcerowsecurity)',
  sql: `${TABLE}' || concat_ws(', ', CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END,
    CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END)`,
  back: `${TABLE}DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY'`,
}

const POLICIES: Part = {
  kind: 'policy',
  name: 'p.polname',
  from: 'JOIN pg_policy p ON p.polrelid = c.oid',
  condition: 'true',
  sql: `'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || ${NAME} ||
    CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END || CASE p.polcmd WHEN 'r' THEN ' FOR SELECT'
      WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END ||
    coalesce((SELECT ' TO ' || string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname) FROM pg_roles r
      WHERE r.oid = ANY (p.polroles)), '') || coalesce(' USING (' || pg_get_expr(p.polqual, c.oid) || ')', '') ||
    coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, c.oid) || ')', '')`,
  back: `'DROP POLICY ' || quote_ident(p.polname) || ' ON ' || ${NAME}`,
}

const RIGHTS = `g.privileges || ' ON ' || ${NAME}`
const GRANTEE = `CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END`

const GRANTS: Part = {
  kind: 'rights',
  name: GRANTEE,
  from: `CROSS JOIN LATERAL (SELECT a.grantee, a.is_grantable,
    string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) AS privileges
    FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner GROUP BY 1, 2) g`,
  condition: 'c.relacl IS NOT NULL',
  sql:
    `'GRANT ' || ${RIGHTS} || ' TO ' || ${GRANTEE} || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`,
  back: `'REVOKE ' || ${RIGHTS} || ' FROM ' || ${GRANTEE}`,
}
