/**
 * What reads a table or a view and goes with it by CASCADE, besides views: policies of other tables, and functions that
 * PostgreSQL holds parsed (https://www.postgresql.org/docs/current/ddl-depend.html).
 */
import { withoutGrants } from './grant.ts'
import type { Model, Policy, QualifiedName, Routine, Table } from './model.ts'
import { grantedRoutine, hasType, isStandardBody } from './routine.ts'
import { readsRelation } from './sql-names.ts'
import { readsColumnOf } from './sql-reads.ts'

/**
 * The model without what certainly reads the relation (with a column: that column of it), or a view that went with it.
 * @param before the model with the relation and the views
 * @param after the one without
 */
export function withoutReaders(
  before: Model,
  after: Model,
  relation: QualifiedName,
  column?: string,
): Model {
  const views = [
    ...before.views.filter((one) => !after.views.includes(one)),
    ...before.materializedViews.filter((one) => !after.materializedViews.includes(one)),
  ]
  const gone: readonly QualifiedName[] = column === undefined ? [relation, ...views] : views
  const reads = (sql: string | undefined) =>
    sql !== undefined && (gone.some(({ name }) => readsRelation(sql, name)) ||
      (column !== undefined && readsColumnOf(sql, relation.name, column)))
  const functions = after.functions.filter((one) =>
    (isStandardBody(one) && reads(one.body)) || gone.some((type) => hasType(one, type))
  )
  return withoutFunctions(
    { ...after, tables: after.tables.map((table) => withoutPolicies(table, reads)) },
    functions,
  )
}

function withoutFunctions(model: Model, gone: readonly Routine[]): Model {
  if (gone.length === 0) return model
  return {
    ...model,
    functions: model.functions.filter((one) => !gone.includes(one)),
    grants: withoutGrants(model.grants, gone.map(grantedRoutine)),
  }
}

/** The table without the policies that go; with none left, as one that never had any. @param goes for a policy's text */
export function withoutPolicies(table: Table, goes: (sql: string | undefined) => boolean): Table {
  const { policies = [], ...rest } = table
  const isKept = ({ using, check }: Policy) => !goes(using) && !goes(check)
  const kept = policies.filter(isKept)
  if (kept.length === policies.length) return table
  return kept.length === 0 ? rest : { ...rest, policies: kept }
}
