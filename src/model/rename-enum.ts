/**
 * Renaming an enum, everywhere a model names it. Bodies of functions that PostgreSQL keeps as texts stay as they are
 * (https://www.postgresql.org/docs/current/sql-altertype.html, RENAME).
 */
import type { Path } from '../problem.ts'
import { sameValue } from './difference.ts'
import { change, refuseTaken, sameName } from './edit.ts'
import type { DataType, Default, Domain, Enum, Grant, Model, Routine, Table } from './model.ts'
import { mapExpressions } from './expressions.ts'
import { isStandardBody } from './routine.ts'
import { withTypeRenamed, withTypesRenamed } from './sql-names.ts'
import { mapSql } from './sql-text.ts'
import { isRaw } from './trigger.ts'

interface Renaming {
  type(type: DataType): DataType
  /** In an expression or a query. */
  sql(text: string): string
  /** In what a function takes or returns. */
  signature(text: string): string
}

/**
 * The model with an enum renamed.
 * @param path where the operation says the new name
 * @throws `enum-exists`, `table-exists`… when a type has the name: tables and views are types, too
 */
export function renameEnum(model: Model, one: Enum, to: string, path: Path = ['new_name']): Model {
  refuseTaken(model, 'enums', { ...one, name: to }, path)
  const renaming: Renaming = {
    type: (type) => {
      if (type.kind === 'array') return { ...type, of: renaming.type(type.of) }
      return type.kind === 'enum' && sameName(type, one) ? { ...type, name: to } : type
    },
    sql: (text) => withTypeRenamed(text, one, to),
    signature: (text) => withTypesRenamed(text, one, to),
  }
  const query = <V extends Model['views'][number]>(view: V): V => ({
    ...view,
    query: mapSql(view.query, renaming.sql),
  })
  const next = change(model, 'enums', one, (old) => ({ ...old, name: to }), ['name'])
  return {
    ...next,
    domains: model.domains.map((domain) => inDomain(domain, renaming)),
    tables: model.tables.map((table) => inTable(table, renaming)),
    views: model.views.map(query),
    materializedViews: model.materializedViews.map((view) => ({ ...view, query: renaming.sql(view.query) })),
    functions: model.functions.map((routine) => inRoutine(routine, renaming)),
    triggers: model.triggers.map((trigger) =>
      isRaw(trigger) || trigger.when === undefined
        ? trigger
        : { ...trigger, when: mapSql(trigger.when, renaming.sql) }
    ),
    grants: model.grants.map((grant) => inGrant(grant, one, to, renaming)),
  }
}

function inDefault(value: Default, { sql }: Renaming): Default {
  return 'literal' in value ? value : { expression: sql(value.expression) }
}

/** The table itself when nothing in it names the enum: what is known of it stays known. */
function inTable(table: Table, renaming: Renaming): Table {
  const mapped = mapExpressions(table, renaming.sql)
  const columns = mapped.columns.map((one) => ({
    ...one,
    type: renaming.type(one.type),
    ...(one.default === undefined ? {} : { default: inDefault(one.default, renaming) }),
  }))
  const next = { ...mapped, columns }
  return sameValue(next, table) ? table : next
}

function inDomain(domain: Domain, renaming: Renaming): Domain {
  return {
    ...domain,
    type: renaming.type(domain.type),
    ...(domain.default === undefined ? {} : { default: inDefault(domain.default, renaming) }),
    checks: domain.checks.map((one) => ({ ...one, expression: renaming.sql(one.expression) })),
  }
}

function inRoutine(routine: Routine, renaming: Renaming): Routine {
  const { sql, signature } = renaming
  return {
    ...routine,
    arguments: routine.arguments.map((one) => ({
      ...one,
      type: signature(one.type),
      ...(one.default === undefined ? {} : { default: inDefault(one.default, renaming) }),
    })),
    ...(routine.returns === undefined ? {} : { returns: signature(routine.returns) }),
    body: isStandardBody(routine) ? sql(routine.body) : routine.body,
  }
}

function inGrant(grant: Grant, one: Enum, to: string, { signature }: Renaming): Grant {
  if (grant.on === 'type') return sameName(grant, one) ? { ...grant, name: to } : grant
  return grant.arguments === undefined ? grant : { ...grant, arguments: grant.arguments.map(signature) }
}
