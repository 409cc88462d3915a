/** Reading SQLite's DDL texts, and looking for names in expressions, by their tokens. Nothing here knows a grammar. */
import { fault } from '../../problem.ts'
import { tokenize as tokensOf, unquoted } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'

export type Token = SqlToken

/** The tokens of a text, without comments. */
export const tokenize = (sql: string): readonly Token[] => tokensOf(sql, 'sqlite')

/** A pattern for texts that begin with one of these words (`drop|alter`), after blanks and comments. */
export function beginsWith(words: string): RegExp {
  return new RegExp(String.raw`^(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)*(?:${words})\b`, 'i')
}

/** Whether the token can be a name: SQLite takes strings as names too. */
export function isName(token: Token | undefined): token is Token {
  return token !== undefined && (token.kind === 'word' || token.kind === 'quoted' || token.kind === 'string')
}

/** The lower-case identifier the token is (words and quoted identifiers), for comparison; SQLite ignores case. */
export function identifierOf(token: Token | undefined): string | undefined {
  if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) return undefined
  return unquoted(token).toLowerCase()
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
  is(first: string, second?: string, third?: string): boolean {
    const { tokens, at } = this
    return tokens[at]?.key === first && (second === undefined || tokens[at + 1]?.key === second) &&
      (third === undefined || tokens[at + 2]?.key === third)
  }

  /** Steps over these keywords when all of them come next. */
  accept(first: string, second?: string, third?: string): boolean {
    if (!this.is(first, second, third)) return false
    this.at += second === undefined ? 1 : third === undefined ? 2 : 3
    return true
  }

  /** @throws a problem {@link UNREADABLE} when something else comes next */
  expect(key: string): void {
    if (!this.accept(key)) this.fail(key)
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
    return isName(token) ? unquoted(token) : this.fail('a name')
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
