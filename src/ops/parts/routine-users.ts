/** What certainly calls a function, so that PostgreSQL does not drop it. */
import { shown } from '../../model/edit.ts'
import { EMPTY } from '../../model/model.ts'
import type { Column, DataType, Model, Routine, SqlText, Table } from '../../model/model.ts'
import { argumentDefaults, inputTypes, isStandardBody, signature, typeText } from '../../model/routine.ts'
import { readsRelation, spelled } from '../../model/sql-names.ts'
import { sqlFor } from '../../model/sql-text.ts'
import { nameOf, tokenize } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import { fromType } from './type.ts'

/**
 * What certainly calls a function, in words: `the check "c" of "t"`. A call is certain when its arguments are columns of
 * the function's types, or when it has none: any other may be of another function of that name, of PostgreSQL's own, too.
 */
export function routineUsers(model: Model, routine: Routine): string[] {
  if (routine.kind === 'procedure') return []
  const calls = callsOf(routine)
  return [
    ...model.tables.flatMap((table) => inTable(table, (text) => calls(text, table.columns))),
    ...model.domains.flatMap((one) => {
      const value: Column = { name: 'value', type: one.type, nullable: true }
      const texts = [defaultText(one), ...one.checks.map((check) => check.expression)]
      return texts.some((text) => calls(text, [value])) ? [`the domain "${shown(one)}"`] : []
    }),
    ...inQueries(model, routine),
  ]
}

/** Whether a text over such columns certainly calls it. */
export type Calls = (text: string | undefined, columns: readonly Column[]) => boolean

export function callsOf(routine: Routine): Calls {
  const wanted = inputTypes(routine.arguments).join(', ')
  return (text, columns) => {
    if (text === undefined) return false
    const tokens = tokenize(text, 'postgres')
    return tokens.some((_, at) => {
      if (!isCalled(tokens, at, routine)) return false
      const types = argumentTypes(tokens, at + 1, columns)
      return types !== undefined && types.join(', ') === wanted
    })
  }
}

function isCalled(tokens: readonly SqlToken[], at: number, { schema, name }: Routine): boolean {
  const token = tokens[at]!
  if (!isName(token) || nameOf(token) !== name || tokens[at + 1]?.key !== '(') return false
  const owner = tokens[at - 1]?.key === '.' ? nameOf(tokens[at - 2]!) : undefined
  return owner === schema
}

function isName({ kind }: SqlToken): boolean {
  return kind === 'word' || kind === 'quoted'
}

/** The types of a call's arguments, if each is a column, by its name or behind that of its table. */
function argumentTypes(
  tokens: readonly SqlToken[],
  open: number,
  columns: readonly Column[],
): string[] | undefined {
  const close = tokens.findIndex((one, at) =>
    at > open && one.key === ')' && one.depth === tokens[open]!.depth
  )
  const inner = tokens.slice(open + 1, close)
  const types: string[] = []
  for (let at = 0; at < inner.length; at += 2) {
    if (inner[at + 1]?.key === '.') at += 2
    const token = inner[at]
    if (token === undefined || !isName(token) || (inner[at + 1]?.key ?? ',') !== ',') return undefined
    // Two tables that a query reads may have columns of one name.
    const [type, ...others] = new Set(
      columns.filter((one) => one.name === nameOf(token)).map((one) => typeOf(one.type)),
    )
    if (type === undefined || others.length > 0) return undefined
    types.push(type)
  }
  return types
}

/** A type as functions spell those of their arguments. */
function typeOf(type: DataType): string {
  if (type.kind === 'array') return `${typeOf(type.of)}[]`
  if (type.kind === 'enum' || type.kind === 'domain') {
    return [type.schema, type.name].flatMap((one) => one === undefined ? [] : [spelled(one)]).join('.')
  }
  if (type.kind === 'native') return typeText(type.postgres ?? '')
  const written = fromType(type, EMPTY)
  return typeText(typeof written === 'string' ? written : '')
}

function defaultText({ default: value }: Pick<Column, 'default'>): string | undefined {
  return value !== undefined && 'expression' in value ? value.expression : undefined
}

function inTable(table: Table, calls: (text: string | undefined) => boolean): string[] {
  const some = (...texts: readonly (string | undefined)[]) => texts.some(calls)
  const of = `of "${shown(table)}"`
  return [
    ...table.columns.filter((one) => some(defaultText(one), one.generated?.expression))
      .map((one) => `column "${shown(table)}.${one.name}"`),
    ...table.checks.filter((one) => some(one.expression)).map((one) => `the check "${one.name}" ${of}`),
    ...table.excludes.filter((one) => some(one.where, ...one.elements.map((each) => each.expression)))
      .map((one) => `the exclusion constraint "${one.name}" ${of}`),
    ...table.indexes.filter((one) => some(one.where, ...one.keys.map((key) => key.expression)))
      .map((one) => `the index "${one.name}"`),
    ...(table.policies ?? []).filter((one) => some(one.using, one.check))
      .map((one) => `the policy "${one.name}" ${of}`),
  ]
}

function inQueries(model: Model, routine: Routine): string[] {
  const { views, materializedViews, functions } = queriesCalling(model, routine)
  return [
    ...views.map((one) => `the view "${shown(one)}"`),
    ...materializedViews.map((one) => `the materialized view "${shown(one)}"`),
    ...functions.map((one) => `the ${one.kind} "${signature(one)}"`),
  ]
}

/**
 * The views and functions that call it, where no other function has the name: what they read may be of other types than
 * the tables' columns.
 */
export function queriesCalling(
  model: Model,
  routine: Routine,
): Pick<Model, 'views' | 'materializedViews' | 'functions'> {
  if (
    routine.kind === 'procedure' ||
    model.functions.some((one) => one !== routine && one.name === routine.name)
  ) return { views: [], materializedViews: [], functions: [] }
  const calls = callsOf(routine)
  const reads = (query: SqlText) => {
    const text = sqlFor(query, 'postgres')
    if (text === undefined || !text.includes(routine.name)) return false
    return calls(
      text,
      model.tables.filter((one) => readsRelation(text, one.name)).flatMap((one) => one.columns),
    )
  }
  return {
    views: model.views.filter((one) => reads(one.query)),
    materializedViews: model.materializedViews.filter((one) => reads(one.query)),
    functions: model.functions.filter((one) =>
      one !== routine &&
      [isStandardBody(one) ? one.body : undefined, ...argumentDefaults(one)].some((text) => calls(text, []))
    ),
  }
}
