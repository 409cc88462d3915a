/**
 * SQLite takes what stands in double quotes for a string where it names nothing (https://sqlite.org/quirks.html#dblquote):
 * in a statement as it was built, and in the texts of a file always. libSQL refuses such a statement.
 */
import type { Model, Table, Trigger } from '../../model/model.ts'
import { mapExpressions } from '../../model/expressions.ts'
import { sqlFor } from '../../model/sql-text.ts'
import { introducer } from '../../model/sql-names.ts'
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
  let columnsOf: ColumnsOf | undefined
  return (text) => {
    const { quoted, relations } = quotedIn(text)
    if (quoted.length === 0) return false
    columnsOf ??= columnFinder(model)
    const known = [ROWIDS, ...relations.map(columnsOf)]
    return quoted.some((name) => !known.some((names) => names.has(name)))
  }
}

/** The columns of a table or a view, all in lower case. */
type ColumnsOf = (relation: string) => ReadonlySet<string>

/** A view has the columns of what it reads, as far as anybody knows. */
function columnFinder({ tables, views }: Model): ColumnsOf {
  const found = new Map<string, ReadonlySet<string>>()
  for (const { name, columns } of tables) found.set(name.toLowerCase(), lower(columns.map((one) => one.name)))
  const queries = new Map(views.map((view) => [view.name.toLowerCase(), view]))
  const columnsOf = (relation: string): ReadonlySet<string> => {
    const known = found.get(relation)
    const view = queries.get(relation)
    if (known !== undefined || view === undefined) return known ?? new Set()
    found.set(relation, new Set())
    const { given, relations } = namesIn(sqlFor(view.query, 'sqlite') ?? '')
    const read = relations.flatMap((one) => [...columnsOf(one)])
    const columns = new Set([...lower(view.columns ?? []), ...given, ...read])
    found.set(relation, columns)
    return columns
  }
  return columnsOf
}

const lower = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.map((one) => one.toLowerCase()))

/** What a text names, in lower case. */
interface Names {
  /** What it gives itself: to a result, a common table… */
  readonly given: ReadonlySet<string>
  /** The tables and views that it reads or writes. */
  readonly relations: readonly string[]
  /** What stands in double quotes and is neither: a column of these, or a string. */
  readonly quoted: readonly string[]
}

/** The texts of a schema are asked for again with each change of a table. */
const NAMES = new Map<string, Names>()
const NONE: Names = { given: new Set(), relations: [], quoted: [] }

function quotedIn(text: string): Names {
  return text.includes('"') ? namesIn(text) : NONE
}

function namesIn(text: string): Names {
  const known = NAMES.get(text)
  if (known !== undefined) return known
  const tokens = tokenize(text)
  const named = (which: (at: number) => boolean) =>
    tokens.filter((_, at) => which(at)).map((one) => unquoted(one).toLowerCase())
  const given = new Set(named((at) => isGiven(tokens, at)))
  const names = {
    given,
    relations: named((at) =>
      isName(tokens[at]) && (isRelation(tokens, at) || introducer(tokens, at) === 'ON')
    ),
    quoted: named((at) => isString(tokens, at, given) && !isRelation(tokens, at) && !isMessage(tokens, at)),
  }
  NAMES.set(text, names)
  return names
}

const RELATION: ReadonlySet<string> = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'IN'])

/** Whether a table or a view is named there. Nothing else stands there in double quotes. */
function isRelation(tokens: readonly Token[], at: number): boolean {
  return RELATION.has(introducer(tokens, at))
}

/** Whether it is what RAISE (ABORT, "message") says. */
function isMessage(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 4]?.key === 'RAISE' && tokens[at - 1]?.key === ','
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
