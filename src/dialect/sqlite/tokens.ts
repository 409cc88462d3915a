/**
 * SQLite's tokens (src/tokenize.c): enough to read DDL texts fast and to look for names in expressions.
 * Nothing here knows a grammar.
 */
import { fault } from '../../problem.ts'

export interface Token {
  /** `quoted` is an identifier in double quotes, backticks or brackets; `string` is in single quotes. */
  readonly kind: 'word' | 'quoted' | 'string' | 'blob' | 'number' | 'symbol'
  /** As written. */
  readonly text: string
  /** The upper-case word; of a symbol its text; else empty. What keywords are compared with. */
  readonly key: string
  /** Offsets in the text, in characters. */
  readonly start: number
  readonly end: number
}

// Blanks and comments; blob; word; quoted identifier; string; number; symbol. No-break space is a letter to SQLite.
const TOKEN = new RegExp(
  [
    String.raw`[ \t\n\f\r]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)`,
    String.raw`[xX]'[^']*'`,
    String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`,
    '"(?:[^"]|"")*"|`(?:[^`]|``)*`|\\[[^\\]]*\\]',
    String.raw`'(?:[^']|'')*'`,
    String.raw`0[xX][0-9a-fA-F]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`,
    String.raw`\|\||->>|->|<>|<=|>=|<<|>>|==|!=|[\s\S]`,
  ].join('|'),
  'y',
)
const BLANK = /^(?:[ \t\n\f\r]|--|\/\*)/
const WORD = /^[A-Za-z_\u0080-\uffff]/

/** What a token is, by how it begins; of a symbol that could begin one and does not, by its being too short. */
function kindOf(text: string): Token['kind'] {
  const first = text[0]!
  if (WORD.test(first)) return text.length > 2 && text[1] === "'" ? 'blob' : 'word'
  if (first >= '0' && first <= '9') return 'number'
  if (text.length === 1) return 'symbol'
  if (first === "'") return 'string'
  if (first === '"' || first === '`' || first === '[') return 'quoted'
  return first === '.' ? 'number' : 'symbol'
}

/** The tokens of a text, without blanks and comments. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = []
  for (let start = TOKEN.lastIndex = 0; start < sql.length && TOKEN.test(sql); start = TOKEN.lastIndex) {
    const end = TOKEN.lastIndex
    const text = sql.slice(start, end)
    if (BLANK.test(text)) continue
    const kind = kindOf(text)
    const key = kind === 'word' ? text.toUpperCase() : kind === 'symbol' ? text : ''
    tokens.push({ kind, text, key, start, end })
  }
  return tokens
}

/** Whether the token can be a name: SQLite takes strings as names too. */
export function isName(token: Token | undefined): token is Token {
  return token !== undefined && (token.kind === 'word' || token.kind === 'quoted' || token.kind === 'string')
}

/** What the token names, or the value of a string: quotes off, doubled quotes undone. */
export function unquote(token: Token): string {
  if (token.kind === 'word') return token.text
  const inner = token.text.slice(1, -1)
  const quote = token.text[0]!
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote)
}

/** The lower-case identifier the token is (words and quoted identifiers), for comparison; SQLite ignores case. */
export function identifierOf(token: Token | undefined): string | undefined {
  if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) return undefined
  return unquote(token).toLowerCase()
}

/** Whether the text uses the identifier anywhere, quoted or not. */
export function mentions(sql: string, name: string): boolean {
  const wanted = name.toLowerCase()
  if (!sql.toLowerCase().includes(wanted.replaceAll('"', '""'))) return false
  return tokenize(sql).some((token) => identifierOf(token) === wanted)
}

/** The code of the problem that {@link Cursor} throws: the text is not what the reader expected. */
export const UNREADABLE = 'unreadable-ddl'

/** A place in a list of tokens, moved by what it reads. */
export class Cursor {
  readonly sql: string
  readonly tokens: readonly Token[]
  at = 0

  constructor(sql: string, tokens: readonly Token[] = tokenize(sql)) {
    this.sql = sql
    this.tokens = tokens
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead]
  }

  /** Whether these keywords or symbols come next. */
  is(...keys: readonly string[]): boolean {
    for (let i = 0; i < keys.length; i++) if (this.tokens[this.at + i]?.key !== keys[i]) return false
    return true
  }

  /** Steps over these keywords when all of them come next. */
  accept(...keys: readonly string[]): boolean {
    if (!this.is(...keys)) return false
    this.at += keys.length
    return true
  }

  /** @throws a problem {@link UNREADABLE} when something else comes next */
  expect(...keys: readonly string[]): void {
    if (!this.accept(...keys)) this.fail(keys.join(' '))
  }

  next(): Token {
    const token = this.peek()
    if (token === undefined) return this.fail('more')
    this.at++
    return token
  }

  /** @throws a problem {@link UNREADABLE} when no name comes next */
  name(): string {
    const token = this.next()
    return isName(token) ? unquote(token) : this.fail('a name')
  }

  /** The text between parentheses that open here; the cursor ends behind them. */
  parenthesised(): string {
    this.expect('(')
    const from = this.at
    for (let depth = 1; depth > 0;) {
      const key = this.next().key
      if (key === '(') depth++
      else if (key === ')') depth--
    }
    return this.#text(from, this.at - 1)
  }

  /** The rest of the text from here, without a final semicolon. */
  rest(): string {
    const from = this.at
    this.at = this.tokens.length
    return this.#text(from, this.tokens.at(-1)?.key === ';' ? this.at - 1 : this.at)
  }

  /** From token to token, so that no comment stands at the end: it would swallow what is written behind. */
  #text(from: number, to: number): string {
    return from < to ? this.sql.slice(this.tokens[from]!.start, this.tokens[to - 1]!.end) : ''
  }

  fail(expected: string): never {
    const found = this.peek()?.text ?? 'the end'
    return fault(UNREADABLE, `expected ${expected}, found ${found}`)
  }
}

/** The items by a key of theirs, in order. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}
