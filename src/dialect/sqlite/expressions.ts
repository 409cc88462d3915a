/** Comparing and translating SQL expressions and defaults, by their tokens. */
import type { DataType, Default, Scalar } from '../../model/model.ts'
import { closing, defaultOf } from './parse-column.ts'
import { identifierOf, tokenize } from './tokens.ts'
import type { Token } from './tokens.ts'

/** Expressions that PostgreSQL's users write and SQLite spells otherwise, without blanks and in lower case. */
const PORTABLE: Readonly<Record<string, string>> = {
  'now()': 'CURRENT_TIMESTAMP',
  'current_timestamp()': 'CURRENT_TIMESTAMP',
  'transaction_timestamp()': 'CURRENT_TIMESTAMP',
  'localtimestamp': 'CURRENT_TIMESTAMP',
  'current_timestamp': 'CURRENT_TIMESTAMP',
  'current_date': 'CURRENT_DATE',
  'current_time': 'CURRENT_TIME',
  'localtime': 'CURRENT_TIME',
}

/** The default as SQLite holds it: `now()` is CURRENT_TIMESTAMP, `true` is 1, an expression that is a literal is one. */
export function portableDefault(value: Default, type: DataType): Default {
  if ('expression' in value) {
    const known = PORTABLE[value.expression.toLowerCase().replaceAll(/\s+/g, '')]
    if (known !== undefined) return { expression: known }
    const read = defaultOf(value.expression)
    return 'literal' in read ? portableDefault(read, type) : read
  }
  return { literal: portableLiteral(value.literal, type) }
}

/** Booleans are 1 and 0 in SQLite; a boolean column's 1 and 0 are meant as booleans. */
function portableLiteral(value: Scalar, type: DataType): Scalar {
  if (type.kind === 'boolean') return value === 1 ? true : value === 0 ? false : value
  return typeof value === 'boolean' ? Number(value) : value
}

/** Whether two defaults give the same value. No default is NULL; a number may be quoted in a numeric column. */
export function sameDefault(a: Default | undefined, b: Default | undefined, type: DataType): boolean {
  const [one, other] = [a, b].map((value) => portableDefault(value ?? { literal: null }, type))
  if (one === undefined || other === undefined) return false
  if ('literal' in one && 'literal' in other) return sameLiteral(one.literal, other.literal, type)
  if ('expression' in one && 'expression' in other) return sameExpression(one.expression, other.expression)
  return false
}

const NUMBERS: ReadonlySet<DataType['kind']> = new Set([
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'numeric',
  'boolean',
])

function sameLiteral(a: Scalar, b: Scalar, type: DataType): boolean {
  if (a === b) return true
  if (a === null || b === null || !NUMBERS.has(type.kind)) return false
  return String(a).trim() !== '' && Number(a) === Number(b)
}

/** Whether two expressions are the same text but for blanks, case, quotes of names and outer parentheses. */
export function sameExpression(a: string, b: string): boolean {
  return a === b || normalised(a) === normalised(b)
}

const OPERATORS: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' }

function normalised(expression: string): string {
  return bare(tokenize(expression)).map(wordOf).join(' ')
}

/** Without parentheses around the whole, and without doubled ones inside. */
function bare(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.key !== '(') {
      kept.push(token)
      continue
    }
    const end = i + closing(tokens.slice(i))
    if (end < i) return tokens
    const inner = bare(tokens.slice(i + 1, end))
    const whole = i === 0 && end === tokens.length - 1
    if (whole || inner.length === 1 && !isCall(tokens[i - 1])) kept.push(...inner)
    else kept.push(token, ...inner, tokens[end]!)
    i = end
  }
  return kept
}

/** A parenthesis behind a name is a call's, and IN's list stays one. */
function isCall(before: Token | undefined): boolean {
  return before !== undefined && (before.kind === 'word' || before.kind === 'quoted') && !GLUE.has(before.key)
}

const GLUE: ReadonlySet<string> = new Set([
  'AND',
  'OR',
  'NOT',
  'WHEN',
  'THEN',
  'ELSE',
  'BETWEEN',
  'LIKE',
  'IS',
  'CASE',
])

function wordOf(token: Token): string {
  const name = identifierOf(token)
  if (name !== undefined) return /^[a-z_][\w$]*$/.test(name) ? name : `"${name}"`
  return token.kind === 'string' ? token.text : OPERATORS[token.key] ?? token.text.toLowerCase()
}
