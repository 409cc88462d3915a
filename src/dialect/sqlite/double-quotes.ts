/**
 * SQLite takes what stands in double quotes for a string where it names nothing (https://sqlite.org/quirks.html#dblquote):
 * in a statement as it was built, and in the texts of a file always. libSQL refuses such a statement.
 */
import type { Model, Table, Trigger } from '../../model/model.ts'
import { mapExpressions } from '../../model/expressions.ts'
import { sqlFor } from '../../model/sql-text.ts'
import { unquoted } from '../../model/sql-tokens.ts'
import { string } from '../ansi.ts'
import { KEYWORDS } from './keywords.ts'
import { isName, tokenize } from './tokens.ts'
import type { Token } from './tokens.ts'
import { projectTrigger } from './trigger.ts'

/** The rowid has these names in quotes, too. */
const ROWIDS: ReadonlySet<string> = new Set(['rowid', '_rowid_', 'oid'])

/**
 * A table as a file holds it, with its strings in single quotes; `doubleQuotes` where it holds others.
 */
export function withStrings(table: Table): Table {
  const names = new Set([...ROWIDS, ...table.columns.map(({ name }) => name.toLowerCase())])
  let found = false
  const changed = mapExpressions(table, (expression) => {
    const text = expression.includes('"') ? requoted(expression, names) : expression
    found ||= text !== expression
    return text
  })
  return found ? { ...changed, doubleQuotes: true } : table
}

/**
 * Whether the file holds strings in double quotes, as far as its texts tell: libSQL then refuses all of ALTER TABLE that
 * reads the other texts of the file (RENAME, DROP COLUMN), whatever table it is of. Names that the model does not know,
 * as the columns of a virtual table, are taken for strings.
 */
export function holdsStrings(model: Model): boolean {
  const holdsString = stringFinder(model)
  return model.tables.some(({ doubleQuotes }) => doubleQuotes) ||
    model.views.some(({ query }) => holdsString(sqlFor(query, 'sqlite') ?? '')) ||
    model.triggers.some((one) => textsOf(one).some(holdsString))
}

/** Tells of a text of the model whether it holds strings in double quotes: libSQL cannot read a view that does. */
export function stringFinder(model: Model): (text: string) => boolean {
  let names: ReadonlySet<string> | undefined
  return (text) => {
    const quoted = quotedIn(text)
    if (quoted.length === 0) return false
    const known = names ??= new Set([...ROWIDS, ...namesOf(model)])
    return quoted.some((name) => !known.has(name))
  }
}

/** The texts of a schema are asked for again with each change of a table. */
const QUOTED = new Map<string, readonly string[]>()

/** What stands in double quotes and is no name that the text itself gives, in lower case: names of the model or strings. */
function quotedIn(text: string): readonly string[] {
  if (!text.includes('"')) return []
  const known = QUOTED.get(text)
  if (known !== undefined) return known
  const tokens = tokenize(text)
  const own = new Set(tokens.filter((_, at) => isGiven(tokens, at)).map((one) => unquoted(one).toLowerCase()))
  const found = tokens.filter((_, at) => isString(tokens, at, own)).map((one) => unquoted(one).toLowerCase())
  QUOTED.set(text, found)
  return found
}

/** Whether a text gives this name itself: to a result, what stands in FROM, a common table, its columns or a window. */
function isGiven(tokens: readonly Token[], at: number): boolean {
  const [before, next, behind] = [tokens[at - 1], tokens[at + 1]?.key, tokens[at + 2]?.key]
  if (before === undefined || !isName(tokens[at])) return false
  if (next === 'AS' && (behind === '(' || behind === 'NOT' || behind === 'MATERIALIZED')) return true
  if (before.key === 'AS' || isOperand(before)) return true
  const first = tokens.findLastIndex(({ key }, i) => i < at && (key === 'WITH' || key === 'AS'))
  return first >= 0 && tokens[first]!.key === 'WITH'
}

/** Whether a value or a table ends here: a name behind it is what that is called. */
function isOperand({ kind, key, text }: Token): boolean {
  if (kind === 'word') return key === 'END' || !KEYWORDS.has(text.toLowerCase())
  return kind === 'symbol' ? key === ')' : kind !== 'comment'
}

/** The texts of a trigger that SQLite has. */
function textsOf(trigger: Trigger): readonly string[] {
  const own = projectTrigger(trigger)
  if (own === undefined) return []
  const texts = own.sql === undefined ? [own.when, own.body] : [own.sql]
  return texts.flatMap((text) => text === undefined ? [] : sqlFor(text, 'sqlite') ?? [])
}

/** The names of the tables, the views and their columns, in lower case. */
function namesOf({ tables, views }: Model): readonly string[] {
  return [
    ...tables.flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)]),
    ...views.flatMap(({ name, columns = [] }) => [name, ...columns]),
  ].map((name) => name.toLowerCase())
}

/** An expression with all that is in double quotes and none of the names, in lower case, as a string. */
function requoted(expression: string, names: ReadonlySet<string>): string {
  const tokens = tokenize(expression)
  let text = ''
  let last = 0
  tokens.forEach((token, at) => {
    if (!isString(tokens, at, names)) return
    text += expression.slice(last, token.start) + string(unquoted(token))
    last = token.end
  })
  return text + expression.slice(last)
}

/** Whether the token stands in double quotes and is none of the names, which are in lower case. */
function isString(tokens: readonly Token[], at: number, names: ReadonlySet<string>): boolean {
  const token = tokens[at]!
  return token.text.startsWith('"') && isValue(tokens, at) && !names.has(unquoted(token).toLowerCase())
}

/** Whether a name stands for a value by itself: it is no function, qualifier, collation or type, and has no qualifier. */
function isValue(tokens: readonly Token[], at: number): boolean {
  const [before, next] = [tokens[at - 1]?.key, tokens[at + 1]?.key]
  return next !== '(' && next !== '.' && before !== '.' && before !== 'COLLATE' && before !== 'AS'
}
