/**
 * What a table, view or sequence has that the model cannot say though it has the object itself: it is named, so that
 * nobody takes what `inspect` writes for the whole. Most came with a newer server.
 */
import { isRelation } from './catalog-scope.ts'
import type { Scope } from './catalog-scope.ts'

/** The name of a relation `c` of a schema `n`, as introspection tells it. */
export const RELATION =
  `CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END || c.relname`

/** An identity's or a serial's sequence is unlogged when its table is. */
export const OWN_SEQUENCE =
  `NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))`

/** A query for constraints `k` on which something holds. */
function constraints(scope: Scope, kind: string, condition: string): string {
  return `SELECT ${kind}, k.conname || ' on ' || ${RELATION} FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${condition} AND k.conparentid = 0 AND ${isRelation(scope, `'r', 'p'`)}`
}

/** A query for relations `c` of which something holds. */
function relations(scope: Scope, kind: string, kinds: string, condition: string): string {
  return `SELECT ${kind}, ${RELATION} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${condition} AND ${isRelation(scope, kinds)}`
}

/**
 * Queries of two columns, the kind of thing and its name, to be joined by UNION ALL (manual, "pg_constraint": confdelsetcols
 * came with 15, conperiod and conenforced with 18).
 */
export function details(scope: Scope): string[] {
  const { version } = scope
  return [
    relations(
      scope,
      `'access method of table'`,
      `'r', 'p'`,
      `c.relam NOT IN (0, (SELECT oid FROM pg_am WHERE amname = 'heap'))`,
    ),
    ...version < 150_000 ? [] : [
      relations(scope, `'UNLOGGED of sequence'`, `'S'`, `c.relpersistence = 'u' AND ${OWN_SEQUENCE}`),
      constraints(scope, `'columns of ON DELETE of foreign key'`, 'k.confdelsetcols IS NOT NULL'),
    ],
    ...version < 180_000 ? [] : [
      constraints(scope, `'NOT ENFORCED of constraint'`, 'NOT k.conenforced'),
      constraints(
        scope,
        `CASE k.contype WHEN 'f' THEN 'PERIOD of foreign key' ELSE 'WITHOUT OVERLAPS of key' END`,
        'k.conperiod',
      ),
      constraints(
        scope,
        `CASE WHEN k.convalidated THEN 'NO INHERIT of NOT NULL' ELSE 'NOT VALID of NOT NULL' END`,
        `k.contype = 'n' AND (NOT k.convalidated OR k.connoinherit)`,
      ),
    ],
  ]
}
