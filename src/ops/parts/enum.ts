/** Enums: their values as a field, what is of such a type, and what happens to it when the values change. */
import { Type } from 'typebox'
import { didYouMean, fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import { clip } from '../../model/names.ts'
import { find, get, shown } from '../../model/edit.ts'
import type { Column, Default, Enum, Model, QualifiedName, Table } from '../../model/model.ts'
import { string } from '../../dialect/ansi.ts'
import type { Compiled } from '../../dialect/dialect.ts'
import { tokenize } from '../../model/sql-tokens.ts'
import { isOf } from '../../model/types.ts'
import type { CompileContext } from '../definition.ts'
import type { Labels } from './enum-labels.ts'
import { enumColumns, valuesIn } from './enum-values.ts'

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

/** Whether the default of a column of the enum is, or names, one of its values. */
export function namesValue(value: Default, label: string): boolean {
  if ('literal' in value) return value.literal === label
  return tokenize(value.expression, 'postgres').some((token) => token.text === string(label))
}

/** The checks, exclusion constraints and indexes of a table that certainly name one of the values. */
export function namingValues(table: Table, one: QualifiedName, values: readonly string[]) {
  const named = (...texts: readonly (string | undefined)[]) => {
    const found = new Set(
      texts.flatMap((text) =>
        text === undefined ? [] : valuesIn(text, table, one).map((token) => token.text)
      ),
    )
    return values.find((value) => found.has(string(value)))
  }
  const of = <O extends { readonly name: string }>(
    kind: 'check' | 'exclude' | 'index',
    each: O,
    value?: string,
  ) => value === undefined ? [] : [{ kind, name: each.name, value }]
  return [
    ...table.checks.flatMap((each) => of('check', each, named(each.expression))),
    ...table.excludes.flatMap((each) =>
      of('exclude', each, named(each.where, ...each.elements.map((element) => element.expression)))
    ),
    ...table.indexes.flatMap((each) =>
      of('index', each, named(each.where, ...each.keys.map((key) => key.expression)))
    ),
  ]
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
