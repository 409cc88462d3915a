/** Reads one column of a CREATE TABLE text with its constraints (`columnname carglist` of SQLite's src/parse.y). */
import type { Default, Scalar } from '../../model/model.ts'
import { unquoted } from '../../model/sql-tokens.ts'
import { tokenize } from './tokens.ts'
import type { Cursor, Token } from './tokens.ts'
import { readConflict, readDeferral, readDescending, readReferences, readTypeName } from './parse-parts.ts'
import type { ParsedColumn, TableDraft } from './parse-parts.ts'

/** Reserved words that begin a column constraint, and so end a type. */
const STARTS: ReadonlySet<string> = new Set([
  'CONSTRAINT',
  'DEFAULT',
  'NULL',
  'NOT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'REFERENCES',
  'COLLATE',
  'AS',
  'DEFERRABLE',
  'ON',
])

/** Reads a column; its constraints that concern rows go to `draft.constraints`. */
export function readColumn(cursor: Cursor, draft: TableDraft): void {
  const name = cursor.name()
  const column: ParsedColumn = { name, type: readTypeName(cursor, STARTS), notNull: false }
  let constraint: string | undefined
  while (!cursor.is(',') && !cursor.is(')')) {
    if (cursor.accept('CONSTRAINT')) {
      constraint = cursor.name()
      continue
    }
    Object.assign(column, readConstraint(cursor, draft, column, constraint))
    constraint = undefined
  }
  draft.columns.push(column)
}

function readConstraint(
  cursor: Cursor,
  draft: TableDraft,
  column: ParsedColumn,
  name: string | undefined,
): Partial<ParsedColumn> {
  const columns = [column.name]
  if (cursor.accept('DEFAULT')) return { default: readDefault(cursor) }
  if (cursor.accept('NULL')) return readNull(cursor)
  if (cursor.is('NOT', 'DEFERRABLE') || cursor.is('DEFERRABLE')) return defer(cursor, draft)
  if (cursor.accept('NOT', 'NULL')) {
    if (name !== undefined) draft.unmanaged.push(`the name "${name}" of NOT NULL`)
    return { notNull: true, onConflict: readConflict(cursor) }
  }
  if (cursor.accept('PRIMARY', 'KEY')) {
    const downwards = readDescending(cursor)
    // Here alone it keeps the column from being another name of the rowid (https://sqlite.org/lang_createtable.html#rowid).
    const isOdd = downwards && column.type.toUpperCase() === 'INTEGER'
    if (isOdd) draft.unmanaged.push('DESC in the primary key')
    const descending = downwards && !isOdd ? columns : []
    const onConflict = readConflict(cursor)
    const autoincrement = cursor.accept('AUTOINCREMENT') ? true : undefined
    draft.constraints.push({ kind: 'primary_key', name, columns, descending, onConflict, autoincrement })
  } else if (cursor.accept('UNIQUE')) {
    draft.constraints.push({ kind: 'unique', name, columns, onConflict: readConflict(cursor) })
  } else if (cursor.accept('CHECK')) {
    draft.constraints.push({ kind: 'check', name, expression: cursor.parenthesised() })
  } else if (cursor.is('REFERENCES')) {
    draft.constraints.push(readReferences(cursor, columns, name, draft))
  } else if (cursor.accept('COLLATE')) return { collation: cursor.name() }
  else return readGenerated(cursor)
  return {}
}

/** `NULL ON CONFLICT …` says nothing at all. */
function readNull(cursor: Cursor): Partial<ParsedColumn> {
  readConflict(cursor)
  return {}
}

/** A deferral after REFERENCES of the same column belongs to that foreign key. */
function defer(cursor: Cursor, draft: TableDraft): Partial<ParsedColumn> {
  const deferrable = readDeferral(cursor)
  const last = draft.constraints.at(-1)
  if (last?.kind === 'foreign_key') draft.constraints[draft.constraints.length - 1] = { ...last, deferrable }
  return {}
}

function readGenerated(cursor: Cursor): Partial<ParsedColumn> {
  cursor.accept('GENERATED', 'ALWAYS')
  cursor.expect('AS')
  const expression = cursor.parenthesised()
  const stored = cursor.accept('STORED')
  if (!stored) cursor.accept('VIRTUAL')
  return { generated: { expression, stored } }
}

function readDefault(cursor: Cursor): Default {
  if (cursor.is('(')) return defaultOf(cursor.parenthesised())
  const sign = cursor.is('+') || cursor.is('-') ? cursor.next().text : ''
  const token = cursor.next()
  // A bare or quoted identifier is a string here (`DEFAULT id` in parse.y), but for TRUE, FALSE, NULL and the clock.
  if (token.kind === 'quoted') return { literal: unquoted(token) }
  if (token.kind === 'word' && !EXPRESSION_WORDS.has(token.key)) return { literal: unquoted(token) }
  return defaultOf(sign + token.text)
}

const EXPRESSION_WORDS: ReadonlySet<string> = new Set([
  'TRUE',
  'FALSE',
  'NULL',
  'CURRENT_TIMESTAMP',
  'CURRENT_DATE',
  'CURRENT_TIME',
])

/** A default from its text: a literal where it is one, else an expression. */
export function defaultOf(text: string): Default {
  let tokens = tokenize(text)
  while (tokens.length > 2 && tokens[0]!.key === '(' && closing(tokens) === tokens.length - 1) {
    tokens = tokens.slice(1, -1)
  }
  const literal = literalOf(tokens)
  if (literal !== undefined) return { literal }
  const from = tokens[0]?.start ?? 0
  return { expression: text.slice(from, tokens.at(-1)?.end) }
}

/** Where the parenthesis that opens the list closes. */
export function closing(tokens: readonly Token[]): number {
  let depth = 0
  return tokens.findIndex(({ key }) => {
    if (key === '(') depth++
    else if (key === ')') depth--
    return depth === 0
  })
}

function literalOf(tokens: readonly Token[]): Scalar | undefined {
  const sign = tokens[0]?.key === '-' ? '-' : ''
  const [token, extra] = tokens[0]?.key === '-' || tokens[0]?.key === '+' ? tokens.slice(1) : tokens
  if (token === undefined || extra !== undefined) return undefined
  if (token.kind === 'number') return numberOf(sign + token.text)
  if (tokens.length > 1) return undefined
  if (token.kind === 'string') return unquoted(token)
  if (token.key === 'TRUE' || token.key === 'FALSE') return token.key === 'TRUE'
  return token.key === 'NULL' ? null : undefined
}

/** A number that JavaScript holds without loss; others stay expressions. */
function numberOf(text: string): number | bigint | undefined {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text)
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  // 1.0 is REAL and 1 INTEGER: in a column without affinity the difference would be lost.
  return Number.isFinite(value) && !Number.isInteger(value) ? value : undefined
}
