/** Walks through the tokens of one statement. Whatever is not as expected stops: the statement stays as it is written. */
import { EXIT, fault } from '../../problem.ts'
import type { DialectName } from '../../model/model.ts'
import { nameOf } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import type { SplitStatement } from '../../dialect/split.ts'

/** @throws always `not-exact` */
export function notExact(): never {
  return fault('not-exact', 'no operation says exactly the same', { exit: EXIT.usage })
}

export interface Qualified {
  readonly schema?: string
  readonly name: string
}

/** What differs in DDL from database to database. */
export const RULES: Readonly<
  Record<DialectName, {
    /** Whether names without quotes are kept in small letters. */
    readonly folds: boolean
    /** Whether a column can be without a type, and a type be any words. */
    readonly untyped: boolean
    /** Whether a primary key takes NULL. */
    readonly nullKeys: boolean
  }>
> = {
  postgres: { folds: true, untyped: false, nullKeys: false },
  sqlite: { folds: false, untyped: true, nullKeys: true },
}

export class Cursor {
  readonly dialect: DialectName
  readonly #statement: SplitStatement
  readonly #end: number
  #at: number
  constructor(statement: SplitStatement, dialect: DialectName, from = 0, end = statement.tokens.length) {
    this.#statement = statement
    this.dialect = dialect
    this.#at = from
    this.#end = end
  }

  get done(): boolean {
    return this.#at >= this.#end
  }

  peek(ahead = 0): SqlToken | undefined {
    const at = this.#at + ahead
    return at < this.#end ? this.#statement.tokens[at] : undefined
  }

  /** @throws `not-exact` at the end */
  next(): SqlToken {
    const token = this.peek() ?? notExact()
    this.#at++
    return token
  }

  /** Whether these words and symbols come next. */
  is(...keys: readonly string[]): boolean {
    return keys.every((key, i) => this.peek(i)?.key === key)
  }

  /** Takes these words and symbols, if they come next. */
  accept(...keys: readonly string[]): boolean {
    if (!this.is(...keys)) return false
    this.#at += keys.length
    return true
  }

  /** @throws `not-exact` unless they come next */
  expect(...keys: readonly string[]): void {
    if (!this.accept(...keys)) notExact()
  }

  /** @throws `not-exact` unless everything was taken */
  end(): void {
    if (!this.done) notExact()
  }

  /** A name as the database keeps it: PostgreSQL folds what is not quoted. */
  name(): string {
    const token = this.next()
    if (token.kind === 'quoted') return nameOf(token)
    if (token.kind !== 'word') return notExact()
    return RULES[this.dialect].folds ? token.text.toLowerCase() : token.text
  }

  qualified(): Qualified {
    const first = this.name()
    return this.accept('.') ? { schema: first, name: this.name() } : { name: first }
  }

  /** The text of a string in plain quotes. */
  string(): string {
    const { kind, text } = this.next()
    if (kind !== 'string' || !text.startsWith("'")) return notExact()
    return text.slice(1, -1).replaceAll("''", "'")
  }

  /** The tokens between parentheses, as a cursor of their own. */
  inside(): Cursor {
    if (!this.is('(')) return notExact()
    const from = this.#at + 1
    this.skip()
    return new Cursor(this.#statement, this.dialect, from, this.#at - 1)
  }

  /** Takes one token, or all that stands in parentheses. */
  skip(): void {
    const open = this.next()
    if (open.key !== '(') return
    for (let token = this.next(); token.key !== ')' || token.depth !== open.depth; token = this.next()) {
      // Everything up to the parenthesis that closes.
    }
  }

  /** What stands in parentheses, as written. */
  parenthesized(): string {
    return this.inside().rest()
  }

  /** All that is left, as written. @throws `not-exact` when nothing is left */
  rest(): string {
    return this.until(() => false)
  }

  /** The text up to a token of which `stop` is true, at least one token. */
  until(stop: (cursor: Cursor) => boolean): string {
    const first = this.peek() ?? notExact()
    this.skip()
    while (!this.done && !stop(this)) this.skip()
    const last = this.#statement.tokens[this.#at - 1]!
    const { text, offset } = this.#statement
    return text.slice(first.start - offset, last.end - offset)
  }

  /** The parts between commas, each a cursor of its own. */
  parts(): Cursor[] {
    const found: Cursor[] = []
    do {
      const from = this.#at
      this.until((one) => one.is(','))
      found.push(new Cursor(this.#statement, this.dialect, from, this.#at))
    } while (this.accept(','))
    return found
  }

  /** `(a, b)` */
  names(): string[] {
    return this.inside().parts().map((one) => {
      const name = one.name()
      one.end()
      return name
    })
  }
}
