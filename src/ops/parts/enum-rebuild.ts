/** An enum type made anew on PostgreSQL, with the columns moved to it. */
import { isGrantOn } from '../../model/grant.ts'
import { clip } from '../../model/names.ts'
import { findColumn, get, sameSchema, shown } from '../../model/edit.ts'
import { ancestorsOf } from '../../model/inherited.ts'
import type { Column, Enum, Exclusion, Index, Model, QualifiedName, Table } from '../../model/model.ts'
import type { Statement } from '../../dialect/dialect.ts'
import type { CompileContext } from '../definition.ts'
import { commentOn, constraintComment, indexComment, inSchemaOf, locks } from './compile.ts'
import { enumTables, relabelCase } from './enum.ts'
import type { Labels } from './enum-labels.ts'
import { enumColumns, isAbout } from './enum-values.ts'
import { grantSql, restoreGrants, rolesSql } from './grant.ts'

/**
 * The statements: the old type gets out of the way, the new one comes, the tables move over, the old one goes.
 * @param one the enum as it is before
 */
export function rebuildEnum(one: Enum, cx: CompileContext, labels: Labels): Statement[] {
  const { sql } = cx
  const old = freeName(cx.before, one)
  const next = get(cx.after, 'enums', one)
  const type = sql.qualified(one)
  const listed = next.values.map(sql.literal).join(', ')
  const tables = parentsFirst(cx.before, enumTables(cx.before, one))
    .map((table) => moveTable(table, one, cx, labels))
  const keys = enumTables(cx.before, one).map((table) => moveKeys(table, one, cx))
  return [
    ...[...keys, ...tables].flatMap(({ before }) => before),
    { sql: `ALTER TYPE ${type} RENAME TO ${sql.name(old)}` },
    { sql: `CREATE TYPE ${type} AS ENUM (${listed})` },
    ...(next.comment === undefined ? [] : [commentOn(sql, `TYPE ${type}`, next.comment)]),
    ...rights(one, cx),
    ...tables.flatMap(({ after }) => after),
    ...tables.flatMap(({ last = [] }) => last),
    ...keys.flatMap(({ after }) => after),
    { sql: `DROP TYPE ${sql.qualified({ ...one, name: old })}` },
  ]
}

/** The rights on the old type, given again: a type that is created is everybody's to use. */
function rights({ schema, name }: QualifiedName, { after, sql }: CompileContext): Statement[] {
  const type = { on: 'type' as const, name, ...(schema === undefined ? {} : { schema }) }
  return restoreGrants(after.grants.filter((one) => isGrantOn(one, type))).flatMap((one) => {
    if (one.op !== 'grant' && one.op !== 'revoke') return []
    const what = grantSql(one, sql, after)
    if (one.op === 'revoke') return [{ sql: `REVOKE ${what} FROM ${rolesSql(one.from, sql)}` }]
    const option = one.with_grant_option ? ' WITH GRANT OPTION' : ''
    return [{ sql: `GRANT ${what} TO ${rolesSql(one.to, sql)}${option}` }]
  })
}

/** `mood_old`, or the next number that no type or relation has: tables are types too. */
function freeName(model: Model, one: QualifiedName): string {
  const { enums, domains, tables, views, materializedViews, sequences } = model
  const taken = [enums, domains, tables, views, materializedViews, sequences].flat()
    .filter((other) => sameSchema(other, one)).map((other) => other.name)
  for (let number = 1;; number++) {
    const suffix = number === 1 ? '_old' : `_old${number}`
    const name = clip(one.name, 63 - suffix.length) + suffix
    if (!taken.includes(name)) return name
  }
}

interface Move {
  readonly before: readonly Statement[]
  readonly after: readonly Statement[]
  /** When all columns are of the new type. */
  readonly last?: readonly Statement[]
}

/** A parent's new default becomes that of the tables that inherit from it, until they get their own. */
function parentsFirst(model: Model, tables: readonly Table[]): Table[] {
  const depth = new Map(tables.map((table) => [table, ancestorsOf(model, table).length]))
  return tables.toSorted((a, b) => depth.get(a)! - depth.get(b)!)
}

/** The foreign keys with a column of the enum: meanwhile their two sides are of two types. */
function moveKeys(table: Table, one: Enum, cx: CompileContext): Move {
  const { sql } = cx
  const own = new Set(enumColumns(table, one).map((column) => column.name))
  const keys = table.foreignKeys.filter((key) => key.columns.some((column) => own.has(column)))
  const alter = `ALTER TABLE ${sql.qualified(table)}`
  return {
    before: keys.map((key) => ({
      sql: `${alter} DROP CONSTRAINT ${sql.name(key.name)}`,
      hazards: [locks(shown(table), 'ACCESS EXCLUSIVE'), locks(shown(key.references), 'ACCESS EXCLUSIVE')],
    })),
    after: keys.flatMap((key) => [
      {
        sql: `${alter} ADD ${sql.foreignKey(named(key), table)}`,
        hazards: [{ kind: 'scans', table: shown(table) } as const],
      },
      ...constraintComment(sql, table, key),
    ]),
  }
}

/**
 * Inherited columns change with those of the parents. What the table says of them alone, its defaults and constraints, is
 * taken off before and put on again when that is done: PostgreSQL would cast the defaults, or give it the parent's.
 */
function moveTable(table: Table, one: Enum, cx: CompileContext, labels: Labels): Move {
  const { sql } = cx
  const next = get(cx.after, 'tables', table)
  const columns = enumColumns(next, one)
  const inherited = columns.filter((column) => isInherited(cx.before, table, column))
  const own = columns.filter((column) => !inherited.includes(column))
  const bound = boundConstraints(next, one)
  const indexes = next.indexes.filter((index) => usesValues(index, next, one))
  const unbind = [...bound.checks, ...bound.excludes].map(({ name }) => `DROP CONSTRAINT ${sql.name(name)}`)
  const move = own.flatMap((column) => moveColumn(column, cx, labels))
  const bind = [
    ...bound.checks.map((check) => `ADD ${sql.check(named(check))}`),
    ...bound.excludes.map((exclusion) => `ADD ${sql.exclusion(named(exclusion))}`),
  ]
  const unindex = indexes.map((index) => ({
    sql: `DROP INDEX ${sql.qualified(inSchemaOf(table, index.name))}`,
  }))
  const again = [
    ...[...bound.checks, ...bound.excludes].flatMap((constraint) =>
      constraintComment(sql, table, constraint)
    ),
    ...indexes.flatMap((index) => [
      { sql: sql.createIndex(index, next) },
      ...indexComment(sql, table, index),
    ]),
  ]
  const alter = (actions: readonly string[]) => altered(table, actions, cx)
  if (inherited.length === 0) {
    return { before: unindex, after: [...alter([...unbind, ...move, ...bind]), ...again] }
  }
  const { drop, set } = defaults(inherited, cx)
  return {
    before: [...unindex, ...alter([...unbind, ...drop])],
    after: alter(move),
    last: [...alter([...set, ...bind]), ...again],
  }
}

/** The constraints of the table that hold references to the old type. */
function boundConstraints(table: Table, one: Enum) {
  return {
    checks: table.checks.filter((check) => isAboutAny(check.expression, table, one)),
    excludes: table.excludes.filter((exclusion) => bindsValues(exclusion, table, one)),
  }
}

function altered(table: Table, actions: readonly string[], { sql }: CompileContext): Statement[] {
  if (actions.length === 0) return []
  return [{
    sql: `ALTER TABLE ${sql.qualified(table)}\n  ${actions.join(',\n  ')}`,
    hazards: [
      locks(shown(table), 'ACCESS EXCLUSIVE'),
      { kind: 'rewrites', table: shown(table) },
    ],
  }]
}

function defaults(columns: readonly Column[], { sql }: CompileContext) {
  const having = columns.flatMap(({ name, type, default: value }) =>
    value === undefined ? [] : [{ alter: `ALTER COLUMN ${sql.name(name)}`, value: sql.default(value, type) }]
  )
  return {
    drop: having.map(({ alter }) => `${alter} DROP DEFAULT`),
    set: having.map(({ alter, value }) => `${alter} SET DEFAULT ${value}`),
  }
}

/** Recreated constraints keep their name even when they were not given one. */
function named<C extends { readonly implicit?: true }>({ implicit: _, ...constraint }: C): C {
  return constraint as C
}

/** A child's inherited columns change with those of its parent, and cannot by themselves. */
function isInherited(model: Model, table: Table, column: Column): boolean {
  return ancestorsOf(model, table).some((one) => findColumn(one, column.name) !== undefined)
}

/** The strings in an expression over a column of the enum are of the old type. */
function isAboutAny(expression: string, table: Table, one: QualifiedName): boolean {
  return enumColumns(table, one).some((column) => isAbout(expression, { ...table, columns: [column] }, one))
}

function bindsValues({ where, elements }: Exclusion, table: Table, one: QualifiedName): boolean {
  return [where, ...elements.map((each) => each.expression)].some((expression) =>
    expression !== undefined && isAboutAny(expression, table, one)
  )
}

function usesValues(index: Index, table: Table, one: QualifiedName): boolean {
  const expressions = [index.where, ...index.keys.map((key) => key.expression)]
  return expressions.some((expression) => expression !== undefined && isAboutAny(expression, table, one))
}

function moveColumn(column: Column, cx: CompileContext, labels: Labels): string[] {
  const { sql } = cx
  const type = sql.type(column.type, cx.after)
  const { drop, set } = defaults([column], cx)
  return [
    ...drop,
    `ALTER COLUMN ${sql.name(column.name)} TYPE ${type} USING ${moved(column, type, cx, labels)}`,
    ...set,
  ]
}

/** USING takes no subquery, so the elements of an array are replaced one value after the other. */
function moved(column: Column, type: string, cx: CompileContext, labels: Labels): string {
  const { sql } = cx
  const name = sql.name(column.name)
  if (column.type.kind === 'array') {
    const text = Object.entries(labels).reduce(
      (array, [from, to]) => `array_replace(${array}, ${sql.literal(from)}, ${sql.literal(to)})`,
      `${name}::text[]`,
    )
    return `${text}::${type}`
  }
  if (Object.keys(labels).length === 0) return `${name}::text::${type}`
  return `(${relabelCase(cx, `${name}::text`, labels)})::${type}`
}
