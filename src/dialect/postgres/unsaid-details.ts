/** SQL for details that the model cannot say, of objects that it has: see `catalog-details.ts`, whose names these are. */
import { OWN_SEQUENCE, RELATION } from './catalog-details.ts'
import { isRelation } from './catalog-scope.ts'
import type { Scope } from './catalog-scope.ts'

const sequences = (scope: Scope) => `
  SELECT 'UNLOGGED of sequence', ${RELATION}, 'ALTER SEQUENCE ' || c.oid::regclass || ' SET UNLOGGED',
    'ALTER SEQUENCE ' || c.oid::regclass || ' SET LOGGED', false, 1003
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relpersistence = 'u' AND ${OWN_SEQUENCE} AND ${isRelation(scope, `'S'`)}`

/**
 * A constraint that was made without the detail is made anew, with its comment only where there is none: the SQL is one
 * statement. On the way back it goes with its table, as it is.
 */
function constraints(scope: Scope, kind: string, condition: string): string {
  const anew =
    `'ALTER TABLE ' || c.oid::regclass || ' DROP CONSTRAINT ' || quote_ident(k.conname) || ', ADD CONSTRAINT ' ||
      quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)`
  return `
  SELECT '${kind}', k.conname || ' on ' || ${RELATION},
    CASE WHEN obj_description(k.oid, 'pg_constraint') IS NULL THEN ${anew} END, ${anew}, false, 1003
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${condition} AND k.conparentid = 0 AND ${isRelation(scope, `'r', 'p'`)}`
}

/** Queries that give `kind`, `name`, `sql`, `back`, `early` and `place`, to be joined by UNION ALL. */
export function unsaidDetails(scope: Scope): string[] {
  const { version } = scope
  return [
    ...version < 150_000 ? [] : [
      sequences(scope),
      constraints(scope, 'columns of ON DELETE of foreign key', 'k.confdelsetcols IS NOT NULL'),
    ],
    ...version < 180_000 ? [] : [constraints(scope, 'NOT ENFORCED of constraint', 'NOT k.conenforced')],
  ]
}
