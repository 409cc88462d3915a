/** Enums: their values as a field, what is of such a type, and what happens to it when the values change. */
import { Type } from 'typebox'
import { ownValue } from '../../own-value.ts'
import { didYouMean, fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import { clip } from '../../model/names.ts'
import { usedColumns } from '../../model/attach.ts'
import { sameValue } from '../../model/difference.ts'
import { find, get, shown } from '../../model/edit.ts'
import type { Column, Default, Enum, Model, QualifiedName, Table } from '../../model/model.ts'
import { string } from '../../dialect/ansi.ts'
import type { Compiled } from '../../dialect/dialect.ts'
import { nameOf, tokenize } from '../../model/sql-tokens.ts'
import { isOf } from '../../model/types.ts'
import { mapExpressions } from '../../model/expressions.ts'
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

/** What compares a column with a value. */
const COMPARED: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '>', '<=', '>='])

/** The first of the values that an expression of the table certainly names as one of the enum. */
function valueNamed(
  expression: string,
  table: Table,
  one: QualifiedName,
  values: readonly string[],
): string | undefined {
  const pure = isAbout(expression, table, one)
  const own = new Set(enumColumns(table, one).map((column) => column.name))
  const tokens = tokenize(expression, 'postgres')
  const isCast = (at: number) => {
    const last = tokens[at + 3]?.key === '.' ? tokens[at + 4] : tokens[at + 2]
    return tokens[at + 1]?.key === '::' && last !== undefined && nameOf(last) === one.name
  }
  const isCompared = (at: number) => {
    const [column, sign] = [tokens[at - 2], tokens[at - 1]]
    return column !== undefined && sign !== undefined && COMPARED.has(sign.key) && own.has(nameOf(column))
  }
  return values.find((value) =>
    tokens.some((token, at) => token.text === string(value) && (pure || isCast(at) || isCompared(at)))
  )
}

/** Whether the default of a column of the enum is, or names, one of its values. */
export function namesValue(value: Default, label: string): boolean {
  if ('literal' in value) return value.literal === label
  return tokenize(value.expression, 'postgres').some((token) => token.text === string(label))
}

/** The checks, exclusion constraints and indexes of a table that certainly name one of the values. */
export function namingValues(table: Table, one: QualifiedName, values: readonly string[]) {
  const named = (...texts: readonly (string | undefined)[]) =>
    texts.map((text) => text && valueNamed(text, table, one, values)).find((value) => value)
  const of = <O extends { readonly name: string }>(
    kind: 'check' | 'exclude' | 'index',
    each: O,
    value?: string,
  ) => value === undefined || value === '' ? [] : [{ kind, name: each.name, value }]
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

/** New names of values, by the old ones. */
export type Labels = Readonly<Record<string, string>>

function relabelled(expression: string, labels: Labels): string {
  let text = ''
  let from = 0
  for (const token of tokenize(expression, 'postgres')) {
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
    literal: typeof value.literal === 'string'
      ? ownValue(labels, value.literal) ?? value.literal
      : value.literal,
  }
}

/**
 * The table with values of the enum renamed in the defaults of its columns of that type, and in the expressions (of checks,
 * indexes, exclusion constraints, generated columns, policies) that are about such columns only: PostgreSQL keeps
 * references to the values there, not their names.
 */
export function relabelTable(table: Table, name: QualifiedName, labels: Labels): Table {
  const columns = table.columns.map((one) =>
    one.default === undefined || !isOf(one.type, 'enum', name)
      ? one
      : { ...one, default: relabelledDefault(one.default, labels) }
  )
  const next = mapExpressions(
    { ...table, columns },
    (expression) => isAbout(expression, table, name) ? relabelled(expression, labels) : expression,
  )
  return sameValue(next, table) ? table : next
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
