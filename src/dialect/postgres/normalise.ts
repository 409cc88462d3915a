/**
 * Whether texts that look different say the same, asked of the server: it keeps defaults, checks, indexes, policies and
 * views as parsed trees and writes them anew, so the text that is wanted is given to it, on something temporary in a
 * transaction that is rolled back, and what it makes of it is compared with what it made of the other.
 */
import { ProblemError } from '../../problem.ts'
import type { Domain, Model, QualifiedName, Table } from '../../model/model.ts'
import { isRaw } from '../../model/trigger.ts'
import type { Connection } from '../dialect.ts'
import { loadParser, sameExpression } from './expression.ts'
import { withoutOwnersGrants } from './owners.ts'
import { bodyKey, key, TEMPORARY, textsOf, triggerKey } from './rewritten-texts.ts'
import type { Text } from './rewritten-texts.ts'
import { spelling as sql } from './spelling.ts'
import { LOCALLY } from './written.ts'

/**
 * The desired model with the texts of the current one in the place of those that the server takes for the same. A text
 * that the server does not take, since what it names is not there yet, stays as it is. What is granted to the owner is
 * left out of it.
 */
export async function normalise(connection: Connection, desired: Model, current: Model): Promise<Model> {
  return await withTexts(connection, await withoutOwnersGrants(connection, desired, current), current)
}

async function withTexts(connection: Connection, desired: Model, current: Model): Promise<Model> {
  const here = new Set(current.tables)
  const alike = new Set(desired.tables.filter((table) => here.has(table)))
  const there = textsOf(current, alike)
  const wanted = textsOf(desired, alike)
  const differing = () =>
    [...wanted].filter(([at, { text, literal }]) => {
      const other = there.get(at)
      return other !== undefined && (literal !== other.literal || !sameExpression(text, other.text))
    })
  if (differing().length === 0) return desired
  await loadParser()
  const open = differing()
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
  keepWhole(same, new Map(open), desired, current)
  return same.size === 0 ? desired : replaced(desired, same)
}

/**
 * Takes out the queries that show every column (`SELECT *`) of something whose columns are about to change: today they
 * may say the same, and tomorrow no more.
 */
function keepWhole(
  same: Map<string, string>,
  open: ReadonlyMap<string, Text>,
  desired: Model,
  current: Model,
): void {
  const whole = [...desired.views, ...desired.materializedViews].filter((one) =>
    open.get(key('view', one))?.whole
  )
  if (whole.length === 0) return
  // Their order is the table's own: nothing changes it.
  const columns = (table: Table) => JSON.stringify(table.columns.map((one) => one.name).sort())
  const here = new Map(current.tables.map((one) => [key('', one), columns(one)]))
  const moving = new Set(
    desired.tables.filter((one) => here.get(key('', one)) !== columns(one)).map((one) => one.name),
  )
  for (const one of [...desired.views, ...desired.materializedViews]) {
    if (open.has(key('view', one)) && !same.has(key('view', one))) moving.add(one.name)
  }
  for (let grown = moving.size > 0; grown;) {
    grown = false
    for (const one of whole) {
      const { text } = open.get(key('view', one))!
      if (!same.has(key('view', one)) || ![...moving].some((name) => text.includes(name))) continue
      same.delete(key('view', one))
      moving.add(one.name)
      grown = true
    }
  }
}

async function asked(connection: Connection, one: Text, desired: Model): Promise<string | undefined> {
  const { make, read, taken, unmade } = one.question(desired)
  const start = one.table === undefined ? [] : [temporary(one.table, desired)]
  const text = await answer(connection, [...start, ...make], read)
  if (text === undefined && unmade !== undefined) return await answer(connection, [], unmade)
  return text === undefined || taken === undefined ? text : taken(text)
}

/** @returns undefined when the server refuses it */
async function answer(
  connection: Connection,
  make: readonly string[],
  read: string,
): Promise<string | undefined> {
  await connection.run(['SAVEPOINT limbeck_asks'])
  try {
    await connection.run(make)
    const [row] = await connection.query(`${LOCALLY}; ${read}`)
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

/** The same object when nothing of it is replaced: what is known of it is not worked out again. */
function edited<T extends object>(one: T, field: keyof T, text: string | undefined): T {
  return text === undefined ? one : { ...one, [field]: text }
}

function replaced(model: Model, same: ReadonlyMap<string, string>): Model {
  const view = <V extends QualifiedName & { readonly columns?: readonly string[] }>(one: V): V => {
    const query = same.get(key('view', one))
    if (query === undefined) return one
    const { columns: _, ...rest } = one
    return { ...rest, query } as unknown as V
  }
  const owner = (at: string) => ['', ...at.split('\0').slice(1, 3)].join('\0')
  const touched = new Set([...same.keys()].map(owner))
  const domain = (one: Domain): Domain => ({
    ...one,
    checks: one.checks.map((check) => edited(check, 'expression', same.get(key('domain', one, check.name)))),
  })
  return {
    ...model,
    domains: model.domains.map((one) => touched.has(key('', one)) ? domain(one) : one),
    views: model.views.map(view),
    materializedViews: model.materializedViews.map(view),
    functions: model.functions.map((one) => edited(one, 'body', same.get(bodyKey(one)))),
    triggers: model.triggers.map((one) => isRaw(one) ? one : edited(one, 'when', same.get(triggerKey(one)))),
    tables: model.tables.map((table) => touched.has(key('', table)) ? replacedIn(table, same) : table),
  }
}

function replacedIn(table: Table, same: ReadonlyMap<string, string>): Table {
  const of = (kind: string, ...more: readonly (string | number)[]) => same.get(key(kind, table, ...more))
  return {
    ...table,
    columns: table.columns.map((one) => {
      const value = of('default', one.name)
      const generated = of('generated', one.name)
      return {
        ...one,
        ...(value === undefined ? {} : { default: { expression: value } }),
        ...(generated === undefined ? {} : { generated: { ...one.generated!, expression: generated } }),
      }
    }),
    checks: table.checks.map((one) => edited(one, 'expression', of('check', one.name))),
    excludes: table.excludes.map((one) => ({
      ...edited(one, 'where', of('exclude-where', one.name)),
      elements: one.elements.map((each, i) => edited(each, 'expression', of('exclude', one.name, i))),
    })),
    indexes: table.indexes.map((one) => ({
      ...edited(one, 'where', of('where', one.name)),
      keys: one.keys.map((each, i) => edited(each, 'expression', of('key', one.name, i))),
    })),
    ...(table.policies === undefined ? {} : {
      policies: table.policies.map((one) =>
        edited(edited(one, 'using', of('using', one.name)), 'check', of('with-check', one.name))
      ),
    }),
  }
}
