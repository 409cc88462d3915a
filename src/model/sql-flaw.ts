/**
 * What makes a piece of SQL take in, or end, what is written around it: a comment, a quote or a parenthesis that is not
 * closed, a semicolon; and parameters, to which SQLite gives NULL. It knows tokens, no grammar.
 */
import type { SqlKind } from '../shape.ts'
import type { DialectName } from './model.ts'
import { scan } from './sql-tokens.ts'
import type { SqlToken } from './sql-tokens.ts'

export interface SqlFlaw {
  /** What stands behind the name of the field: `has a comment that is not closed`. */
  readonly what: string
  readonly hint?: string
}

const OPEN: Readonly<Record<SqlToken['kind'], string>> = {
  comment: 'has a comment that is not closed',
  string: 'has a string that is not closed',
  blob: 'has a string that is not closed',
  quoted: 'has a quoted name that is not closed',
  word: 'is not finished',
  number: 'is not finished',
  symbol: 'is not finished',
}

/** Stands behind the text: what is not closed takes it in. */
const END = '\n,'

/** What is wrong with a text for a dialect; undefined when it can stand beside other SQL. */
export function sqlFlaw(text: string, kind: SqlKind, dialect: DialectName): SqlFlaw | undefined {
  // Drivers and SQLite read up to there.
  if (text.includes('\0')) return { what: 'has the character U+0000' }
  const all = scan(text + END, dialect)
  const last = all.at(-1)!
  if (last.end - last.start > 1) return { what: OPEN[last.kind] }
  const tokens = all.slice(0, -1).filter((one) => one.kind !== 'comment')
  if (tokens.length === 0) return { what: 'holds no SQL' }
  return parenthesisFlaw(tokens) ?? semicolonFlaw(tokens, kind) ?? parameterFlaw(tokens, dialect)
}

function parenthesisFlaw(tokens: readonly SqlToken[]): SqlFlaw | undefined {
  let open = 0
  for (const { key } of tokens) {
    open += key === '(' ? 1 : key === ')' ? -1 : 0
    if (open < 0) return { what: 'closes a parenthesis that it does not open' }
  }
  return open === 0 ? undefined : { what: 'has a parenthesis that is not closed' }
}

function semicolonFlaw(tokens: readonly SqlToken[], kind: SqlKind): SqlFlaw | undefined {
  const first = tokens.findIndex((one) => one.key === ';')
  if (kind === 'statements' || first < 0) return undefined
  const atEnd = tokens.slice(first).every((one) => one.key === ';')
  if (kind === 'statement' && atEnd) return undefined
  const hint = atEnd ? 'leave the semicolon out' : 'several statements are for `execute`'
  return { what: 'has a semicolon, and would end the statement that it is part of', hint }
}

/** Whether a parameter begins at a token. What PostgreSQL has of such signs else: `a ? 'k'`, `@ a`, `a[1:n]`. */
const PARAMETERS: Readonly<Record<DialectName, (tokens: readonly SqlToken[], at: number) => boolean>> = {
  postgres: (tokens, at) =>
    tokens[at]!.key === ':' && tokens[at + 1]?.kind === 'word' && tokens[at + 1]!.start === tokens[at]!.end &&
    !inBrackets(tokens, at),
  sqlite: (tokens, at) => ['?', ':', '@', '$'].includes(tokens[at]!.key),
}

function inBrackets(tokens: readonly SqlToken[], at: number): boolean {
  const edge = tokens.slice(0, at).findLast(({ key }) => key === '[' || key === ']')
  return edge?.key === '['
}

function parameterFlaw(tokens: readonly SqlToken[], dialect: DialectName): SqlFlaw | undefined {
  const at = tokens.findIndex((_, i) => PARAMETERS[dialect](tokens, i))
  if (at < 0) return undefined
  const [sign, next] = [tokens[at]!, tokens[at + 1]]
  const named = next?.start === sign.end ? `${sign.text}${next.text}` : sign.text
  return { what: `has a parameter, ${named}, and nothing gives it a value`, hint: 'write the value itself' }
}
