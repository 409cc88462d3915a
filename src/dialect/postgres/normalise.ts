/**
 * Whether texts that look different say the same, asked of the server: it keeps defaults, checks, indexes, policies and
 * views as parsed trees and writes them anew, so the text that is wanted is given to it, on a temporary table in a
 * transaction that is rolled back, and what it makes of it is compared with what it made of the other.
 */
import { ProblemError } from '../../problem.ts'
import type { Model, QualifiedName, Table } from '../../model/model.ts'
import { sqlFor } from '../../model/sql-text.ts'
import type { Connection } from '../dialect.ts'
import { sameExpression } from './expression.ts'
import { postgresSpelling as sql } from './spelling.ts'
import { withColumnNames } from './view-columns.ts'

/** A text in a model: how the server is asked for it, and the model with another one in its place. */
interface Text {
  readonly text: string
  /** The table whose columns it is over; absent for a query. */
  readonly table?: Table
  /** What makes it, and the query that reads it back. */
  readonly make: readonly string[]
  readonly read: string
}

const TEMPORARY = 'limbeck_asks'
const HERE = `'pg_temp.${TEMPORARY}'::regclass`

function key(
  kind: string,
  { schema = '', name }: QualifiedName,
  ...more: readonly (string | number)[]
): string {
  return [kind, schema, name, ...more].join('\0')
}

/** The texts of a model that PostgreSQL writes anew, by what they belong to. */
function textsOf(model: Model): Map<string, Text> {
  const found = new Map<string, Text>()
  for (const view of [...model.views, ...model.materializedViews]) {
    const query = sqlFor(view.query, 'postgres')
    if (query === undefined) continue
    const text = view.columns === undefined ? query : withColumnNames(query, view.columns)
    found.set(key('view', view), {
      text,
      make: [`CREATE TEMPORARY VIEW ${TEMPORARY} AS ${text}`],
      read: `SELECT pg_get_viewdef(${HERE}) AS text`,
    })
  }
  for (const table of model.tables) tableTexts(table, model, found)
  return found
}

function tableTexts(table: Table, model: Model, found: Map<string, Text>): void {
  const alter = `ALTER TABLE pg_temp.${TEMPORARY}`
  const add = (at: string, text: string | undefined, make: readonly string[], read: string) => {
    if (text !== undefined) found.set(at, { text, table, make, read })
  }
  const ofColumn = (name: string) =>
    `SELECT pg_get_expr(adbin, adrelid) AS text FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND ` +
    `attnum = adnum WHERE adrelid = ${HERE} AND attname = ${sql.literal(name)}`
  for (const one of table.columns) {
    const column = sql.name(one.name)
    const value = one.default !== undefined && 'expression' in one.default
      ? one.default.expression
      : undefined
    const set = `${alter} ALTER COLUMN ${column} SET DEFAULT ${value}`
    add(key('default', table, one.name), value, [set], ofColumn(one.name))
    const { generated } = one
    if (generated === undefined) continue
    const made = `${column} ${sql.type(one.type, model)} GENERATED ALWAYS AS (${generated.expression}) STORED`
    const again = [`${alter} DROP COLUMN ${column}`, `${alter} ADD COLUMN ${made}`]
    add(key('generated', table, one.name), generated.expression, again, ofColumn(one.name))
  }
  for (const { name, expression } of table.checks) {
    const read =
      `SELECT pg_get_expr(conbin, conrelid) AS text FROM pg_constraint WHERE conrelid = ${HERE} AND conname = 'c'`
    add(key('check', table, name), expression, [`${alter} ADD CONSTRAINT c CHECK (${expression})`], read)
  }
  for (const { name, where, keys } of table.indexes) {
    const create = `CREATE INDEX limbeck_index ON pg_temp.${TEMPORARY}`
    const from = `FROM pg_index WHERE indrelid = ${HERE}`
    const filter = `SELECT pg_get_expr(indpred, indrelid) AS text ${from}`
    add(key('where', table, name), where, [`${create} ((1)) WHERE ${where}`], filter)
    keys.forEach(({ expression }, i) => {
      const read = `SELECT pg_get_indexdef(indexrelid, 1, false) AS text ${from}`
      add(key('key', table, name, i), expression, [`${create} ((${expression}))`], read)
    })
  }
  for (const { name, using, check } of table.policies ?? []) {
    const policy = `CREATE POLICY p ON pg_temp.${TEMPORARY}`
    const read = (field: string) =>
      `SELECT pg_get_expr(${field}, polrelid) AS text FROM pg_policy WHERE polrelid = ${HERE}`
    add(key('using', table, name), using, [`${policy} USING (${using})`], read('polqual'))
    add(key('with-check', table, name), check, [`${policy} WITH CHECK (${check})`], read('polwithcheck'))
  }
}

/**
 * The desired model with the texts of the current one in the place of those that the server takes for the same. A text
 * that the server does not take, since what it names is not there yet, stays as it is.
 */
export async function normalise(connection: Connection, desired: Model, current: Model): Promise<Model> {
  const there = textsOf(current)
  const open = [...textsOf(desired)].filter(([at, { text }]) => {
    const other = there.get(at)
    return other !== undefined && !sameExpression(text, other.text)
  })
  if (open.length === 0) return desired
  const same = new Map<string, string>()
  await connection.begin()
  try {
    for (const [at, one] of open) {
      const text = await asked(connection, one, desired)
      const other = there.get(at)!.text
      if (text !== undefined && sameExpression(text, other)) same.set(at, other)
    }
  } finally {
    await connection.rollback()
  }
  return same.size === 0 ? desired : replaced(desired, same)
}

async function asked(connection: Connection, one: Text, desired: Model): Promise<string | undefined> {
  await connection.run(['SAVEPOINT limbeck_asks'])
  try {
    await connection.run([...(one.table === undefined ? [] : [temporary(one.table, desired)]), ...one.make])
    const [row] = await connection.query(one.read)
    return typeof row?.text === 'string' ? row.text : undefined
  } catch (error) {
    if (error instanceof ProblemError && error.problems.every(({ code }) => code === 'sql-failed')) {
      return undefined
    }
    throw error
  } finally {
    await connection.run(['ROLLBACK TO SAVEPOINT limbeck_asks'])
  }
}

/** A table with the columns alone. */
function temporary(table: Table, model: Model): string {
  const columns = table.columns.map((one) => {
    const collation = one.collation === undefined ? '' : ` COLLATE ${sql.name(one.collation)}`
    return `${sql.name(one.name)} ${sql.type(one.type, model)}${collation}`
  })
  return `CREATE TEMPORARY TABLE ${TEMPORARY} (${columns.join(', ')})`
}

function replaced(model: Model, same: ReadonlyMap<string, string>): Model {
  const view = <V extends QualifiedName & { readonly columns?: readonly string[] }>(one: V): V => {
    const query = same.get(key('view', one))
    if (query === undefined) return one
    const { columns: _, ...rest } = one
    return { ...rest, query } as unknown as V
  }
  return {
    ...model,
    views: model.views.map(view),
    materializedViews: model.materializedViews.map(view),
    tables: model.tables.map((table) => replacedIn(table, same)),
  }
}

function replacedIn(table: Table, same: ReadonlyMap<string, string>): Table {
  const edited = <T extends object>(one: T, field: keyof T, at: string): T => {
    const text = same.get(at)
    return text === undefined ? one : { ...one, [field]: text }
  }
  return {
    ...table,
    columns: table.columns.map((one) => {
      const value = same.get(key('default', table, one.name))
      const generated = same.get(key('generated', table, one.name))
      return {
        ...one,
        ...(value === undefined ? {} : { default: { expression: value } }),
        ...(generated === undefined ? {} : { generated: { ...one.generated!, expression: generated } }),
      }
    }),
    checks: table.checks.map((one) => edited(one, 'expression', key('check', table, one.name))),
    indexes: table.indexes.map((one) => ({
      ...edited(one, 'where', key('where', table, one.name)),
      keys: one.keys.map((each, i) => edited(each, 'expression', key('key', table, one.name, i))),
    })),
    ...(table.policies === undefined ? {} : {
      policies: table.policies.map((one) =>
        edited(
          edited(one, 'using', key('using', table, one.name)),
          'check',
          key('with-check', table, one.name),
        )
      ),
    }),
  }
}
