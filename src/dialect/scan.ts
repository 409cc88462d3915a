/**
 * The words of SQL, as much as it takes to tell statements apart: quotes, comments, names and parentheses of both
 * dialects (PostgreSQL manual, "Lexical Structure"; sqlite.org/lang_keywords.html). No grammar.
 */
import type { DialectName } from '../model/model.ts'

export interface SqlToken {
  /** `quoted` is a quoted identifier; `string` is in single quotes or dollar quotes. */
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'comment'
  /** As written. */
  readonly text: string
  /** The upper-case word, or the symbol; else empty. */
  readonly key: string
  /** Offsets in the text, in characters. */
  readonly start: number
  readonly end: number
  /** How many parentheses it stands in. */
  readonly depth: number
}

const LETTER = String.raw`A-Za-z_\u0080-\uffff`
const BLANK = /[ \t\n\r\f\v\ufeff]+/y
const LINE_COMMENT = /--[^\n]*/y
const WORD = new RegExp(`[${LETTER}][${LETTER}0-9$]*`, 'y')
const NUMBER = /\d[\w.]*|\.\d[\w.]*/y
/** An unfinished quote goes on to the end of the text. */
const STRING = /'[^']*(?:''[^']*)*(?:'|$)/y
const ESCAPE_STRING = /[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*(?:'|$)/y
const PREFIXED_STRING = /(?:[bBxXnN]|[uU]&)'[^']*(?:''[^']*)*(?:'|$)/y
const QUOTED = /(?:[uU]&)?"[^"]*(?:""[^"]*)*(?:"|$)/y
const SQLITE_QUOTED = /`[^`]*(?:``[^`]*)*(?:`|$)|\[[^\]]*(?:\]|$)/y
const DOLLAR = new RegExp(String.raw`\$(?:[${LETTER}][${LETTER}0-9]*)?\$`, 'y')

function at(pattern: RegExp, sql: string, from: number): string | undefined {
  pattern.lastIndex = from
  return pattern.exec(sql)?.[0]
}

/** The text of the comment that begins there; PostgreSQL's comments nest. */
function blockComment(sql: string, from: number, nested: boolean): string {
  const edge = /\/\*|\*\//g
  edge.lastIndex = from + 2
  for (let open = 1, match = edge.exec(sql); match !== null; match = edge.exec(sql)) {
    if (match[0] === '/*') open += nested ? 1 : 0
    else if (--open === 0) return sql.slice(from, edge.lastIndex)
  }
  return sql.slice(from)
}

function dollarString(sql: string, from: number): string | undefined {
  const tag = at(DOLLAR, sql, from)
  if (tag === undefined) return undefined
  const close = sql.indexOf(tag, from + tag.length)
  return sql.slice(from, close < 0 ? sql.length : close + tag.length)
}

type Lexeme = readonly [kind: SqlToken['kind'], text: string]

function lexeme(sql: string, from: number, dialect: DialectName): Lexeme {
  const postgres = dialect === 'postgres'
  if (sql.startsWith('--', from)) return ['comment', at(LINE_COMMENT, sql, from)!]
  if (sql.startsWith('/*', from)) return ['comment', blockComment(sql, from, postgres)]
  const string = (postgres ? at(ESCAPE_STRING, sql, from) : undefined) ?? at(PREFIXED_STRING, sql, from) ??
    at(STRING, sql, from) ?? (postgres ? dollarString(sql, from) : undefined)
  if (string !== undefined) return ['string', string]
  const quoted = at(QUOTED, sql, from) ?? (postgres ? undefined : at(SQLITE_QUOTED, sql, from))
  if (quoted !== undefined) return ['quoted', quoted]
  const word = at(WORD, sql, from)
  if (word !== undefined) return ['word', word]
  const number = at(NUMBER, sql, from)
  return number === undefined ? ['symbol', sql[from]!] : ['number', number]
}

/** The tokens and comments of a text, in order. Blanks are left out. */
export function scan(sql: string, dialect: DialectName): SqlToken[] {
  const tokens: SqlToken[] = []
  let depth = 0
  let start = at(BLANK, sql, 0)?.length ?? 0
  while (start < sql.length) {
    const [kind, text] = lexeme(sql, start, dialect)
    const end = start + text.length
    if (text === ')') depth = Math.max(0, depth - 1)
    const key = kind === 'word' ? text.toUpperCase() : kind === 'symbol' ? text : ''
    tokens.push({ kind, text, key, start, end, depth })
    if (text === '(') depth++
    start = end + (at(BLANK, sql, end)?.length ?? 0)
  }
  return tokens
}

/** What a word, a quoted identifier or a string names: unquoted words fold to lower case, as PostgreSQL folds them. */
export function nameOf(token: SqlToken): string {
  if (token.kind === 'word') return token.text.toLowerCase()
  const quote = token.text[0]!
  const inner = token.text.slice(1, -1)
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote)
}
