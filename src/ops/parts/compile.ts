/** SQL that several operations share: comments, and a change of one table on SQLite. */
import type { Hazard, Spelling, Statement, TableChange } from '../../dialect/dialect.ts'
import type { Check, Model, QualifiedName, Table } from '../../model/model.ts'
import { constraints, tableOf } from '../../model/edit.ts'
import { unsupportedField } from '../definition.ts'
import type { CompileContext } from '../definition.ts'
import { tableName } from './on-table.ts'
import type { OnTable } from './on-table.ts'

/** `COMMENT ON <what> IS …`; NULL takes the comment away. PostgreSQL. */
export function commentOn(sql: Spelling, what: string, comment: string | undefined): Statement {
  return { sql: `COMMENT ON ${what} IS ${comment === undefined ? 'NULL' : sql.literal(comment)}` }
}

/** The comments of a table and of everything in it, for after CREATE TABLE. PostgreSQL. */
export function tableComments(sql: Spelling, table: Table): Statement[] {
  const name = sql.qualified(table)
  const statements: Statement[] = []
  if (table.comment !== undefined) statements.push(commentOn(sql, `TABLE ${name}`, table.comment))
  for (const column of table.columns) {
    if (column.comment === undefined) continue
    statements.push(commentOn(sql, `COLUMN ${name}.${sql.name(column.name)}`, column.comment))
  }
  return [
    ...statements,
    ...constraints(table).flatMap(({ constraint }) => constraintComment(sql, table, constraint)),
    ...table.indexes.flatMap((index) => indexComment(sql, table, index)),
  ]
}

/** What is said about something in a table or view. */
interface Commented {
  readonly name: string
  readonly comment?: string
}

/** COMMENT ON CONSTRAINT for one of a table that is created, if it has a comment. PostgreSQL. */
export function constraintComment(
  sql: Spelling,
  table: QualifiedName,
  { name, comment }: Commented,
): Statement[] {
  if (comment === undefined) return []
  return [commentOn(sql, `CONSTRAINT ${sql.name(name)} ON ${sql.qualified(table)}`, comment)]
}

/** COMMENT ON INDEX for one of a table or view that is created, if it has a comment. PostgreSQL. */
export function indexComment(sql: Spelling, table: QualifiedName, { name, comment }: Commented): Statement[] {
  if (comment === undefined) return []
  return [commentOn(sql, `INDEX ${sql.qualified(inSchemaOf(table, name))}`, comment)]
}

/** The comments of checks of a domain. PostgreSQL. */
export function checkComments(sql: Spelling, domain: QualifiedName, checks: readonly Check[]): Statement[] {
  return checks.flatMap(({ name, comment }) =>
    comment === undefined
      ? []
      : [commentOn(sql, `CONSTRAINT ${sql.name(name)} ON DOMAIN ${sql.qualified(domain)}`, comment)]
  )
}

/** Indexes are in the schema of their table. */
export function inSchemaOf(table: QualifiedName, name: string): QualifiedName {
  return { schema: table.schema, name }
}

/** CREATE TYPE for the enums that are in `after` and not in `before`. PostgreSQL. */
export function newEnums(sql: Spelling, before: Model, after: Model): Statement[] {
  return after.enums.filter((one) => !before.enums.includes(one)).map((one) => ({
    sql: `CREATE TYPE ${sql.newQualified(one)} AS ENUM (${one.values.map(sql.literal).join(', ')})`,
  }))
}

/**
 * A change of the table that an operation names: what SQLite does in place if it can, and rebuilds if not.
 * @throws `unsupported` for a table in a schema
 */
export function tableChange(
  op: OnTable,
  cx: CompileContext,
  inPlace?: readonly Statement[],
  more: Pick<TableChange, 'renamed' | 'carry'> = {},
): TableChange {
  if (op.schema !== undefined) {
    unsupportedField(`SQLite has no schemas ("${op.schema}"."${op.table}")`, ['schema'])
  }
  return { before: tableOf(cx.before, op), after: tableOf(cx.after, op), inPlace, ...more }
}

/** `ALTER TABLE name ` of the table an operation names. */
export function alterTable(sql: Spelling, op: OnTable): string {
  return `ALTER TABLE ${sql.qualified(tableName(op))}`
}

/** The hazard that a statement takes a lock on a table, `ACCESS EXCLUSIVE` for instance. */
export function locks(table: string, lock: string): Hazard {
  return { kind: 'locks', table, lock }
}
