/** A transaction as one message of the simple protocol, and which of its statements an error is about. */
import type { CountedStatement, WholeTransaction } from '../dialect.ts'

/** What the rows are called that say how many statements are done: an error does not say where in a message it was. */
const DONE = 'limbeck_done'

/** A message, and where each statement begins in it. */
export interface Message {
  readonly text: string
  readonly starts: readonly number[]
}

/** From BEGIN to COMMIT. What is not as it must be divides by zero. */
export function message({ first, provided, statements }: WholeTransaction): Message {
  const starts: number[] = []
  let text = ['BEGIN', ...first, `SELECT 0 / ((${provided}) = 1)::int AS ${DONE};\n`].join(';\n')
  statements.forEach(({ sql, rows }, index) => {
    const done = index + 1
    const [before, after] = rows === undefined ? ['', `;\nSELECT ${done} AS ${DONE};\n`] : [
      'WITH changed AS (',
      ` RETURNING 1)\nSELECT ${done} / (count(*) = ${rows})::int AS ${DONE} FROM changed;\n`,
    ]
    starts.push(text.length + before.length)
    text += before + sql + after
  })
  return { text: `${text}COMMIT`, starts }
}

/** How many statements are done, when a row says so. */
export function doneOf(row: Readonly<Record<string, unknown>>): number | undefined {
  return DONE in row ? Number(row[DONE]) : undefined
}

/** What failed: BEGIN (-1), a statement, or COMMIT behind the last. */
export interface Culprit {
  readonly index: number
  readonly sql: string
  /** Where in it. */
  readonly position?: number
}

/**
 * Finds what failed.
 * @param done how many statements were done; undefined before the first was begun: a text that cannot be parsed fails then
 * @param position where the server says it is: in the message, or in a text of its own (an index that it builds anew)
 */
export function culprit(
  { starts }: Message,
  statements: readonly CountedStatement[],
  done: number | undefined,
  position: number | undefined,
): Culprit {
  const index = done ?? starts.findLastIndex((start) => start <= (position ?? -1))
  if (index < 0) return { index, sql: 'BEGIN' }
  const sql = statements[index]?.sql
  if (sql === undefined) return { index, sql: 'COMMIT' }
  const within = position === undefined ? -1 : position - starts[index]!
  return { index, sql, ...(within >= 0 && within < sql.length ? { position: within } : {}) }
}

/** division_by_zero; feature_not_supported: a version table with rules, in which no rows are counted so. */
const UNCOUNTED = new Set(['22012', '0A000'])

/** Whether it may have failed for a number that is not what it must be. */
export function isCount({ index }: Culprit, statements: readonly CountedStatement[], code: string): boolean {
  return UNCOUNTED.has(code) && (index < 0 || statements[index]?.rows !== undefined)
}
