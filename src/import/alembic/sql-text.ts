/** SQL of SQLAlchemy's constructs: `sa.text`, `sa.func`, columns, comparisons; and literal values. */
import { spelled } from '../../model/sql-names.ts'
import { isKind, isSequence, itemsOf, lookup, notUnderstood, numeric, text } from '../evaluate/value.ts'
import type { Construct, Dict, Value } from '../evaluate/value.ts'
import { lastName } from './arguments.ts'

/** A parameter in the text of `text()`, by SQLAlchemy's own rule: not `::type`, not `\:`. */
const PARAMETER = /(?<![:\w\\]):(\w+)(?!:)/g

/**
 * The SQL of a text that SQLAlchemy's `text()` reads: parameters are filled in, `\:` is a colon.
 * @throws `not-understood` for a parameter without a value
 */
export function filledText(sql: string, parameters?: Dict): string {
  const filled = sql.replace(PARAMETER, (_, name: string) => {
    const value = parameters === undefined ? undefined : lookup(parameters, name)
    if (value === undefined) return notUnderstood(`the parameter ":${name}" has no value that is known`)
    return literal(value)
  })
  return filled.replaceAll('\\:', ':')
}

/** A value as SQL writes it. @throws `not-understood` for what is no constant */
export function literal(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  const number = numeric(value)
  if (number !== undefined) return String(number)
  if (isKind(value, 'member')) return literal(value.name)
  if (isKind(value, 'construct')) return sqlOf(value)
  return notUnderstood('a value in SQL is no constant')
}

const OPERATORS: Readonly<Record<string, string>> = {
  'operator ==': '=',
  'operator !=': '<>',
  'operator <': '<',
  'operator >': '>',
  'operator <=': '<=',
  'operator >=': '>=',
  'operator +': '+',
  'operator -': '-',
  'operator *': '*',
  'operator /': '/',
  'operator %': '%',
}

/** The SQL of an expression of SQLAlchemy; a plain value is a literal. @throws `not-understood` */
export function sqlOf(value: Value): string {
  if (isKind(value, 'attribute')) return columnName(value)
  if (isKind(value, 'path')) return constant(value.path)
  if (!isKind(value, 'construct')) return literal(value)
  const { path, positional, of } = value
  const [first = null, second = null] = positional
  const name = lastName(path)
  if (path.startsWith('operator ')) return operator(value)
  if (of !== undefined) return method(value, of)
  if (path.includes('.func.')) return call(name, positional)
  switch (name) {
    case 'text':
      return filledText(text(first))
    case 'literal_column':
      return text(first)
    case 'column':
    case 'Column':
      return spelled(text(first))
    case 'literal':
    case 'inline_literal':
    case 'bindparam':
      return literal(name === 'bindparam' ? value.named.get('value') ?? second : first)
    case 'null':
      return 'NULL'
    case 'true':
    case 'false':
      return name
    case 'and_':
    case 'or_':
      return positional.map((one) => `(${sqlOf(one)})`).join(name === 'and_' ? ' AND ' : ' OR ')
    case 'not_':
      return `NOT (${sqlOf(first)})`
    case 'desc':
    case 'asc':
    case 'nulls_first':
    case 'nullsfirst':
    case 'nulls_last':
    case 'nullslast':
      return `${typeof first === 'string' ? spelled(first) : sqlOf(first)} ${ORDERS[name]}`
    case 'Decimal':
      return decimalOf(value)
    case 'UUID':
    case 'date':
    case 'datetime':
      return literal(dateOf(value))
  }
  return notUnderstood(`the SQL of "${path}" is not known`)
}

const ORDERS: Readonly<Record<string, string>> = {
  desc: 'DESC',
  asc: 'ASC',
  nulls_first: 'NULLS FIRST',
  nullsfirst: 'NULLS FIRST',
  nulls_last: 'NULLS LAST',
  nullslast: 'NULLS LAST',
}

/**
 * What SQLAlchemy writes without parentheses, and in these letters, where no argument is given (sql/functions.py,
 * AnsiFunction).
 */
const ANSI: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'SESSION_USER',
  'USER',
])

function call(name: string, args: readonly Value[]): string {
  const upper = name.toUpperCase()
  return args.length === 0 && ANSI.has(upper) ? upper : `${name}(${args.map(sqlOf).join(', ')})`
}

function constant(path: string): string {
  const name = lastName(path)
  if (name === 'null') return 'NULL'
  return notUnderstood(`the SQL of "${path}" is not known`)
}

function operator({ path, positional }: Construct): string {
  const [left = null, right] = positional
  if (right === undefined) {
    return path === 'operator ~' ? `NOT (${sqlOf(left)})` : notUnderstood(`"${path}" in SQL is not known`)
  }
  if (path === 'operator &' || path === 'operator |') {
    return `(${sqlOf(left)}) ${path === 'operator &' ? 'AND' : 'OR'} (${sqlOf(right)})`
  }
  const isNull = right === null || (isKind(right, 'construct') && lastName(right.path) === 'null')
  if (isNull && path === 'operator ==') return `${sqlOf(left)} IS NULL`
  if (isNull && path === 'operator !=') return `${sqlOf(left)} IS NOT NULL`
  const sign = OPERATORS[path]
  return sign === undefined
    ? notUnderstood(`"${path}" in SQL is not known`)
    : `${sqlOf(left)} ${sign} ${sqlOf(right)}`
}

function method({ path, positional, named }: Construct, of: Value): string {
  const [first = null] = positional
  switch (path) {
    case '.is_':
      return `${sqlOf(of)} IS ${sqlOf(first)}`
    case '.is_not':
    case '.isnot':
      return `${sqlOf(of)} IS NOT ${sqlOf(first)}`
    case '.in_':
    case '.notin_':
    case '.not_in': {
      const items = itemsOf(first)
      if (items.length === 0) return path === '.in_' ? 'false' : 'true'
      return `${sqlOf(of)} ${path === '.in_' ? 'IN' : 'NOT IN'} (${items.map(literal).join(', ')})`
    }
    case '.like':
    case '.ilike':
      return `${sqlOf(of)} ${path.slice(1).toUpperCase()} ${sqlOf(first)}`
    case '.desc':
    case '.asc':
    case '.nulls_first':
    case '.nullsfirst':
    case '.nulls_last':
    case '.nullslast':
      return `${sqlOf(of)} ${ORDERS[path.slice(1)]}`
    case '.bindparams':
    case '.params':
      return boundText(of, positional, named)
    case '[]':
      return columnName({ kind: 'construct', path, of, positional, named, at: { from: 0, to: 0 } })
  }
  return notUnderstood(`"${path.slice(1)}" in SQL is not known`)
}

/** `text(…).bindparams(a=1)`, `.params({'a': 1})`, `.bindparams(sa.bindparam('a', 1))`. */
function boundText(of: Value, positional: readonly Value[], named: ReadonlyMap<string, Value>): string {
  const entries: [Value, Value][] = [...named]
  for (const one of positional) {
    if (isKind(one, 'dict')) entries.push(...one.entries)
    else if (isKind(one, 'construct')) {
      const value = one.named.get('value') ?? one.positional[1]
      if (value !== undefined) entries.push([one.positional[0] ?? '', value])
    }
  }
  if (!isKind(of, 'construct') || lastName(of.path) !== 'text') {
    return notUnderstood('parameters of what is no text')
  }
  return filledText(text(of.positional[0] ?? ''), { kind: 'dict', entries })
}

/** `table.c.name`, `table.c['name']`. */
function columnName(value: Value): string {
  if (isKind(value, 'attribute') && isColumns(value.of)) return spelled(value.name)
  if (isKind(value, 'construct') && value.path === '[]' && value.of !== undefined && isColumns(value.of)) {
    return spelled(text(value.positional[0] ?? ''))
  }
  return notUnderstood('a part of the SQL is no column')
}

function isColumns(value: Value): boolean {
  return isKind(value, 'attribute') && (value.name === 'c' || value.name === 'columns')
}

/** `Decimal('1.10')`: a number as it is written; one that is made of a float is another one. */
function decimalOf({ path, positional: [first = null] }: Construct): string {
  const digits = typeof first === 'number' ? String(first) : first
  const exact = typeof digits === 'string' && /^-?\d+(\.\d+)?$/.test(digits)
  return exact ? digits : notUnderstood(`"${path}" is no constant`)
}

/** `datetime.date(2020, 1, 2)`, `datetime.datetime(…)`, `uuid.UUID('…')` as text. */
function dateOf({ path, positional, named }: Construct): string {
  const name = lastName(path)
  if (named.size > 0 || positional.length === 0) return notUnderstood(`"${path}" is no constant`)
  if (name === 'UUID') return text(positional[0]!)
  const numbers = positional.map((one) => numeric(one) ?? NaN)
  if (numbers.some(Number.isNaN)) return notUnderstood(`"${path}" is no constant`)
  const two = (i: number) => String(numbers[i] ?? 0).padStart(2, '0')
  const date = `${String(numbers[0]).padStart(4, '0')}-${two(1)}-${two(2)}`
  if (name === 'date') return date
  const fraction = numbers[6] ? `.${String(numbers[6]).padStart(6, '0')}` : ''
  return `${date} ${two(3)}:${two(4)}:${two(5)}${fraction}`
}

/** A value as a row of YAML holds it: constants, lists and maps; an expression is `{ sql: … }`. */
export function rowValue(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value
  if (value.kind === 'float') return value.value
  if (isSequence(value)) return value.items.map(rowValue)
  if (value.kind === 'dict') {
    return Object.fromEntries(value.entries.map(([key, one]) => [text(key), rowValue(one)]))
  }
  if (value.kind === 'member') return value.name
  if (
    value.kind === 'construct' && /(^|\.)(UUID|date|datetime)$/.test(value.path) && value.of === undefined
  ) {
    return dateOf(value)
  }
  if (value.kind === 'construct' && /(^|\.)(inline_literal|literal)$/.test(value.path)) {
    return rowValue(value.positional[0] ?? null)
  }
  return { sql: sqlOf(value) }
}

/** `(a -> 'b')` is `a -> 'b'`: whoever spells it puts the parentheses there. */
export function unwrapped(sql: string): string {
  if (!sql.startsWith('(') || !sql.endsWith(')')) return sql
  let depth = 0
  for (let i = 0; i < sql.length - 1; i++) {
    if (sql[i] === "'" || sql[i] === '"') return sql
    depth += sql[i] === '(' ? 1 : sql[i] === ')' ? -1 : 0
    if (depth === 0) return sql
  }
  return sql.slice(1, -1)
}
