/** What keeps PostgreSQL from changing the type of a column, or from dropping a type. */
import { usedColumns, usesColumn } from '../../model/used-columns.ts'
import { columnDependents } from '../../model/drop-column.ts'
import { shown } from '../../model/edit.ts'
import type { Column, DataType, Model, QualifiedName, Routine, SqlText, Table } from '../../model/model.ts'
import { hasType, isStandardBody, signature } from '../../model/routine.ts'
import { spelled } from '../../model/sql-names.ts'
import { readsColumnOf } from '../../model/sql-reads.ts'
import { nameOf, tokenize } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import { sqlFor } from '../../model/sql-text.ts'
import { isRaw } from '../../model/trigger.ts'
import { element } from '../../model/types.ts'
import { enumColumns } from './enum-values.ts'

/**
 * What certainly uses a column so that PostgreSQL does not change its type (RememberAllDependentForRebuilding in its
 * source): generated columns, views, triggers, policies, functions with a standard body. In words: `the view "recent"`.
 */
export function retypeUsers(model: Model, table: Table, column: string): string[] {
  const { columns, triggers, policies } = columnDependents(model, table, column)
  const elsewhere = model.tables.filter((one) => one !== table).flatMap((one) => one.policies ?? [])
  const reads = (query: SqlText) => {
    const text = sqlFor(query, 'postgres')
    return text !== undefined && readsColumnOf(text, table.name, column)
  }
  return [
    ...columns.map((one) => `the generated column "${one.name}"`),
    ...model.views.filter((one) => reads(one.query)).map((one) => `the view "${shown(one)}"`),
    ...model.materializedViews.filter((one) => reads(one.query))
      .map((one) => `the materialized view "${shown(one)}"`),
    ...triggers.filter((one) => isRaw(one) || one.function !== undefined)
      .map((one) => `the trigger "${one.name}"`),
    ...[...policies, ...elsewhere.filter(({ using = '', check = '' }) => reads(using) || reads(check))]
      .map((one) => `the policy "${one.name}"`),
    ...model.functions.filter((one) => isStandardBody(one) && reads(one.body)).map(told),
  ]
}

/**
 * What keeps PostgreSQL from making an enum anew, besides domains: what uses its columns so that they keep their type, and
 * what goes on to use the old type. In words.
 */
export function enumUsers(model: Model, one: QualifiedName): string[] {
  const found = model.tables.flatMap((table) => {
    const columns = enumColumns(table, one)
    return [
      ...columns.filter((column) => column.generated !== undefined)
        .map((column) => `the generated column "${column.name}"`),
      ...columns.flatMap((column) => retypeUsers(model, table, column.name)),
      ...columns.filter((column) => isPartitionKey(table, column.name))
        .map(() => `the partition key of "${shown(table)}"`),
      ...casts(table, columns, one),
    ]
  })
  return [...new Set([...found, ...typedRoutines(model, one)])]
}

/** Whether the table is partitioned by the column: PostgreSQL changes no type of such. */
export function isPartitionKey({ partitionBy }: Table, column: string): boolean {
  return usesColumn(partitionBy, column)
}

/** Expressions that cast to the type and are not put on again with a column of it. */
function casts(table: Table, columns: readonly Column[], type: QualifiedName): string[] {
  const castsTo = (...texts: readonly (string | undefined)[]) =>
    texts.some((text) => text !== undefined && hasCast(text, type)) &&
    !texts.some((text) =>
      text !== undefined && usedColumns(text, table).some((used) => columns.some((one) => one.name === used))
    )
  const expression = ({ default: value, generated }: Column) =>
    value !== undefined && 'expression' in value ? value.expression : generated?.expression
  return [
    ...table.columns.filter((one) => !columns.includes(one) && castsTo(expression(one)))
      .map((one) => `column "${shown(table)}.${one.name}"`),
    ...table.checks.filter((one) => castsTo(one.expression)).map((one) => `the check "${one.name}"`),
    ...table.excludes.filter((one) => castsTo(one.where, ...one.elements.map((each) => each.expression)))
      .map((one) => `the exclusion constraint "${one.name}"`),
    ...table.indexes.filter((one) => castsTo(one.where, ...one.keys.map((each) => each.expression)))
      .map((one) => `the index "${one.name}"`),
    ...(table.policies ?? []).filter((one) => castsTo(one.using, one.check))
      .map((one) => `the policy "${one.name}"`),
  ]
}

/** `x::mood`, `CAST(x AS app.mood)`. */
function hasCast(expression: string, type: QualifiedName): boolean {
  const tokens = tokenize(expression, 'postgres')
  return tokens.some((token, at) =>
    (token.key === '::' || token.key === 'AS') && names(tokens, at + 1, type) > 0
  )
}

/** How many of the tokens from there on are the name of the type. */
function names(tokens: readonly SqlToken[], at: number, { schema, name }: QualifiedName): number {
  const qualified = tokens[at + 1]?.key === '.'
  const [first, last] = [tokens[at], tokens[qualified ? at + 2 : at]]
  if (first === undefined || last === undefined || nameOf(last) !== name) return 0
  return !qualified ? 1 : nameOf(first) === schema ? 3 : 0
}

/**
 * An expression over a column of an enum as it reads over one of another type. Casts lead to the enum that it becomes;
 * else there are none, but that what is put into an array stays a text.
 * @param alone whether no other column of the enum is in it, which stays one
 */
export function recast(expression: string, from: DataType, to: DataType, alone = true): string {
  const [old, now] = [element(from), element(to)]
  if (old.kind !== 'enum') return expression
  if (now.kind === 'enum' && alone) {
    const { schema, name } = now
    return withCasts(
      expression,
      old,
      [schema, name].flatMap((one) => one === undefined ? [] : spelled(one)).join('.'),
    )
  }
  return withCasts(expression, old, to.kind === 'array' && now.kind === 'text' ? 'text' : undefined)
}

/** The expression with what is cast to the type cast to another one, or to none: `'sad'` for `'sad'::mood`. */
function withCasts(expression: string, type: QualifiedName, other: string | undefined): string {
  const tokens = tokenize(expression, 'postgres')
  let text = ''
  let from = 0
  tokens.forEach(({ key, start }, at) => {
    const isCast = key === '::' || (key === 'AS' && other !== undefined)
    const count = isCast ? names(tokens, at + 1, type) : 0
    if (count === 0) return
    const last = at + count
    const isArray = tokens[last + 1]?.key === '[' && tokens[last + 2]?.key === ']'
    text += expression.slice(from, other === undefined ? start : tokens[at + 1]!.start) + (other ?? '')
    from = tokens[isArray && other === undefined ? last + 2 : last]!.end
  })
  return text + expression.slice(from)
}

const TEXTS: readonly (readonly string[])[] = [['TEXT'], ['CHARACTER', 'VARYING']]

/**
 * The expression as it is over a column that was a text: `'sad'::mood` for `'sad'::text`. One that casts anything else than
 * literals is left as it is: what is cast to a text is still one.
 * @param type as SQL spells it
 */
export function withLiteralsOf(expression: string, type: string): string {
  const tokens = tokenize(expression, 'postgres')
  let text = ''
  let from = 0
  for (const [at, { key, end }] of tokens.entries()) {
    if (key !== '::') continue
    const written = TEXTS.find((words) => words.every((word, i) => tokens[at + 1 + i]?.key === word))
    if (tokens[at - 1]?.kind !== 'string' || written === undefined) return expression
    text += expression.slice(from, end) + type
    from = tokens[at + written.length]!.end
  }
  return text + expression.slice(from)
}

/** The functions and procedures that take or return values of the type. */
function typedRoutines(model: Model, type: QualifiedName): string[] {
  return model.functions.filter((one) => hasType(one, type)).map(told)
}

function told(one: Routine): string {
  return `the ${one.kind} "${signature(one)}"`
}
