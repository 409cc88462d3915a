/**
 * The tokens of SQL, as much as it takes to tell statements apart, to read DDL and to find names: quotes, comments, words,
 * numbers and operators (PostgreSQL manual, "Lexical Structure"; sqlite.org/lang_keywords.html and SQLite's
 * src/tokenize.c). No grammar.
 */
import type { DialectName } from './model.ts'

export interface SqlToken {
  /** `quoted` is a quoted identifier; `string` is in single quotes or dollar quotes, `blob` a string of bits or bytes. */
  readonly kind: 'word' | 'quoted' | 'string' | 'blob' | 'number' | 'symbol' | 'comment'
  /** As written. */
  readonly text: string
  /** The upper-case word, or the symbol; else empty. What keywords are compared with. */
  readonly key: string
  /** Offsets in the text, in characters. */
  readonly start: number
  readonly end: number
  /** How many parentheses it stands in. */
  readonly depth: number
}

const BLANKS = ' \t\n\r\f\v\ufeff'
/** Signs that are tokens by themselves, whatever follows. */
const SINGLE = '(),;'
/** To both databases no-break space is a letter. */
const LETTER = String.raw`A-Za-z_\u0080-\uffff`
const COMMON = {
  comment: String.raw`--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)`,
  word: `[${LETTER}][${LETTER}0-9$]*`,
  number: String.raw`0[xXoObB][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?`,
  symbol: String.raw`\|\||->>|->|<>|<=|>=|<<|>>|==|!=|::|[\s\S]`,
}

/** Quotes with others of their kind doubled inside; one that is not finished goes on to the end of the text. */
const quotes = (sign: string) => `${sign}[^${sign}]*(?:${sign}${sign}[^${sign}]*)*(?:${sign}|$)`
const POSTGRES_STRINGS = [
  String.raw`[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*(?:'|$)`,
  `(?:[bBxXnN]|[uU]&)?${quotes("'")}`,
  String.raw`\$(?:[${LETTER}][${LETTER}0-9]*)?\$`,
]
const POSTGRES_NAME = `(?:[uU]&)?${quotes('"')}`

interface Lexis {
  readonly pattern: RegExp
  /** Whether comments nest. */
  readonly nests: boolean
}

function lexis(strings: readonly string[], names: readonly string[], nests: boolean): Lexis {
  const { comment, word, number, symbol } = COMMON
  return { nests, pattern: new RegExp([comment, ...strings, ...names, word, number, symbol].join('|'), 'y') }
}

/** What the databases do not have in common; `either` is for a text of which nobody says whose it is. */
const LEXES: Readonly<Record<DialectName | 'either', Lexis>> = {
  postgres: lexis(POSTGRES_STRINGS, [POSTGRES_NAME], true),
  sqlite: lexis([`[xX]?${quotes("'")}`], [quotes('"'), quotes('`'), String.raw`\[[^\]]*(?:\]|$)`], false),
  either: lexis(POSTGRES_STRINGS, [POSTGRES_NAME, quotes('`')], false),
}

const IS_LETTER = new RegExp(`^[${LETTER}]`)

/** What a token is, by how it begins; of a symbol that could begin one and does not, by its being too short. */
function kindOf(text: string): SqlToken['kind'] {
  const first = text[0]!
  if (IS_LETTER.test(first)) {
    if (text[1] === "'") return 'bBxX'.includes(first) ? 'blob' : 'string'
    return text[1] !== '&' ? 'word' : text[2] === '"' ? 'quoted' : 'string'
  }
  if (first >= '0' && first <= '9') return 'number'
  if (first === "'") return 'string'
  if (first === '"') return 'quoted'
  if (text.length === 1) return 'symbol'
  if (first === '`' || first === '[') return 'quoted'
  if (first === '$') return 'string'
  if (first === '.') return 'number'
  return text.startsWith('--') || text.startsWith('/*') ? 'comment' : 'symbol'
}

/** Where the comment ends that begins there. */
function nestedEnd(sql: string, from: number): number {
  const edge = /\/\*|\*\//g
  edge.lastIndex = from + 2
  for (let open = 1, match = edge.exec(sql); match !== null; match = edge.exec(sql)) {
    open += match[0] === '/*' ? 1 : -1
    if (open === 0) return edge.lastIndex
  }
  return sql.length
}

/** Where a token ends whose beginning was matched: dollar quotes and nested comments are more than a pattern. */
function endOf(sql: string, start: number, end: number, nests: boolean): number {
  if (sql[start] === '$' && end > start + 1) {
    const close = sql.indexOf(sql.slice(start, end), end)
    return close < 0 ? sql.length : close + end - start
  }
  return nests && sql.startsWith('/*', start) ? nestedEnd(sql, start) : end
}

function read(sql: string, { pattern, nests }: Lexis, comments: boolean): SqlToken[] {
  const tokens: SqlToken[] = []
  let depth = 0
  let end = 0
  for (let start = 0; start < sql.length; start = end) {
    const sign = sql[start]!
    end = start + 1
    if (BLANKS.includes(sign)) continue
    if (SINGLE.includes(sign)) {
      if (sign === ')' && depth > 0) depth--
      tokens.push({ kind: 'symbol', text: sign, key: sign, start, end, depth })
      if (sign === '(') depth++
      continue
    }
    pattern.lastIndex = start
    pattern.test(sql)
    end = endOf(sql, start, pattern.lastIndex, nests)
    const text = sql.slice(start, end)
    const kind = kindOf(text)
    if (kind === 'comment' && !comments) continue
    const key = kind === 'word' ? text.toUpperCase() : kind === 'symbol' ? text : ''
    tokens.push({ kind, text, key, start, end, depth })
  }
  return tokens
}

/** The text that was read last: a query is asked one thing after the other. */
let latest:
  | { readonly sql: string; readonly dialect: string; readonly tokens: readonly SqlToken[] }
  | undefined

/** The tokens of a text, in order, without its comments. */
export function tokenize(sql: string, dialect: DialectName | 'either'): readonly SqlToken[] {
  if (latest?.sql === sql && latest.dialect === dialect) return latest.tokens
  const tokens = read(sql, LEXES[dialect], false)
  latest = { sql, dialect, tokens }
  return tokens
}

/** The tokens and comments of a text, in order. */
export function scan(sql: string, dialect: DialectName): readonly SqlToken[] {
  return read(sql, LEXES[dialect], true)
}

/** The name that a token is, or the value of a string: quotes off, doubled quotes undone; a word as written. */
export function unquoted({ kind, text }: SqlToken): string {
  if (kind === 'word') return text
  const inner = text.slice(1, -1)
  const quote = text[0]!
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote)
}

/** The same; words fold to lower case, as PostgreSQL folds them. */
export function nameOf(token: SqlToken): string {
  return token.kind === 'word' ? token.text.toLowerCase() : unquoted(token)
}

/** False when a text certainly does not name it, which is told without its tokens: there may be many texts. */
export function mayName(sql: string, identifier: string): boolean {
  // Quotes in a name are doubled in a text.
  return /["`]/.test(identifier) || sql.toLowerCase().includes(identifier.toLowerCase())
}
