/** Other names for values of an enum, everywhere a model names them. */
import { ownValue } from '../../own-value.ts'
import { string } from '../../dialect/ansi.ts'
import { sameValue } from '../../model/difference.ts'
import { mapExpressions } from '../../model/expressions.ts'
import { withInherited } from '../../model/inherited.ts'
import type { Default, Domain, Model, QualifiedName, Routine, SqlText, Table } from '../../model/model.ts'
import { isStandardBody, isType } from '../../model/routine.ts'
import { readsRelation } from '../../model/sql-names.ts'
import { sqlFor } from '../../model/sql-text.ts'
import { tokenize } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import { isOn, isRaw } from '../../model/trigger.ts'
import { isOf } from '../../model/types.ts'
import { enumColumns, valuesIn, valuesOf } from './enum-values.ts'

/** New names of values, by the old ones. */
export type Labels = Readonly<Record<string, string>>

/** `{sad,ok}`, as PostgreSQL writes an array of what needs no quotes. */
const ARRAY = /^\{[^{}"\\\s]*\}$/

function relabelledText(text: string, labels: Labels): string {
  if (!ARRAY.test(text)) return ownValue(labels, text) ?? text
  return `{${text.slice(1, -1).split(',').map((one) => ownValue(labels, one) ?? one).join(',')}}`
}

/** The SQL with those strings renamed that `which` finds in it. */
function relabelled(sql: string, labels: Labels, which: (sql: string) => readonly SqlToken[]): string {
  if (!Object.keys(labels).some((old) => sql.includes(string(old).slice(1, -1)))) return sql
  let text = ''
  let from = 0
  for (const token of which(sql)) {
    if (!token.text.startsWith("'")) continue
    const next = relabelledText(token.text.slice(1, -1).replaceAll("''", "'"), labels)
    text += sql.slice(from, token.start) + string(next)
    from = token.end
  }
  return text + sql.slice(from)
}

const strings = (sql: string) => tokenize(sql, 'postgres').filter((token) => token.kind === 'string')

/** The default of something of the enum, or of an array of it. */
function relabelledDefault(value: Default, labels: Labels): Default {
  if ('expression' in value) return { expression: relabelled(value.expression, labels, strings) }
  return typeof value.literal === 'string' ? { literal: relabelledText(value.literal, labels) } : value
}

/** The names in a query that are columns of the enum: no relation that it reads has another column called so. */
function columnsIn(sql: string, one: QualifiedName, tables: readonly Table[]): Set<string> {
  const read = tables.filter((table) => readsRelation(sql, table.name))
  const own = read.flatMap((table) => enumColumns(table, one))
  const others = read.flatMap((table) => table.columns).filter((column) => !own.includes(column))
  return new Set(own.map(({ name }) => name).filter((name) => others.every((other) => other.name !== name)))
}

/**
 * The table with values of the enum renamed in the defaults of its columns of that type, and where an expression (of a
 * check, an index, an exclusion constraint, a generated column, a policy) certainly names one: PostgreSQL keeps
 * references to the values there, not their names.
 */
export function relabelTable(table: Table, one: QualifiedName, labels: Labels): Table {
  const columns = table.columns.map((column) => {
    const value = column.default
    if (value === undefined) return column
    if (isOf(column.type, 'enum', one)) return { ...column, default: relabelledDefault(value, labels) }
    return 'literal' in value ? column : { ...column, default: castsRelabelled(value, one, labels) }
  })
  const next = mapExpressions(
    { ...table, columns },
    (sql) => relabelled(sql, labels, (text) => valuesIn(text, table, one)),
  )
  return sameValue(next, table) ? table : next
}

/** An expression that is of some other type. */
function castsRelabelled(
  { expression }: { readonly expression: string },
  one: QualifiedName,
  labels: Labels,
): Default {
  return { expression: relabelled(expression, labels, (sql) => valuesOf(sql, one, new Set())) }
}

/** The model with values of an enum renamed wherever PostgreSQL keeps references to them. */
export function relabelModel(model: Model, one: QualifiedName, labels: Labels): Model {
  const whole = model.tables.map((table) => withInherited(model, table) ?? table)
  const query = (sql: string, more: readonly string[] = []) =>
    relabelled(sql, labels, (text) => valuesOf(text, one, new Set([...columnsIn(text, one, whole), ...more])))
  return {
    ...model,
    tables: model.tables.map((table) => relabelTable(table, one, labels)),
    domains: model.domains.map((domain) => inDomain(domain, one, labels)),
    views: model.views.map((view) => ({ ...view, query: onPostgres(view.query, query) })),
    materializedViews: model.materializedViews.map((view) => ({ ...view, query: query(view.query) })),
    functions: model.functions.map((routine) => inRoutine(routine, one, labels, query)),
    triggers: model.triggers.map((trigger) => {
      const table = whole.find((table) => isOn(trigger, table))
      if (isRaw(trigger) || trigger.when === undefined || table === undefined) return trigger
      const when = (sql: string) => relabelled(sql, labels, (text) => valuesIn(text, table, one))
      return { ...trigger, when: onPostgres(trigger.when, when) }
    }),
  }
}

/** SQLite keeps texts: there they stay as they are. */
function onPostgres(text: SqlText, edit: (sql: string) => string): SqlText {
  const postgres = sqlFor(text, 'postgres')
  if (postgres === undefined) return text
  const [next, sqlite] = [edit(postgres), sqlFor(text, 'sqlite')]
  if (next === postgres) return text
  if (sqlite === undefined) return { postgres: next }
  return next === sqlite ? next : { postgres: next, sqlite }
}

function inDomain(domain: Domain, one: QualifiedName, labels: Labels): Domain {
  if (!isOf(domain.type, 'enum', one)) return domain
  const values = (sql: string) => valuesOf(sql, one, new Set(['value']))
  return {
    ...domain,
    ...(domain.default === undefined ? {} : { default: relabelledDefault(domain.default, labels) }),
    checks: domain.checks.map((check) => ({
      ...check,
      expression: relabelled(check.expression, labels, values),
    })),
  }
}

/** The defaults of its arguments, and a body that PostgreSQL has taken apart. */
function inRoutine(
  routine: Routine,
  one: QualifiedName,
  labels: Labels,
  query: (sql: string, more: readonly string[]) => string,
): Routine {
  const own = routine.arguments.filter(({ type }) => isType(type, one))
  return {
    ...routine,
    arguments: routine.arguments.map((argument) =>
      argument.default === undefined || !own.includes(argument)
        ? argument
        : { ...argument, default: relabelledDefault(argument.default, labels) }
    ),
    body: isStandardBody(routine)
      ? query(routine.body, own.flatMap(({ name }) => name === undefined ? [] : [name]))
      : routine.body,
  }
}
