/** A transaction as one message of the simple protocol, and which of its statements an error is about. */
import type { CountedStatement, WholeTransaction } from '../dialect.ts'

/** What the rows are called that say how many statements are done: an error does not say where in a message it was. */
const DONE = 'limbeck_done'

/** A message, and where each statement begins in it. */
export interface Message {
  readonly text: string
  readonly starts: readonly number[]
}

/** From BEGIN to COMMIT. A statement that changes another number of rows than it must fails: it divides by zero. */
export function message({ first, statements }: WholeTransaction): Message {
  const starts: number[] = []
  let text = ['BEGIN', ...first, ''].join(';\n')
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

/** What failed: a statement, or COMMIT behind the last. */
export interface Culprit {
  readonly index: number
  readonly sql: string
  /** Where in it. */
  readonly position?: number
}

/**
 * Finds what failed.
 * @param done how many statements were done
 * @param position where in the message, if the server says so. A text that cannot be parsed fails before the first is run
 */
export function culprit(
  { starts }: Message,
  statements: readonly CountedStatement[],
  done: number,
  position: number | undefined,
): Culprit {
  const index = position === undefined ? done : starts.findLastIndex((start) => start <= position)
  const sql = statements[index]?.sql ?? 'COMMIT'
  const within = position === undefined ? -1 : position - (starts[index] ?? 0)
  return { index, sql, ...(within >= 0 && within < sql.length ? { position: within } : {}) }
}

/** division_by_zero: of a statement with a number of rows it is that number. */
export const OTHER_COUNT = '22012'
