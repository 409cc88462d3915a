/** Enums: their values as a field, what is of such a type, and what happens to it when the values change. */
import { Type } from 'typebox'
import { didYouMean, fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import { clip } from '../../model/names.ts'
import { usedColumns } from '../../model/attach.ts'
import { find, get, sameName, shown } from '../../model/edit.ts'
import type { Column, DataType, Default, Enum, Model, QualifiedName, Table } from '../../model/model.ts'
import { string } from '../../dialect/ansi.ts'
import type { Compiled } from '../../dialect/dialect.ts'
import { scan } from '../../model/sql-tokens.ts'
import type { CompileContext } from '../definition.ts'

export const enumValues = Type.Array(Type.String(), {
  minItems: 1,
  uniqueItems: true,
  description: 'Its values, in order.',
})

/** @throws `value-too-long` for what PostgreSQL cannot hold: a value has at most 63 bytes (manual, "Enumerated Types") */
export function checkValue(value: string, path: Path): void {
  if (clip(value) === value) return
  fault('value-too-long', `the enum value "${value}" is longer than 63 bytes`, { path })
}

/** @throws `no-such-value` with the nearest one as a hint */
export function checkKnown(one: Enum, value: string, path: Path): void {
  if (one.values.includes(value)) return
  const near = didYouMean(value, one.values)
  fault('no-such-value', `enum "${shown(one)}" has no value "${value}"`, {
    path,
    hint: near === undefined ? `its values are ${one.values.join(', ')}` : `did you mean "${near}"?`,
  })
}

/** Whether the type is that enum or domain, or an array of it. */
export function isOf(type: DataType, kind: 'enum' | 'domain', name: QualifiedName): boolean {
  if (type.kind === 'array') return isOf(type.of, kind, name)
  return type.kind === kind && sameName(type, name)
}

/** What is of that enum or domain: `table.column`, and the names of domains over it. */
export function typeUses(model: Model, kind: 'enum' | 'domain', name: QualifiedName): string[] {
  const columns = model.tables.flatMap((table) =>
    table.columns.filter((one) => isOf(one.type, kind, name)).map((one) => `${shown(table)}.${one.name}`)
  )
  return [...columns, ...model.domains.filter((one) => isOf(one.type, kind, name)).map(shown)]
}

/** @throws `still-used` while a column or a domain is of that enum or domain */
export function checkUnused(model: Model, kind: 'enum' | 'domain', name: QualifiedName): void {
  const users = typeUses(model, kind, name)
  if (users.length === 0) return
  fault('still-used', `${kind} "${shown(name)}" is used by ${users.map((one) => `"${one}"`).join(', ')}`, {
    path: ['name'],
    hint: 'drop what uses it, or change its type, first',
  })
}

/** The columns of a table that are of the enum (or arrays of it). */
export function enumColumns(table: Table, name: QualifiedName): Column[] {
  return table.columns.filter((one) => isOf(one.type, 'enum', name))
}

/** Whether an expression is about columns of the enum and nothing else, so that its strings are the enum's values. */
export function isAbout(expression: string, table: Table, name: QualifiedName): boolean {
  const used = usedColumns(expression, table)
  const own = enumColumns(table, name).map((one) => one.name)
  return used.length > 0 && used.every((one) => own.includes(one))
}

/** New names of values, by the old ones. */
export type Labels = Readonly<Record<string, string>>

function relabelled(expression: string, labels: Labels): string {
  let text = ''
  let from = 0
  for (const token of scan(expression, 'postgres')) {
    const old = Object.keys(labels).find((one) => token.kind === 'string' && token.text === string(one))
    if (old === undefined) continue
    text += expression.slice(from, token.start) + string(labels[old]!)
    from = token.end
  }
  return text + expression.slice(from)
}

function relabelledDefault(value: Default, labels: Labels): Default {
  if ('expression' in value) return { expression: relabelled(value.expression, labels) }
  return {
    literal: typeof value.literal === 'string' ? labels[value.literal] ?? value.literal : value.literal,
  }
}

/**
 * The table with values of the enum renamed in the defaults of its columns of that type, and in the checks and indexes
 * that are about such columns only: PostgreSQL keeps references to the values there, not their names.
 */
export function relabelTable(table: Table, name: QualifiedName, labels: Labels): Table {
  const edit = (expression: string) =>
    isAbout(expression, table, name) ? relabelled(expression, labels) : expression
  const columns = table.columns.map((one) =>
    one.default === undefined || !isOf(one.type, 'enum', name)
      ? one
      : { ...one, default: relabelledDefault(one.default, labels) }
  )
  const checks = table.checks.map((one) => ({ ...one, expression: edit(one.expression) }))
  const indexes = table.indexes.map((one) => ({
    ...one,
    ...(one.where === undefined ? {} : { where: edit(one.where) }),
    keys: one.keys.map((key) =>
      key.expression === undefined ? key : { ...key, expression: edit(key.expression) }
    ),
  }))
  const next = { ...table, columns, checks, indexes }
  return JSON.stringify(next) === JSON.stringify(table) ? table : next
}

/** The tables that have columns of the enum. */
export function enumTables(model: Model, name: QualifiedName): Table[] {
  return model.tables.filter((table) => enumColumns(table, name).length > 0)
}

/** How many characters the longest value has: what SQLite declares a column of the enum with. */
function longest({ values }: Enum): number {
  return Math.max(...values.map((value) => [...value].length))
}

/**
 * What a change of an enum's values does on SQLite, where its columns are VARCHARs as long as the longest value: a
 * table whose declaration changes is rebuilt, and values that got another name are changed in the rows.
 */
export function enumChangeOnSqlite(name: QualifiedName, cx: CompileContext, labels: Labels = {}): Compiled[] {
  const longer = longest(get(cx.before, 'enums', name)) !== longest(get(cx.after, 'enums', name))
  return enumTables(cx.before, name).flatMap((before): Compiled[] => {
    const after = find(cx.after, 'tables', before)!
    const columns = enumColumns(before, name).filter((one) => one.generated === undefined)
    const renames = Object.entries(labels)
    if (!longer && after === before) {
      return columns.flatMap((one) => renames.map(([from, to]) => renameInRows(cx, before, one, from, to)))
    }
    if (renames.length === 0) return [{ before, after }]
    return [{
      before,
      after,
      carry: Object.fromEntries(
        columns.map((one) => [one.name, relabelCase(cx, cx.sql.name(one.name), labels)]),
      ),
    }]
  })
}

function renameInRows(
  { sql }: CompileContext,
  table: Table,
  column: Column,
  from: string,
  to: string,
): Compiled {
  const name = sql.name(column.name)
  return {
    sql: `UPDATE ${sql.qualified(table)} SET ${name} = ${sql.literal(to)} WHERE ${name} = ${
      sql.literal(from)
    }`,
  }
}

/** `CASE value WHEN 'old' THEN 'new' … ELSE value END`. */
export function relabelCase({ sql }: CompileContext, value: string, labels: Labels): string {
  const whens = Object.entries(labels).map(([from, to]) =>
    `WHEN ${sql.literal(from)} THEN ${sql.literal(to)}`
  )
  return `CASE ${value} ${whens.join(' ')} ELSE ${value} END`
}
