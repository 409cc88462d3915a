/** The statement that failed, and the place in it that SQLite's words are about. */
import type { FaultDetails } from '../../problem.ts'
import { unquoted } from '../../model/sql-tokens.ts'
import { tokenize } from './tokens.ts'

/** What is known of the statement that was running. */
export interface Running {
  readonly sql?: string
  /** Which of the statements that were run together, from 0. */
  readonly index?: number
}

/** The statement with the place in it that SQLite's words are about. */
export function failedSql(
  { message, code, offset }: { message: string; code: string; offset: number | undefined },
  { sql, index }: Running,
): Pick<FaultDetails, 'sql'> {
  if (sql === undefined) return {}
  const position = offset === undefined ? positionOf(message, sql) : characters(sql, offset)
  return {
    sql: {
      text: sql,
      ...(position === undefined ? {} : { position }),
      ...(index === undefined ? {} : { index }),
      ...(code === '' ? {} : { code }),
    },
  }
}

/**
 * Where the thing that SQLite's message names stands in the statement, when it stands there once: the local driver does
 * not tell the offset that SQLite knows (sqlite3_error_offset).
 */
function positionOf(message: string, sql: string): number | undefined {
  const near = /^near "(.*)": syntax error/s.exec(message) ??
    /^syntax error around L\d+:\d+: `(.*)`$/.exec(message)
  if (near !== null) return only(tokenize(sql).filter((token) => token.text === near[1]))
  const named =
    /no such (?:column|table|function|index|view|trigger|collation sequence): (?:[^\s.]+\.)?(\S+)/.exec(
      message,
    ) ??
      /(?:has no column named|ambiguous column name:) (?:[^\s.]+\.)?(\S+)/.exec(message)
  if (named === null) return undefined
  return only(tokenize(sql).filter((token) => unquoted(token).toLowerCase() === named[1]!.toLowerCase()))
}

/** How many characters the first bytes of the text are. */
function characters(sql: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(sql).slice(0, bytes)).length
}

function only(tokens: readonly { readonly start: number }[]): number | undefined {
  return tokens.length === 1 ? tokens[0]!.start : undefined
}
